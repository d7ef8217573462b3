import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import { fileSecret, fixedSecret, type Secret } from '../../platform/secrets/secret.ts';
import { ask } from '../terminal/ask.ts';
import { given, variableOf } from './values.ts';

/** A secret that can be given in three ways, and never as an option's value, which everybody on the machine can read. */
export interface SecretSetting<Prefix extends string = string> {
  /** What the names of its options begin with, e.g. `--kafka-sasl-password`. */
  name: string;
  /** The same as Commander names it, e.g. `kafkaSaslPassword`. */
  prefix: Prefix;
  /** e.g. `Kafka password`. */
  what: string;
}

/** The options that `addSecretOptions` adds for one, as Commander names them: for `--neo4j-password` with the prefix `neo4jPassword`. */
export type SecretOptions<Prefix extends string> = { [Name in `${Prefix}File` | `${Prefix}EnvVar`]?: string } & {
  [Name in `${Prefix}Prompt`]?: boolean;
};

export function addSecretOptions(command: Command, { name, what }: SecretSetting): Command {
  const variable = variableOf(name);
  return command
    .option(`${name}-file <path>`, `the file that holds the ${what}; may change at any time [env: ${variable}_FILE]`)
    .option(`${name}-env-var <name>`, `the variable that holds the ${what} [default: ${variable}]`)
    .option(`${name}-prompt`, `ask for the ${what}; comes first`);
}

/**
 * From the prompt, else the file, else the variable that is named, else the setting's own variables.
 * @throws UsageError for a variable that is named and not there
 */
export function findSecret<Prefix extends string>(
  { name, prefix, what }: SecretSetting<Prefix>,
  options: SecretOptions<Prefix>,
  environment: NodeJS.ProcessEnv,
): Secret | undefined {
  const chosen = options as SecretOptions<string>;
  const [file, envVar, prompt] = [chosen[`${prefix}File`], chosen[`${prefix}EnvVar`], chosen[`${prefix}Prompt`]];
  if (prompt === true) return promptSecret(`${name}-prompt`, what);
  if (file !== undefined) return fileSecret(file, `${name}-file`);
  if (envVar !== undefined) return variableSecret(`${name}-env-var`, envVar, environment);
  const own = variableOf(name);
  const named = given(`${name}-file`, undefined, environment, `${own}_FILE`);
  if (named !== undefined) return fileSecret(named.text, `${own}_FILE`);
  const value = environment[own];
  return value === undefined || value === '' ? undefined : fixedSecret(value, { setting: own });
}

function variableSecret(setting: string, variable: string, environment: NodeJS.ProcessEnv): Secret {
  const value = environment[variable];
  const source = `${setting} ${JSON.stringify(variable)}`;
  if (value !== undefined && value !== '') return fixedSecret(value, { setting, source });
  throw new UsageError(`${source}: there is no such variable, or it is empty: set it to the secret.`, { setting });
}

/** Asked for once, when it is first needed. */
function promptSecret(setting: string, what: string): Secret {
  let answer: Promise<string> | undefined;
  return {
    setting,
    source: setting,
    read: () => (answer ??= ask({ text: `${what}: `, setting, isSecret: true })),
  };
}
