import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Certificate, writePair } from './certificates.ts';

/** Settings for a Neo4j that also speaks TLS at its port (https://neo4j.com/docs/operations-manual/5/security/ssl-framework/). */
export async function secureNeo4jSettings(folder: string, server: Certificate): Promise<Record<string, string>> {
  const base = path.join(folder, 'neo4j-tls');
  await mkdir(base, { recursive: true });
  await writePair(base, 'server', server);
  return {
    'server.bolt.tls_level': 'OPTIONAL',
    'dbms.ssl.policy.bolt.enabled': 'true',
    'dbms.ssl.policy.bolt.base_directory': base,
    'dbms.ssl.policy.bolt.private_key': 'server.key',
    'dbms.ssl.policy.bolt.public_certificate': 'server.pem',
    'dbms.ssl.policy.bolt.client_auth': 'NONE',
  };
}
