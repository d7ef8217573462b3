import { pino, stdSerializers, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';

export interface LoggingOptions {
  /** Default `info`. */
  level?: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** Lines for people instead of JSON. Default: whether standard error is a terminal. */
  pretty?: boolean;
  /** Takes the finished lines instead of standard error, e.g. to keep them apart from a progress display. */
  write?: (text: string) => void;
}

const SECRET_KEY = /passw|secret|token|credential|authorization|accesskey|apikey|privatekey|sasl/i;
const HIDDEN = '[hidden]';
const DEEPEST = 6;
/** pino passes the bindings of child loggers to no formatter, only to its own redaction, which wants each name. */
const BINDINGS = [
  'password',
  'secret',
  'token',
  'sessionToken',
  'accessKey',
  'accessKeyId',
  'secretAccessKey',
  'credentials',
  'authorization',
  'sasl',
];

/** Writes to standard error; standard output is kept for data. Fields whose names look like secrets are hidden, at any depth. */
export function createLogger(options: LoggingOptions = {}): Logger {
  const { level = 'info', pretty: isPretty = process.stderr.isTTY, write } = options;
  const settings = {
    level,
    base: null,
    redact: { paths: BINDINGS.flatMap((name) => [name, `*.${name}`]), censor: HIDDEN },
    serializers: { err: serializeError, error: serializeError },
    formatters: { level: (label: string) => ({ level: label }), bindings: hideFields, log: hideFields },
  };
  // Synchronous, so that the last lines before an exit are not lost.
  const target = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write };
  if (!isPretty) return pino(settings, target);
  const colorize = process.stderr.isTTY && !process.env['NO_COLOR'];
  const format = prettyFactory({ ignore: 'pid,hostname', singleLine: true, colorize });
  return pino(settings, { write: (line: string) => void target.write(format(line)) });
}

function serializeError(error: unknown): unknown {
  return hideSecrets(error instanceof Error ? { ...stdSerializers.err(error) } : error);
}

function hideFields(fields: Record<string, unknown>): Record<string, unknown> {
  return hideSecrets(fields) as Record<string, unknown>;
}

/** A copy of plain objects and arrays without the values of secret-looking keys; errors and other instances are left to their serializers. */
export function hideSecrets(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return depth >= DEEPEST ? HIDDEN : value.map((item) => hideSecrets(item, depth + 1));
  if (!isPlain(value)) return value;
  if (depth >= DEEPEST) return HIDDEN;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key, item) ? HIDDEN : hideSecrets(item, depth + 1)]),
  );
}

function isSecret(key: string, value: unknown): boolean {
  return (
    SECRET_KEY.test(key.replaceAll(/[-_]/g, '')) &&
    value !== undefined &&
    value !== null &&
    typeof value !== 'boolean' &&
    typeof value !== 'number'
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
