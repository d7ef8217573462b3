import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import type { Log } from '../../platform/kafka/log.ts';
import { type Stack, startStack } from '../../stack/stack.ts';
import { issue, makeAuthority, writePair } from './certificates.ts';
import { type RegistryGate, startRegistryGate } from './registry-gate.ts';
import { secureKafka, type SecurePorts } from './secure-kafka.ts';
import { secureNeo4jSettings } from './secure-neo4j.ts';
import { tempFolder } from './temp-folder.ts';
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts';

export interface SecureLabOptions {
  /** Of Kafka, by name; `superUsers` may do everything, others what ACLs allow. */
  users: Readonly<Record<string, string>>;
  superUsers: readonly string[];
  clientSecret: string;
  /** `user:password` of the registry. */
  userInfo: string;
  neo4jPassword: string;
}

/** Kafka, registry and Neo4j that want TLS and a login each. */
export interface SecureLab extends AsyncDisposable {
  stack: Stack;
  ports: SecurePorts;
  issuer: TokenIssuer;
  gate: RegistryGate;
  folder: string;
  caFile: string;
  /** Past all logins, for the test itself. */
  log: Log;
  graph: Neo4jGraph;
  /** Options of a command for Kafka with this login, and for the registry. Secrets are in `variables`. */
  logOptions(user: string): string[];
  /** Options of a command for Neo4j. */
  graphOptions: string[];
  /** Beside `CARTOGRAPHY_KAFKA_SASL_PASSWORD`, which is the user's. */
  variables: Record<string, string>;
}

export async function startSecureLab(options: SecureLabOptions): Promise<SecureLab> {
  const folder = await tempFolder();
  const authority = await makeAuthority('authority');
  const [caFile] = await writePair(folder.path, 'ca', authority);
  const server = await issue(authority, 'server', ['localhost']);
  const issuer = await startTokenIssuer(options.clientSecret);
  const { users, superUsers } = options;
  const { ports, security, javaOptions } = await secureKafka({
    folder: folder.path,
    authority,
    server,
    users,
    superUsers,
    jwksUrl: issuer.jwksUrl,
  });
  const stack = await startStack({
    kafkaSecurity: security,
    javaOptions,
    neo4jPassword: options.neo4jPassword,
    neo4jSettings: await secureNeo4jSettings(folder.path, server),
  });
  const gate = await startRegistryGate(stack.registry.url, server, options.userInfo);
  const neo4j = stack.neo4j[0]!;
  const graph = await connectNeo4j({ uri: neo4j.uri, user: neo4j.user, password: neo4j.password });
  const passwordFile = path.join(folder.path, 'neo4j-password');
  await writeFile(passwordFile, options.neo4jPassword);
  return {
    stack,
    ports,
    issuer,
    gate,
    folder: folder.path,
    caFile,
    log: connectLog({ bootstrapServers: [stack.kafka.bootstrapServers], clientId: 'test' }),
    graph,
    logOptions: (user) => [
      ...['--kafka-bootstrap-servers', `localhost:${ports.saslSsl}`, '--kafka-security-protocol', 'SASL_SSL'],
      ...['--kafka-ssl-ca-location', caFile, '--kafka-sasl-mechanism', 'SCRAM-SHA-512', '--kafka-sasl-username', user],
      ...['--schema-registry-url', gate.url, '--schema-registry-ssl-ca-location', caFile],
    ],
    graphOptions: [
      ...['--neo4j-uri', `neo4j+s://localhost:${neo4j.port}`, '--neo4j-trusted-certificates', caFile],
      ...['--neo4j-user', 'neo4j', '--neo4j-password-file', passwordFile],
    ],
    variables: { CARTOGRAPHY_SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO: options.userInfo },
    async [Symbol.asyncDispose]() {
      await graph.close();
      await gate[Symbol.asyncDispose]();
      await stack.stop();
      await issuer[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
