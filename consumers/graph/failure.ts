import neo4j from 'neo4j-driver';
import { CartographyError, InfrastructureError, messageOf, RecordError } from '../../platform/errors.ts';
import type { Secret } from '../../platform/secrets/secret.ts';
import { tlsFailureOf } from '../../platform/tls/tls-failure.ts';

/**
 * What went wrong while a chunk was applied, and so what to do:
 * - `transient`: pause and try the same chunk again, for ever;
 * - `overload`: the server lacks memory or time for what all its clients want: pause, halve the chunk, and try a lone record
 *   again, for ever;
 * - `too-large`: more than one transaction may take: halve the chunk; a lone record is poison;
 * - `poison`: find the record by bisection and dead-letter it;
 * - `fatal`: stop with a message that names the setting.
 */
export type FailureClass = 'transient' | 'overload' | 'too-large' | 'poison' | 'fatal';

const memoryCodes = new Set([
  'Neo.TransientError.General.MemoryPoolOutOfMemoryError',
  'Neo.TransientError.General.TransactionOutOfMemoryError',
  'Neo.TransientError.General.OutOfMemoryError',
  'Neo.ClientError.General.TransactionOutOfMemoryError',
  'Neo.ClientError.General.TransactionMemoryLimit',
]);

/** Named by the message where it is a transaction's own limit that was met, not the server's or the database's for all of them. */
const ownMemoryLimit = 'db.memory.transaction.max';

/** Errors of the client family that a record's content cannot cause. */
const fatalPrefixes = [
  'Neo.ClientError.Security.',
  'Neo.ClientError.Database.',
  'Neo.ClientError.Statement.AccessMode',
  'Neo.ClientError.Statement.SyntaxError',
  'Neo.ClientError.General.ForbiddenOnReadOnlyDatabase',
];

/** What loaders hear that define the same constraints at once, IF NOT EXISTS or not: the names are Neo4j's own. */
const definitionRaceCodes = new Set([
  'Neo.ClientError.Schema.ConstraintAlreadyExists',
  'Neo.ClientError.Schema.ConstraintWithNameAlreadyExists',
  'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists',
  'Neo.ClientError.Schema.IndexAlreadyExists',
  'Neo.ClientError.Schema.IndexWithNameAlreadyExists',
]);

/** Client errors that come of a race and pass by themselves: a node deleted meanwhile, a session that ended. */
const racyCodes = new Set([
  'Neo.ClientError.Statement.EntityNotFound',
  'Neo.ClientError.Transaction.TransactionNotFound',
  'Neo.ClientError.Transaction.TransactionTerminated',
  'Neo.ClientError.Transaction.LockClientStopped',
]);

/** The limit that every transaction of ours has (neo4j-graph.ts), or the server's own. */
const timeoutCodes = new Set([
  'Neo.ClientError.Transaction.TransactionTimedOut',
  'Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration',
]);

/** What a record's value can bring about although Neo4j calls it an error of its own (DatabaseError.Statement.ExecutionFailed). */
const refusedValue = /too large to index/;

/** @see https://neo4j.com/docs/status-codes/current/errors/all-errors/ */
export function classifyFailure(error: unknown): FailureClass {
  if (error instanceof RecordError) return 'poison';
  if (error instanceof CartographyError) return error.retryable ? 'transient' : 'fatal';
  if (!(error instanceof neo4j.Neo4jError)) return 'fatal';
  const code = error.code;
  if (memoryCodes.has(code)) return messageOf(error).includes(ownMemoryLimit) ? 'too-large' : 'overload';
  if (timeoutCodes.has(code)) return 'overload';
  if (code === neo4j.error.SERVICE_UNAVAILABLE && tlsFailureOf(error) !== undefined) return 'fatal';
  if (
    code === neo4j.error.SERVICE_UNAVAILABLE ||
    code === neo4j.error.SESSION_EXPIRED ||
    code.startsWith('Neo.TransientError.') ||
    racyCodes.has(code) ||
    definitionRaceCodes.has(code) ||
    error.retriable
  )
    return 'transient';
  if (refusedValue.test(messageOf(error))) return 'poison';
  if (code === 'Neo.ClientError.Cluster.NotALeader' || code.startsWith('Neo.DatabaseError.')) return 'transient';
  if (fatalPrefixes.some((prefix) => code.startsWith(prefix))) return 'fatal';
  return code.startsWith('Neo.ClientError.') || code === 'N/A' ? 'poison' : 'fatal';
}

/** Whether loaders have come in one another's way that define constraints at once. */
export function isDefinitionRace(error: unknown): boolean {
  return (
    error instanceof neo4j.Neo4jError &&
    (definitionRaceCodes.has(error.code) || error.code.startsWith('Neo.TransientError.Transaction.'))
  );
}

