import neo4j, { type Driver } from 'neo4j-driver';

const USER = 'neo4j';
// What a server without data lets in, once, to set another one.
// https://neo4j.com/docs/operations-manual/5/authentication-authorization/manage-users/
const FIRST_PASSWORD = 'neo4j';
const UNAUTHORIZED = 'Neo.ClientError.Security.Unauthorized';

/** Resolves when the database answers a query of user `neo4j` with this password, which a server without data is given first. */
export async function probeNeo4j(uri: string, password: string): Promise<void> {
  try {
    await withDriver(uri, password, (driver) => driver.executeQuery('RETURN 1', {}, { database: 'neo4j' }));
  } catch (error) {
    if ((error as { code?: string }).code !== UNAUTHORIZED) throw error;
    await withDriver(uri, FIRST_PASSWORD, (driver) =>
      driver.executeQuery(
        'ALTER CURRENT USER SET PASSWORD FROM $old TO $new',
        { old: FIRST_PASSWORD, new: password },
        { database: 'system' },
      ),
    );
    throw error; // the next call finds it set
  }
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
