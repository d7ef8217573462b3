import { connectNeo4j, type Neo4jConfig } from '../../consumers/graph/connect-neo4j.ts';
import { startLoaders } from '../../consumers/load.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import type { Log } from '../../platform/kafka/log.ts';
import { connectRegistry } from '../../schemas/registry.ts';
import { silent } from '../servers.ts';

/*
 * One loader process of several. It joins its groups and applies nothing until its parent says `go`; at `end` it sends the
 * CPU seconds that it has used in between, and ends.
 */

export interface LoaderTask {
  bootstrapServers: string;
  registryUrl: string;
  neo4j: Neo4jConfig;
  prefix: string;
  graphName: string;
}

const task = JSON.parse(process.argv[2] ?? '') as LoaderTask;
const real = connectLog({ bootstrapServers: [task.bootstrapServers], clientId: 'bench' });
const go = Promise.withResolvers<void>();
const log: Log = {
  ...real,
  consumer(options) {
    const consumer = real.consumer(options);
    return {
      start: (handle) => consumer.start((batch) => go.promise.then(() => handle(batch))),
      failed: consumer.failed,
      close: () => consumer.close(),
    };
  },
};
let atStart = process.cpuUsage();
process.on('message', (message) => {
  if (message === 'go') {
    atStart = process.cpuUsage();
    go.resolve();
    return;
  }
  const { user, system } = process.cpuUsage(atStart);
  process.send?.((user + system) / 1_000_000, () => process.exit());
});
const graph = await connectNeo4j(task.neo4j);
await startLoaders({
  ...{ log, graph, registry: connectRegistry({ url: task.registryUrl }), logger: silent },
  graphName: task.graphName,
  topicPrefix: task.prefix,
});
