import type { Servers } from './servers.ts';

/** The options of a command that reads or writes these topics. */
export function logOptions(
  { kafka, registryUrl }: Pick<Servers, 'kafka' | 'registryUrl'>,
  topicPrefix: string,
): string[] {
  const servers = ['--kafka-bootstrap-servers', kafka.join(','), '--schema-registry-url', registryUrl];
  return [...servers, '--topic-prefix', topicPrefix];
}

/** The options of a command that uses this Neo4j, whose password is in the variable GRAPH_PASSWORD. */
export function graphOptions({ uri, user }: Pick<Servers['neo4j'], 'uri' | 'user'>): string[] {
  return ['--neo4j-uri', uri, '--neo4j-user', user, '--neo4j-password-env-var', 'GRAPH_PASSWORD'];
}
