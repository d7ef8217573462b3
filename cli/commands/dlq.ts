import type { Command } from 'commander';

import { mostLetterBytes } from '../../consumers/dead-letters/dead-letters.ts';
import { type Letter, readLetters, settleLetters, type Settlement } from '../../consumers/dead-letters/letters.ts';
import { messageOf, UsageError } from '../../platform/errors.ts';
import { createDecoder } from '../../schemas/codec.ts';
import { type CommandContext, openContext } from '../context.ts';
import { formatNumberOf, formatTable } from '../format.ts';
import { type OpenLog, withLog } from '../open-log.ts';
import { addLogOptions, type LogOptions, readLogSettings } from '../settings/log-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

interface DlqOptions extends LogOptions, OutputOptions {
  scope?: string;
  all?: boolean;
}

export function addDlqCommand(program: Command): void {
  const command = program
    .command('dlq')
    .description('records that could not be applied: look at them, send them again');
  const add = (name: string, description: string, act: (open: OpenLog, chosen: Chosen) => Promise<void>): void => {
    const sub = command
      .command(name, { isDefault: name === 'list' })
      .description(description)
      .argument('[ids...]', 'of letters, e.g. assets/12')
      .option('--scope <scope>', 'those of this scope, e.g. 111122223333/eu-west-1/ec2:vpc')
      .option('--all', 'all of them');
    addOutputOptions(addLogOptions(sub)).action(async (ids: string[], options: DlqOptions) => {
      using context = openContext(options);
      const settings = readLogSettings(options, context.environment);
      await withLog(settings, context, async (open) => act(open, { ids, options, context }), { isReadOnly: true });
    });
  };
  add('list', 'the letters that nobody has dealt with', async (open, chosen) => {
    const { context, ids, options } = chosen;
    const isNarrowed = ids.length > 0 || options.scope !== undefined;
    const letters = isNarrowed ? await choose(open, chosen) : await readLetters(open.log, open.topics, chosen.context);
    context.print(context.settings.json ? toJson(letters) : renderLetters(letters));
  });
  add('show', 'letters with their headers, and their values as far as they can be decoded', async (open, chosen) => {
    const letters = await choose(open, chosen);
    const decoder = createDecoder(open.registry);
    const shown = await Promise.all(
      letters.map(async (letter) => ({ ...withoutValue(letter), headers: letter.headers, ...(await read(letter)) })),
    );
    chosen.context.print(
      JSON.stringify(shown, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2),
    );

    async function read({ value }: Letter): Promise<object> {
      if (value === null) return { value: null };
      try {
        return { value: (await decoder.decode(value)).value };
      } catch (error) {
        return { undecodable: messageOf(error), base64: value.toString('base64') };
      }
    }
  });
  add('redrive', 'write the records to the log once more, after the cause is mended', settle('redriven'));
  add('drop', 'let go of letters: their scopes stay uncleaned until a later run', settle('dropped'));
}

interface Chosen {
  ids: readonly string[];
  options: DlqOptions;
  context: CommandContext;
}

function settle(as: Settlement): (open: OpenLog, chosen: Chosen) => Promise<void> {
  return async (open, chosen) => {
    const letters = await choose(open, chosen);
    const producer = await open.log.producer({ maxMessageBytes: mostLetterBytes });
    try {
      await settleLetters(producer, open.topics, letters, as);
    } finally {
      await producer.close();
    }
    const ids = letters.map(({ id }) => id);
    chosen.context.print(
      chosen.context.settings.json
        ? JSON.stringify({ [as]: ids }, null, 2)
        : `${formatNumberOf(letters.length, 'letter')} ${as}.`,
    );
  };
}

/** @throws UsageError when nothing says which, or an id is not there */
async function choose(open: OpenLog, { ids, context, options: { scope, all } }: Chosen): Promise<Letter[]> {
  if (ids.length === 0 && scope === undefined && all !== true) {
    throw new UsageError('Which letters? Name ids (dlq list shows them), --scope, or --all.', { setting: '--all' });
  }
  const letters = await readLetters(open.log, open.topics, context);
  const missing = ids.filter((id) => !letters.some((letter) => letter.id === id));
  if (missing.length > 0) {
    throw new UsageError(`There is no open letter ${missing.join(', ')}: dlq list shows those that there are.`, {
      setting: 'ids',
    });
  }
  return letters.filter((letter) => all === true || ids.includes(letter.id) || letter.scope === scope);
}

function withoutValue({ value, headers: _, ...letter }: Letter): object {
  return { ...letter, bytes: value?.length ?? 0 };
}

function toJson(letters: readonly Letter[]): string {
  return JSON.stringify(letters.map(withoutValue), null, 2);
}

function renderLetters(letters: readonly Letter[]): string {
  if (letters.length === 0) return 'No dead letters.';
  return formatTable([
    ['letter', 'since', 'stage', 'scope', 'reason'],
    ...letters.map(({ id, at, stage, scope, reason }) => [id, at, stage, scope ?? '', reason]),
  ]).join('\n');
}
