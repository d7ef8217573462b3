import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Compression } from '../../../platform/kafka/kafka-config.ts';
import { createDecoder } from '../../../schemas/codec.ts';
import { runTool } from '../../../stack/install/run-tool.ts';
import { installClient } from '../../support/examples.ts';
import { type Lab, startLab } from '../../support/pipeline.ts';
import { readLog } from '../../../platform/kafka/read-log.ts';

const folder = path.join(import.meta.dirname, 'python-consumer');
let lab: Lab;
let python: string;

before(async () => {
  [lab, python] = await Promise.all([
    startLab({ accounts: 1, instances: 2, regions: ['eu-west-1'], seed: 8, scale: 0.3 }),
    installClient(),
  ]);
});
after(() => lab.close());

for (const compression of ['zstd', 'gzip'] satisfies Compression[]) {
  test(`a stock Python client reads what was written with ${compression}, field by field`, async () => {
    await using pipeline = await lab.open({ kafka: { compression }, partitions: 2 });
    await pipeline.collect({ tag: 1_000 });
    const decoder = createDecoder(pipeline.registry);
    for (const topic of [pipeline.topics.assets, pipeline.topics.hierarchy, pipeline.topics.markers]) {
      const servers = lab.servers.kafka.join(',');
      const result = await runTool(python, [path.join(folder, 'consume.py'), servers, topic, lab.servers.registryUrl]);
      assert.equal(result.exitCode, 0, result.output);
      const read = result.output
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { key: string; headers: Record<string, string>; value: object });
      const written = await Promise.all(
        (await readLog(pipeline.log, topic)).map(async ({ key, headers, value }) => ({
          key: String(key),
          headers,
          value: (await decoder.decode(value as Buffer)).value,
        })),
      );
      assert.ok(read.length > 3, topic);
      assert.deepEqual(read.map(comparable).sort(), written.map(comparable).sort());
    }
  });
}

/** Points in time come as text from Python and as milliseconds from us. */
function comparable(record: object): string {
  return JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : sorted(value),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
