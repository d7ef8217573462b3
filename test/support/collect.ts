import assert from 'node:assert/strict';
import { pino } from 'pino';
import { avroType } from '../../schemas/avro-type.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import type { ClientConstructor, SharedRead, Sync, SyncContext } from '../../producers/sync.ts';
import { recordsOf } from './records-of.ts';

/** What AWS answers to one call: the output, or an error to throw. */
export type Answer = object | Error;
/**
 * Per operation (`DescribeVpcs`): a list is answered in turn, one item per call; a function sees the call's input and region.
 */
export type Responses = Record<string, readonly Answer[] | ((input: never, region: string) => Answer)>;

export interface CollectOptions {
  responses?: Responses;
  /** Makes the clients instead of `responses`, e.g. real ones with a request handler. */
  client?: SyncContext['client'];
  context?: Partial<Pick<SyncContext, 'accountId' | 'region' | 'partition' | 'updateTag' | 'signal'>> & {
    accountName?: string;
  };
}

export interface Collected {
  /** In the order of emission, as a consumer decodes them: every field is there, without the envelope. */
  records: { type: string; value: Record<string, unknown> }[];
  withheld: { type: string; reason: string; nodeId?: string }[];
  calls: { operation: string; input: Record<string, unknown>; region: string }[];
  /** The values of one record type, e.g. `ec2.Vpc`. */
  of: (type: string) => Record<string, unknown>[];
}

const catalogue = loadCatalogue();

/** Runs a sync against given answers. Every record is encoded with its schema and decoded again; a record that does not fit fails the test. */
export async function collectAll(sync: Sync, options: CollectOptions): Promise<Collected> {
  const { context, calls, withheld } = fakeContext(options);
  const records: Collected['records'] = [];
  for await (const { type, value } of recordsOf(sync.collect(context))) {
    assert.ok(sync.records.includes(type), `${sync.id} does not list ${type}`);
    records.push({ type, value: roundTrip(type, value, context) });
  }
  for (const { type } of withheld) assert.ok(sync.records.includes(type), `${sync.id} does not list ${type}`);
  const of = (type: string) => records.filter((one) => one.type === `cartography.aws.${type}`).map((one) => one.value);
  return { records, withheld, calls, of };
}

/** A context whose clients are the SDK's own, with `send` answering from `responses`. */
export function fakeContext(options: CollectOptions) {
  const calls: Collected['calls'] = [];
  const withheld: Collected['withheld'] = [];
  const answer = answerFrom(options.responses ?? {}, calls);
  const reads = new Map<string, Promise<unknown>>();

  const context: SyncContext & { accountName: string } = {
    accountId: '111122223333',
    accountName: 'production',
    region: 'eu-west-1',
    partition: 'aws',
    updateTag: 1_767_225_600,
    signal: new AbortController().signal,
    logger: pino({ level: 'silent' }),
    client: <C>(constructor: ClientConstructor<C>, region: string = context.region): C => {
      if (options.client) return options.client(constructor, region);
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const client = new constructor({ region, credentials } as never);
      Object.assign(client as object, { send: (command: Command) => answer(command, region) });
      return client;
    },
    shared: <T>(read: SharedRead<T>): Promise<T> => {
      const promise = reads.get(read.id) ?? read.read(context);
      reads.set(read.id, promise);
      return promise as Promise<T>;
    },
    found: (read, value) => void (reads.has(read.id) || reads.set(read.id, Promise.resolve(value))),
    withhold: (type: string, reason: string, nodeId?: string) => {
      withheld.push({ type, reason, ...(nodeId === undefined ? {} : { nodeId }) });
    },
    ...options.context,
  };
  return { context, calls, withheld };
}

interface Command {
  constructor: { name: string };
  input: Record<string, unknown>;
}

function answerFrom(responses: Responses, calls: Collected['calls']) {
  const queues = new Map(
    Object.entries(responses).map(([name, one]) => [name, typeof one === 'function' ? one : [...one]]),
  );
  return async (command: Command, region: string): Promise<Answer> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    calls.push({ operation, input: { ...command.input }, region });
    const source = queues.get(operation);
    const answer = typeof source === 'function' ? source(command.input as never, region) : source?.shift();
    if (answer === undefined) throw new Error(`the test has no answer for this call of ${operation}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

function roundTrip(type: string, value: Record<string, unknown>, context: SyncContext): Record<string, unknown> {
  const schema = catalogue.avro(type);
  assert.ok(schema, `no schema for ${type}`);
  const avro = avroType(schema);
  const { accountId, region, updateTag } = context;
  const full = { ...value, accountId, region, updateTag };
  avro.isValid(full, {
    noUndeclaredFields: true,
    errorHook: (path, bad) => assert.fail(`${type}: ${path.join('.')} must not be ${JSON.stringify(bad)}`),
  });
  const decoded = avro.fromBuffer(avro.toBuffer(full)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(decoded).filter(([name]) => !['accountId', 'region', 'updateTag'].includes(name)),
  );
}
