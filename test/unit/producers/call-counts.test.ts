import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import type { ClientConstructor, SyncScope } from '../../../producers/sync.ts';
import { syncs } from '../../../producers/syncs.ts';
import { fakeContext } from '../../support/collect.ts';
import { recordsOf } from '../../support/records-of.ts';

/** The calls that all syncs of a scope make where there is nothing to find, by the SDK's service id. */
async function callsOfNothing(scope: SyncScope): Promise<[string, number][]> {
  const calls = new Map<string, number>();
  const client = <C>(constructor: ClientConstructor<C>): C => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const made = new constructor({ region: 'eu-west-1', credentials } as never) as object;
    const { serviceId } = (made as { config: { serviceId: string } }).config;
    const send = (): Promise<object> => {
      calls.set(serviceId, (calls.get(serviceId) ?? 0) + 1);
      return Promise.resolve({});
    };
    return Object.assign(made, { send }) as C;
  };
  const { context } = fakeContext({ client });
  for (const sync of syncs.filter((one) => one.scope === scope)) {
    for await (const _record of recordsOf(sync.collect(context)));
  }
  return [...calls].sort(([a], [b]) => (a < b ? -1 : 1));
}

test('docs/scaling.md counts the scopes, and the calls where there is nothing to find, as they are', async () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../../docs/scaling.md'), 'utf8');
  for (const [scope, place] of [
    ['global', 'account'],
    ['regional', 'account and region'],
  ] as const) {
    const calls = await callsOfNothing(scope);
    const total = calls.reduce((sum, [, count]) => sum + count, 0);
    const services = calls.map(([service, count]) => `${service} ${count}`).join(', ');
    const scopes = syncs.filter((sync) => sync.scope === scope).length;
    const row = new RegExp(`\\| ${place} +\\| ${scopes} +\\| ${total} +\\| ${services} +\\|`);
    assert.match(text, row, `| ${place} | ${scopes} | ${total} | ${services} |`);
  }
});
