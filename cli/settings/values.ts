import { UsageError } from '../../platform/errors.ts';
import type { PemFile } from '../../platform/tls/tls-files.ts';

/** A value that the user has given, and where. */
export interface Given {
  /** The option, e.g. `--update-tag`. */
  setting: string;
  text: string;
  /** The environment variable that it was read from; undefined for the command line. */
  variable?: string;
}

/** The error for a value that cannot be used: names the option, the value, where it came from, and the remedy. */
export function refuse(given: Given, remedy: string): UsageError {
  const source = given.variable === undefined ? '' : ` (from ${given.variable})`;
  return new UsageError(`${given.setting} ${JSON.stringify(hidePassword(given.text))}${source}: ${remedy}`, {
    setting: given.setting,
  });
}

/** An option, or the environment variable that stands in for it; empty variables are as good as none. */
export function given(
  setting: string,
  option: string | undefined,
  environment?: NodeJS.ProcessEnv,
  variable?: string,
): Given | undefined {
  if (option !== undefined) return { setting, text: option };
  const text = variable === undefined ? undefined : environment?.[variable];
  return text === undefined || text === '' || variable === undefined ? undefined : { setting, text, variable };
}

/** The variable that stands in for an option: `CARTOGRAPHY_KAFKA_SSL_CA_LOCATION` for `--kafka-ssl-ca-location`. */
export function variableOf(setting: string): string {
  return `CARTOGRAPHY_${setting.slice(2).toUpperCase().replaceAll('-', '_')}`;
}

/** Those of these files that are given, by option or by its variable. */
export function readFiles<Name extends string>(
  environment: NodeJS.ProcessEnv,
  files: Record<Name, [setting: string, option: string | undefined]>,
): Partial<Record<Name, PemFile>> {
  const found: Partial<Record<Name, PemFile>> = {};
  for (const name of Object.keys(files) as Name[]) {
    const [setting, option] = files[name];
    const value = given(setting, option, environment, variableOf(setting));
    if (value !== undefined) found[name] = { path: value.text, setting: value.variable ?? setting };
  }
  return found;
}

/** @throws UsageError unless it is a whole number within these bounds. */
export function readInteger(
  value: Given,
  { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
): number {
  const text = value.text.trim();
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw refuse(value, `give a whole number ${bounds}.`);
}

/** The items of a comma-separated list without blanks and duplicates, in their order. */
export function readList(value: Given): string[] {
  const items = value.text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0)
    throw refuse(value, 'the list is empty: name at least one, separated by commas, or leave the option out.');
  return [...new Set(items)];
}

export function readOneOf<T extends string>(value: Given, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value.text);
  if (found === undefined) throw refuse(value, `choose from ${choices.join(', ')}.`);
  return found;
}

/** @throws UsageError unless it is a URL with a host and one of these schemes. */
export function readUrl(value: Given, schemes: readonly string[], example: string): string {
  const url = URL.canParse(value.text) ? new URL(value.text) : undefined;
  if (url === undefined || url.hostname === '' || !schemes.includes(url.protocol.slice(0, -1))) {
    throw refuse(value, `give an address like ${example}.`);
  }
  return value.text;
}

/** Letters, digits, dots, underscores and hyphens: what Kafka allows in names of topics. */
export function readName(value: Given): string {
  if (!/^[A-Za-z0-9._-]{1,150}$/.test(value.text)) {
    throw refuse(value, 'use letters, digits, dots, underscores and hyphens, at most 150.');
  }
  return value.text;
}

function hidePassword(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//***@');
}