/** Two nodes that a uniqueness constraint would forbid, as Neo4j names them when it refuses to make the constraint. */
const duplicate = /have the label `(.+)` and property `(.+)` = (.+)$/m;

/** The oldest version that knows labels and relationship types as parameters. */
const OLDEST = [5, 26] as const;

/** Why a server cannot be used, by the agent that it calls itself, e.g. `Neo4j/5.26.30`; undefined if it can or does not say. */
export function describeOldServer(agent: string | undefined, uri: string): InfrastructureError | undefined {
  const [, major, minor] = /^Neo4j\/v?(\d+)\.(\d+)/.exec(agent ?? '') ?? [];
  if (major === undefined) return undefined;
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return undefined;
  return new InfrastructureError(
    'CS_NEO4J',
    `The server at ${uri} is ${agent}, and Neo4j ${OLDEST.join('.')} or later is needed: upgrade it, or name another with --neo4j-uri.`,
    { setting: '--neo4j-uri' },
  );
}

/** What keeps a constraint from being made, as the user should read it; undefined where it is not the data. */
export function describeDuplicates(error: unknown): InfrastructureError | undefined {
  if (!(error instanceof neo4j.Neo4jError)) return undefined;
  if (!['ConstraintCreationFailed', 'ConstraintValidationFailed'].some((name) => error.code.endsWith(`.${name}`)))
    return undefined;
  const [, label, property, value] = duplicate.exec(messageOf(error)) ?? [];
  if (label === undefined) return undefined;
  return new InfrastructureError(
    'CS_NEO4J',
    `Neo4j has several ${label} nodes with the same ${property}, e.g. ${value}, where each must be there once: delete the surplus ones, or name an empty database with --neo4j-uri or --neo4j-database.`,
    { cause: error, setting: '--neo4j-uri', details: { label, property, value } },
  );
}

export function isNeo4jFailure(error: unknown): boolean {
  return error instanceof neo4j.Neo4jError;
}

/** A Neo4j failure as the user should read it: what to look at, and which setting it comes from. */
export function describeNeo4jFailure(error: unknown, uri: string, password?: Secret): CartographyError {
  if (error instanceof CartographyError) return error;
  const code = error instanceof neo4j.Neo4jError ? error.code : '';
  const cause = { cause: error };
  if (code === 'Neo.ClientError.Security.Forbidden') {
    return new InfrastructureError(
      'CS_NEO4J',
      `Neo4j at ${uri} does not allow the user of --neo4j-user what is needed: ${firstLine(error)} Give it the role that docs/security.md lists.`,
      { ...cause, setting: '--neo4j-user' },
    );
  }
  if (code.startsWith('Neo.ClientError.Security.')) {
    const where = password?.source ?? 'the password (--neo4j-password-file or --neo4j-password-env-var)';
    return new InfrastructureError(
      'CS_NEO4J',
      `Neo4j at ${uri} refuses the credentials: check --neo4j-user and ${where}`,
      { ...cause, setting: '--neo4j-user' },
    );
  }
  if (code === 'Neo.ClientError.Database.DatabaseNotFound') {
    return new InfrastructureError('CS_NEO4J', `Neo4j at ${uri} has no such database: check --neo4j-database`, {
      ...cause,
      setting: '--neo4j-database',
    });
  }
  const tlsFailure = code === neo4j.error.SERVICE_UNAVAILABLE ? tlsFailureOf(error) : undefined;
  if (tlsFailure !== undefined) {
    return new InfrastructureError(
      'CS_NEO4J',
      `Neo4j at ${uri} over TLS: ${tlsFailure.reason}. Name the file of its authority with --neo4j-trusted-certificates, and the host in --neo4j-uri as its certificate does.`,
      { ...cause, setting: '--neo4j-trusted-certificates' },
    );
  }
  if (code === neo4j.error.SERVICE_UNAVAILABLE) {
    return new InfrastructureError(
      'CS_NEO4J',
      `cannot reach Neo4j at ${uri}: check --neo4j-uri and that the server is up (${shortReason(error)})`,
      { ...cause, setting: '--neo4j-uri', retryable: true },
    );
  }
  return new InfrastructureError('CS_NEO4J', `Neo4j at ${uri} failed: ${code} ${firstLine(error)}`.trim(), {
    ...cause,
    setting: '--neo4j-uri',
  });
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!;
}

/** The driver's own advice runs over lines; what the socket said is enough. */
function shortReason(error: unknown): string {
  return /Caused by: (.+)/.exec(messageOf(error))?.[1] ?? firstLine(error).split('. ', 1)[0]!;
}
