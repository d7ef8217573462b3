import { demoQueries } from './demo-queries.ts';
import type { DemoServers } from './start-demo-servers.ts';

/** Where the graph is, and what to ask it. */
export function renderDemoHints({ neo4j, browserUrl, aws }: Pick<DemoServers, 'neo4j' | 'browserUrl' | 'aws'>): string {
  const lines = [
    `Neo4j: ${neo4j.uri}  user ${neo4j.user}  password ${neo4j.password}`,
    ...(browserUrl === undefined ? [] : [`Browser: ${browserUrl}`]),
    ...(aws === undefined ? [] : ['Try:']),
    ...(aws === undefined ? [] : demoQueries.map(({ question, cypher }) => `  // ${question}\n  ${cypher}`)),
  ];
  return lines.join('\n');
}
