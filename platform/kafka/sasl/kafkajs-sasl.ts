import { readSecret } from '../../secrets/secret.ts';
import { isTransientKafkaError } from '../kafka-error.ts';
import {
  type AuthenticationProvider,
  type KafkajsSasl,
  type SaslAuthenticate,
  passwordAuthenticators,
} from '../kafkajs-internals.ts';
import { authenticateOAuthBearer } from './oauthbearer.ts';
import type { SaslConfig } from './sasl-config.ts';

/** The login as kafkajs takes it. Password and token are read for each login, and for each one that renews a session. */
export function kafkajsSasl(config: SaslConfig): KafkajsSasl {
  return {
    mechanism: config.mechanism,
    authenticationProvider: (options) => ({
      authenticate: async () => {
        const watched = watch(options.saslAuthenticate);
        try {
          await login(config, { ...options, saslAuthenticate: watched.authenticate });
        } catch (error) {
          // kafkajs calls it a refusal, too, when the connection breaks in the middle of it.
          throw watched.failure !== undefined && isTransientKafkaError(watched.failure) ? watched.failure : error;
        }
      },
    }),
  };
}

async function login(config: SaslConfig, options: Parameters<AuthenticationProvider>[0]): Promise<void> {
  if (config.mechanism === 'OAUTHBEARER')
    return authenticateOAuthBearer(options.saslAuthenticate, await config.token());
  const { mechanism, username } = config;
  const password = await readSecret(config.password);
  await passwordAuthenticators[mechanism]({ username, password })(options).authenticate();
}

/** Keeps what went wrong first. */
function watch(inner: SaslAuthenticate): { authenticate: SaslAuthenticate; failure: unknown } {
  const watched: ReturnType<typeof watch> = {
    failure: undefined,
    authenticate: async (step) => {
      try {
        return await inner(step);
      } catch (error) {
        watched.failure ??= error;
        throw error;
      }
    },
  };
  return watched;
}
