import type { Secret } from '../../secrets/secret.ts';

export const passwordMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type PasswordMechanism = (typeof passwordMechanisms)[number];

/** What proves who the client is, until it expires (https://kafka.apache.org/documentation/#security_sasl_oauthbearer). */
export interface OAuthToken {
  value: string;
  /** SASL extensions that go along, e.g. Confluent Cloud's `logicalCluster`. */
  extensions?: Readonly<Record<string, string>>;
}

export type SaslConfig =
  | { mechanism: PasswordMechanism; username: string; password: string | Secret }
  | {
      mechanism: 'OAUTHBEARER';
      /** Called for each login; throws InfrastructureError CS_KAFKA, retryable where the token's source is only away. */
      token: () => Promise<OAuthToken>;
      /** The settings to look at when the token is refused, for messages. */
      source: string;
    };
