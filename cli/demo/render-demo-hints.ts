import { demoQueries } from './demo-queries.ts';
import type { DemoServers } from './start-demo-servers.ts';

/** Where the graph and the log are, and what to ask the graph. */
export function renderDemoHints({
  servers: { kafka, registry },
  neo4j,
  browserUrl,
  aws,
}: Pick<DemoServers, 'servers' | 'neo4j' | 'browserUrl' | 'aws'>): string {
  const lines = [
    `Kafka: ${kafka.bootstrapServers.join(',')}  schema registry: ${registry.url}`,
    `Neo4j: ${neo4j.uri}  user ${neo4j.user}  password ${neo4j.password}`,
    ...(browserUrl === undefined ? [] : [`Browser: ${browserUrl}`]),
    ...(aws === undefined ? [] : ['Try:']),
    ...(aws === undefined ? [] : demoQueries.map(({ question, cypher }) => `  // ${question}\n  ${cypher}`)),
  ];
  return lines.join('\n');
}
