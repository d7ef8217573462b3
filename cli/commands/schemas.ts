import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import { topicsOf, type Topics } from '../../platform/topics.ts';
import { type Catalogue, loadCatalogue } from '../../schemas/catalogue.ts';
import { subjectOf } from '../../schemas/codec.ts';
import { openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { formatTable } from '../format.ts';
import { findLocalLog } from '../local-stack.ts';
import { askSecrets, reachRegistry } from '../open-log.ts';
import { readLogSettings } from '../settings/log-settings.ts';
import { addRegistryOptions, type RegistryOptions } from '../settings/registry-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

interface SchemasOptions extends OutputOptions, RegistryOptions {
  topicPrefix?: string;
}

interface Subject {
  recordType: string;
  topic: string;
}

export function addSchemasCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program.command('schemas').description('list the record types, or register their schemas');
  const list = command.command('list', { isDefault: true }).description('the record types and what they become');
  addOutputOptions(list).action((options: OutputOptions) => listSchemas(options));
  const register = command
    .command('register')
    .description('register all schemas, so that collectors need no right to')
    .option('--topic-prefix <prefix>', "of the topics' names");
  addOutputOptions(addRegistryOptions(register)).action(async (options: SchemasOptions) =>
    setExitCode(await registerSchemas(options)),
  );
}

function listSchemas(options: OutputOptions): void {
  using context = openContext(options);
  const rows = loadCatalogue()
    .all()
    .map(({ name, label, sync, idField }) => ({ recordType: name, label, sync, idField }));
  if (context.settings.json) return context.print(JSON.stringify(rows, null, 2));
  const table = rows.map(({ recordType, label, sync }) => [recordType, label, sync]);
  context.print(formatTable([['record type', 'label', 'sync'], ...table]).join('\n'));
}

async function registerSchemas(options: SchemasOptions): Promise<number> {
  using context = openContext(options);
  const { topicPrefix, servers } = readLogSettings(withoutKafka(options), context.environment);
  const local = servers === undefined ? await findLocalLog(context) : undefined;
  try {
    const log = servers ?? local!.servers;
    await askSecrets(log);
    const registry = await reachRegistry(log.registry);
    const catalogue = loadCatalogue();
    const registered = [];
    for (const { recordType, topic } of subjectsOf(catalogue, topicsOf(topicPrefix))) {
      const schema = catalogue.avro(recordType);
      if (schema === undefined) throw new UsageError(`${recordType} has no schema.`);
      const subject = subjectOf(topic, recordType);
      registered.push({ subject, id: await registry.register(subject, schema) });
    }
    const table = formatTable(registered.map(({ subject, id }) => [subject, String(id)])).join('\n');
    context.print(context.settings.json ? JSON.stringify(registered, null, 2) : table);
    return 0;
  } finally {
    await local?.stop();
  }
}

/** The registry alone is enough here; the settings want both or none. */
function withoutKafka(options: SchemasOptions): SchemasOptions & { kafkaBootstrapServers?: string } {
  return options.schemaRegistryUrl === undefined ? options : { ...options, kafkaBootstrapServers: 'localhost:9092' };
}

function subjectsOf(catalogue: Catalogue, topics: Topics): Subject[] {
  const records = catalogue.all().map(({ name, kind }) => ({
    recordType: name,
    topic: kind === 'hierarchy' ? topics.hierarchy : topics.assets,
  }));
  const markers = [...catalogue.markers.keys()].map((recordType) => ({ recordType, topic: topics.markers }));
  return [...records, ...markers];
}
