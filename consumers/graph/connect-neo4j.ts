import neo4j from 'neo4j-driver';
import { UsageError } from '../../platform/errors.ts';
import { describeNeo4jFailure } from './failure.ts';
import { sendLargerChunks } from './larger-chunks.ts';
import { Neo4jGraph } from './neo4j-graph.ts';

export interface Neo4jConfig {
  /** e.g. `bolt://localhost:7687`, `neo4j+s://...`. */
  uri: string;
  user?: string;
  password?: string;
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
  const { uri, user, password, database, maxConnectionLifetimeSeconds = 3_600, livenessCheckTimeoutSeconds } = config;
  sendLargerChunks();
  let driver;
  try {
    driver = neo4j.driver(uri, user === undefined ? undefined : neo4j.auth.basic(user, password ?? ''), {
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
    await driver.executeQuery('RETURN 1', {}, target);
  } catch (error) {
    await driver.close();
    throw describeNeo4jFailure(error, uri);
  }
  return new Neo4jGraph(driver, { database });
}
