import { parseArgs } from 'node:util';
import { UsageError } from '../../platform/errors.ts';

export interface ConformanceOptions {
  accounts: number;
  /** Per account and region. */
  instances: number;
  seed: number;
  /** Multiplies every other number of the estate. */
  scale: number;
  /** Takes the reference's graph of an earlier run over the same estate. */
  reuse: boolean;
  /** Also measures: an unchanged second run of ours. */
  time: boolean;
  /** How many unexplained differences are printed for each label, edge type and property. */
  examples: number;
}

const defaults = { accounts: '2', instances: '10', seed: '42', scale: '1', examples: '2' };

/** @throws UsageError */
export function readOptions(argv: readonly string[]): ConformanceOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      accounts: { type: 'string', default: defaults.accounts },
      instances: { type: 'string', default: defaults.instances },
      seed: { type: 'string', default: defaults.seed },
      scale: { type: 'string', default: defaults.scale },
      examples: { type: 'string', default: defaults.examples },
      reuse: { type: 'boolean', default: false },
      time: { type: 'boolean', default: false },
    },
  });
  const whole = (name: keyof typeof defaults, min: number): number => {
    const value = Number(values[name]);
    if (Number.isSafeInteger(value) && value >= min) return value;
    throw new UsageError(`--${name} ${JSON.stringify(values[name])}: give a whole number from ${min} on.`, {
      setting: `--${name}`,
    });
  };
  return {
    accounts: whole('accounts', 1),
    instances: whole('instances', 3),
    seed: whole('seed', 0),
    scale: whole('scale', 1),
    examples: whole('examples', 0),
    reuse: values.reuse,
    time: values.time,
  };
}
