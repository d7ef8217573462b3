import neo4j, { type AuthToken, type AuthTokenManager } from 'neo4j-driver';
import { readSecret, type Secret } from '../../platform/secrets/secret.ts';

/**
 * Logs in with the password as it is whenever a connection is taken: connections of before log in anew once it has changed.
 * The driver's own manager (`authTokenManagers.basic`) asks only after a refusal, and calls each refusal one that passes by
 * itself: a wrong password would be tried for ever.
 */
export function passwordTokens(user: string, password: string | Secret): AuthTokenManager {
  let latest: string | undefined;
  return {
    getToken: async () => {
      latest = await readSecret(password);
      return neo4j.auth.basic(user, latest);
    },
    // Refused with a password that is no longer the one that is known: then the next try has a chance.
    handleSecurityException: (token: AuthToken) => token.credentials !== latest,
  };
}
