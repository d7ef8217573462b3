import { access } from 'node:fs/promises';
import neo4j, { type Config } from 'neo4j-driver';
import { messageOf, UsageError } from '../../platform/errors.ts';
import type { Secret } from '../../platform/secrets/secret.ts';
import type { PemFile } from '../../platform/tls/tls-files.ts';
import { passwordTokens } from './auth-tokens.ts';
import { describeNeo4jFailure, describeOldServer } from './failure.ts';
import { sendLargerChunks } from './larger-chunks.ts';
import { Neo4jGraph } from './neo4j-graph.ts';

export interface Neo4jConfig {
  /** e.g. `bolt://localhost:7687`, `neo4j+s://...`. */
  uri: string;
  user?: string;
  /** Read whenever a connection is taken. */
  password?: string | Secret;
  /** Authorities to trust in place of those that Node brings along, with `bolt+s` and `neo4j+s`. Read for each connection. */
  trustedCertificates?: PemFile;
  database?: string;
  /** Seconds; default 3600. */
  maxConnectionLifetimeSeconds?: number;
  /** Seconds; default: the driver's own. */
  livenessCheckTimeoutSeconds?: number;
}

/**
 * Connects and makes sure that the server answers to these credentials.
 * @throws UsageError for a URI that is none; InfrastructureError CS_NEO4J that names the setting otherwise.
 */
export async function connectNeo4j(config: Neo4jConfig): Promise<Neo4jGraph> {
  const {
    uri,
    user,
    password = '',
    database,
    maxConnectionLifetimeSeconds = 3_600,
    livenessCheckTimeoutSeconds,
  } = config;
  const { address, encryption } = await encryptionOf(config);
  sendLargerChunks();
  let driver;
  try {
    driver = neo4j.driver(address, user === undefined ? undefined : passwordTokens(user, password), {
      ...encryption,
      disableLosslessIntegers: true,
      maxConnectionLifetime: maxConnectionLifetimeSeconds * 1_000,
      connectionTimeout: 5_000,
      connectionAcquisitionTimeout: 15_000,
      maxTransactionRetryTime: 5_000,
      userAgent: 'cartography-stream',
      ...(livenessCheckTimeoutSeconds === undefined
        ? {}
        : { connectionLivenessCheckTimeout: livenessCheckTimeoutSeconds * 1_000 }),
    });
  } catch (error) {
    throw new UsageError(`--neo4j-uri ${JSON.stringify(uri)} is no Neo4j address; use e.g. bolt://localhost:7687`, {
      setting: '--neo4j-uri',
      cause: error,
    });
  }
  try {
    const target = database === undefined ? {} : { database };
    await driver.verifyConnectivity(target);
    // Connectivity says nothing about the database.
    const { summary } = await driver.executeQuery('RETURN 1', {}, target);
    const old = describeOldServer(summary.server.agent, uri);
    if (old !== undefined) throw old;
  } catch (error) {
    await driver.close();
    throw describeNeo4jFailure(error, uri, typeof password === 'string' ? undefined : password);
  }
  return new Neo4jGraph(driver, { database });
}

/** The driver takes authorities of one's own only where the scheme leaves encryption to its options. */
async function encryptionOf({
  uri,
  trustedCertificates,
}: Neo4jConfig): Promise<{ address: string; encryption: Config }> {
  if (trustedCertificates === undefined) return { address: uri, encryption: {} };
  const { path, setting } = trustedCertificates;
  await access(path).catch((error: unknown) => {
    throw new UsageError(`${setting} ${JSON.stringify(path)} cannot be read: ${messageOf(error)}.`, {
      setting,
      cause: error,
    });
  });
  return {
    address: uri.replace(/^(bolt|neo4j)\+s:/, '$1:'),
    encryption: {
      encrypted: 'ENCRYPTION_ON',
      trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES',
      trustedCertificates: [path],
    },
  };
}
