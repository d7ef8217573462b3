import { UsageError } from '../../platform/errors.ts';

/** How AWS is called. */
export interface AwsSettings {
  /** Retries after the first try. Default 3, so up to four requests. */
  maxRetries: number;
  /** Default standard. */
  retryMode: 'standard' | 'adaptive' | 'legacy';
  /** How long a connection may be silent, in seconds. Default 120. */
  readTimeoutSeconds: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads CARTOGRAPHY_AWS_MAX_ATTEMPTS (which counts retries, as botocore does), CARTOGRAPHY_AWS_RETRY_MODE and
 * CARTOGRAPHY_AWS_READ_TIMEOUT. They win over AWS_MAX_ATTEMPTS, AWS_RETRY_MODE and the configuration file.
 * @throws UsageError that names the variable.
 */
export function readAwsSettings(environment: Environment = process.env): AwsSettings {
  const mode = environment['CARTOGRAPHY_AWS_RETRY_MODE'] || 'standard';
  if (mode !== 'standard' && mode !== 'adaptive' && mode !== 'legacy') {
    throw new UsageError(
      `CARTOGRAPHY_AWS_RETRY_MODE is ${JSON.stringify(mode)}: it must be standard, adaptive or legacy.`,
      { setting: 'CARTOGRAPHY_AWS_RETRY_MODE' },
    );
  }
  return {
    maxRetries: positiveInteger(environment, 'CARTOGRAPHY_AWS_MAX_ATTEMPTS', 3),
    retryMode: mode,
    readTimeoutSeconds: positiveInteger(environment, 'CARTOGRAPHY_AWS_READ_TIMEOUT', 120),
  };
}

function positiveInteger(environment: Environment, name: string, fallback: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new UsageError(`${name} is ${JSON.stringify(text)}: it must be a whole number of at least 1.`, {
    setting: name,
  });
}
