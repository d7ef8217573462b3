/** Process exit codes, documented in docs/cli.md. */
export const ExitCode = {
  complete: 0,
  internal: 1,
  usage: 2,
  credentials: 3,
  infrastructure: 4,
  partial: 5,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export type ErrorCode =
  | 'CS_USAGE'
  | 'CS_CREDENTIALS'
  | 'CS_KAFKA'
  | 'CS_REGISTRY'
  | 'CS_NEO4J'
  | 'CS_AWS'
  | 'CS_SCHEMA'
  | 'CS_RECORD'
  | 'CS_STACK'
  | 'CS_LOG_REPLACED';

export interface ErrorOptions {
  cause?: unknown;
  /** The setting (flag, variable, file key) whose value led here. */
  setting?: string;
  /** Structured fields for the log; never a secret. */
  details?: Record<string, unknown>;
}

/** The base of every error that this project throws on purpose. */
export abstract class CartographyError extends Error {
  abstract readonly code: ErrorCode;
  /** Whether the same call may succeed later without a change by the user. */
  readonly retryable: boolean = false;
  readonly exitCode: ExitCode = ExitCode.internal;
  readonly setting: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.setting = options.setting;
    this.details = options.details ?? {};
  }
}

/** An option, variable or configuration value that cannot be used. Names the setting, the value and the remedy. */
export class UsageError extends CartographyError {
  override readonly code = 'CS_USAGE';
  override readonly exitCode = ExitCode.usage;
}

/** No AWS credentials, expired ones, or ones that belong to another account than the records would carry. */
export class CredentialsError extends CartographyError {
  override readonly code = 'CS_CREDENTIALS';
  override readonly exitCode = ExitCode.credentials;
}

/** A broker, registry or database that cannot be reached, refuses us, or answers what it must not. */
export class InfrastructureError extends CartographyError {
  override readonly code: 'CS_KAFKA' | 'CS_REGISTRY' | 'CS_NEO4J' | 'CS_STACK' | 'CS_LOG_REPLACED';
  override readonly exitCode = ExitCode.infrastructure;
  override readonly retryable: boolean;

  constructor(
    code: InfrastructureError['code'],
    message: string,
    options: ErrorOptions & { retryable?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** A schema whose `graph` attribute or fields break the contract (docs/schemas.md). */
export class SchemaError extends CartographyError {
  override readonly code = 'CS_SCHEMA';
}

/** A record that its schema refuses, that is too large, or whose bytes cannot be decoded. */
export class RecordError extends CartographyError {
  override readonly code = 'CS_RECORD';
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
