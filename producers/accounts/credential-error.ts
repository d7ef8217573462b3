import { CredentialsError } from '../../platform/errors.ts';

/** botocore's name for the same fault. */
export type CredentialFault =
  | 'ProfileNotFound'
  | 'NoCredentialsError'
  | 'PartialCredentialsError'
  | 'InvalidConfigError'
  | 'InfiniteLoopConfigError'
  | 'CredentialRetrievalError'
  /** A time that is none. */
  | 'ParserError'
  /** Keys that have expired. */
  | 'RuntimeError';

/** Credentials that cannot be found or had; `details.fault` says in which way. */
export function credentialError(
  fault: CredentialFault,
  message: string,
  { setting, cause }: { setting?: string; cause?: unknown } = {},
): CredentialsError {
  return new CredentialsError(message, {
    details: { fault },
    ...(setting === undefined ? {} : { setting }),
    ...(cause === undefined ? {} : { cause }),
  });
}
