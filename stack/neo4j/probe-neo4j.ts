import neo4j, { type Driver } from 'neo4j-driver';
import { InfrastructureError } from '../../platform/errors.ts';

const USER = 'neo4j';
// What a server without data lets in, once, to set another one.
// https://neo4j.com/docs/operations-manual/5/authentication-authorization/manage-users/
const FIRST_PASSWORD = 'neo4j';
const UNAUTHORIZED = 'Neo.ClientError.Security.Unauthorized';

/**
 * Resolves when the database answers a query of user `neo4j` with this password, which a server without data is given
 * first. Throws InfrastructureError when the server has data and another password, anything else when it is not there yet.
 */
export async function probeNeo4j(uri: string, password: string): Promise<void> {
  try {
    await ask(uri, password);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    await setFirstPassword(uri, password);
    await ask(uri, password);
  }
}

async function ask(uri: string, password: string): Promise<void> {
  await withDriver(uri, password, (driver) => driver.executeQuery('RETURN 1', {}, { database: 'neo4j' }));
}

async function setFirstPassword(uri: string, password: string): Promise<void> {
  try {
    await withDriver(uri, FIRST_PASSWORD, (driver) =>
      driver.executeQuery(
        'ALTER CURRENT USER SET PASSWORD FROM $old TO $new',
        { old: FIRST_PASSWORD, new: password },
        { database: 'system' },
      ),
    );
  } catch (cause) {
    if (!isUnauthorized(cause)) throw cause;
    throw new InfrastructureError('CS_STACK', 'its data was made with another password', { cause });
  }
}

function isUnauthorized(error: unknown): boolean {
  return (error as { code?: string }).code === UNAUTHORIZED;
}

async function withDriver(uri: string, password: string, use: (driver: Driver) => Promise<unknown>): Promise<void> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(USER, password), {
    connectionTimeout: 2_000,
    maxTransactionRetryTime: 0,
    telemetryDisabled: true,
  });
  try {
    await use(driver);
  } finally {
    await driver.close();
  }
}
