import { connectNeo4j, type Neo4jConfig } from '../../consumers/graph/connect-neo4j.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import { connectRegistry } from '../../schemas/registry.ts';
import { timeStage } from '../loader/time-stage.ts';

/* The nodes stage in a process of its own, as its argument says; sends its peak memory in KiB to its parent. */

const task = JSON.parse(process.argv[2] ?? '') as {
  bootstrapServers: string;
  registryUrl: string;
  neo4j: Neo4jConfig;
  prefix: string;
  messages: number;
};
const log = connectLog({ bootstrapServers: [task.bootstrapServers], clientId: 'bench' });
const graph = await connectNeo4j(task.neo4j);
await timeStage(
  { log, graph, registry: connectRegistry({ url: task.registryUrl }) },
  { stage: 'nodes', prefix: task.prefix, messages: task.messages },
);
await graph.close();
process.send?.(process.resourceUsage().maxRSS, () => process.disconnect());
