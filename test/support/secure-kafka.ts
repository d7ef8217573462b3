import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KafkaListener, KafkaOptions } from '../../stack/kafka/kafka-server.ts';
import { findFreePorts } from '../../stack/server/find-free-ports.ts';
import type { Certificate } from './certificates.ts';

/** Ports on `localhost`, by what they ask for. */
export interface SecurePorts {
  /** A certificate of the client. */
  ssl: number;
  /** PLAIN or SCRAM. */
  saslSsl: number;
  /** A token; sessions end after 12 s. */
  oauth: number;
}

export interface SecureKafkaOptions {
  folder: string;
  authority: Certificate;
  /** For `localhost`. */
  server: Certificate;
  /** Of PLAIN and SCRAM alike. */
  users: Readonly<Record<string, string>>;
  /** Those that may do everything, beside whoever comes without a login. Others may do nothing until ACLs allow it. */
  superUsers: readonly string[];
  jwksUrl: string;
}

const modules = 'org.apache.kafka.common.security';

/** A broker with a listener for each way to be let in, and StandardAuthorizer. */
export async function secureKafka(options: SecureKafkaOptions): Promise<{
  ports: SecurePorts;
  security: Pick<KafkaOptions, 'listeners' | 'settings' | 'scramUsers'>;
  javaOptions: string[];
}> {
  const { folder, authority, server, users, superUsers, jwksUrl } = options;
  const keyStore = path.join(folder, 'broker-keystore.pem');
  const trustStore = path.join(folder, 'broker-truststore.pem');
  await writeFile(keyStore, `${server.key}\n${server.certificate}\n`);
  await writeFile(trustStore, authority.certificate);
  const tls = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': trustStore,
  };
  const [ssl = 0, saslSsl = 0, oauth = 0] = await findFreePorts(3);
  const plainUsers = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const listener = (
    name: string,
    securityProtocol: KafkaListener['securityProtocol'],
    port: number,
    settings: Record<string, string>,
  ): KafkaListener => ({
    name,
    securityProtocol,
    port,
    advertisedHost: 'localhost',
    settings: { ...tls, ...settings },
  });
  return {
    ports: { ssl, saslSsl, oauth },
    // The key server is asked only where this allows it (KIP-1139).
    javaOptions: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${jwksUrl}`],
    security: {
      scramUsers: users,
      settings: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': ['ANONYMOUS', ...superUsers].map((name) => `User:${name}`).join(';'),
      },
      listeners: [
        listener('SSL', 'SSL', ssl, { 'ssl.client.auth': 'required' }),
        listener('SASL_SSL', 'SASL_SSL', saslSsl, {
          'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
          'plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required ${plainUsers.join(' ')};`,
          'scram-sha-256.sasl.jaas.config': `${modules}.scram.ScramLoginModule required;`,
          'scram-sha-512.sasl.jaas.config': `${modules}.scram.ScramLoginModule required;`,
        }),
        listener('OAUTH', 'SASL_SSL', oauth, {
          'sasl.enabled.mechanisms': 'OAUTHBEARER',
          'connections.max.reauth.ms': '12000',
          'oauthbearer.sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required;`,
          'oauthbearer.sasl.server.callback.handler.class': `${modules}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
          'sasl.oauthbearer.jwks.endpoint.url': jwksUrl,
          'sasl.oauthbearer.expected.audience': 'kafka',
        }),
      ],
    },
  };
}
