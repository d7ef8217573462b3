import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import type { KafkaConfig } from '../../platform/kafka/kafka-config.ts';
import { clientCredentialsToken } from '../../platform/kafka/sasl/client-credentials.ts';
import { mskIamToken, mskRegionOf } from '../../platform/kafka/sasl/msk-iam.ts';
import { passwordMechanisms, type SaslConfig } from '../../platform/kafka/sasl/sasl-config.ts';
import type { Secret } from '../../platform/secrets/secret.ts';
import type { TlsFiles } from '../../platform/tls/tls-files.ts';
import { addSecretOptions, findSecret, type SecretOptions } from './secret-settings.ts';
import { given, type Given, readFiles, readOneOf, readUrl, refuse, variableOf } from './values.ts';

/** By the names that librdkafka gives these settings: https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md */
export interface KafkaSecurityOptions extends SecretOptions<
  'kafkaSslKeyPassword' | 'kafkaSaslPassword' | 'kafkaSaslOauthbearerClientSecret'
> {
  kafkaSecurityProtocol?: string;
  kafkaSslCaLocation?: string;
  kafkaSslCertificateLocation?: string;
  kafkaSslKeyLocation?: string;
  kafkaSslEndpointIdentificationAlgorithm?: string;
  kafkaSaslMechanism?: string;
  kafkaSaslUsername?: string;
  kafkaSaslOauthbearerTokenEndpointUrl?: string;
  kafkaSaslOauthbearerClientId?: string;
  kafkaSaslOauthbearerScope?: string;
  kafkaSaslOauthbearerExtensions?: string;
  kafkaHttpsCaLocation?: string;
  kafkaSaslAwsRegion?: string;
}

/** How Kafka is reached: what `KafkaConfig` needs of it, and the secrets that are to be there before. */
export interface KafkaSecurity {
  config: Pick<KafkaConfig, 'tls' | 'sasl'>;
  secrets: Secret[];
}

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
const mechanisms = [...passwordMechanisms, 'OAUTHBEARER', 'AWS_MSK_IAM'] as const;
const oauth = '--kafka-sasl-oauthbearer';
const keyPassword = {
  name: '--kafka-ssl-key-password',
  prefix: 'kafkaSslKeyPassword',
  what: "password of the client's key",
} as const;
const saslPassword = { name: '--kafka-sasl-password', prefix: 'kafkaSaslPassword', what: 'Kafka password' } as const;
const clientSecret = {
  name: `${oauth}-client-secret`,
  prefix: 'kafkaSaslOauthbearerClientSecret',
  what: 'OAuth client secret for Kafka',
} as const;

export function addKafkaSecurityOptions(command: Command): Command {
  command
    .optionsGroup('Security of Kafka (each but a secret also as CARTOGRAPHY_KAFKA_..., in capitals and with _):')
    .option('--kafka-security-protocol <name>', `${protocols.join(', ')} [default: PLAINTEXT]`)
    .option('--kafka-ssl-ca-location <file>', "PEM: the authorities to trust [default: Node's]")
    .option('--kafka-ssl-certificate-location <file>', 'PEM: a certificate of the client')
    .option('--kafka-ssl-key-location <file>', 'PEM: its key')
    .option(
      '--kafka-ssl-endpoint-identification-algorithm <name>',
      "https: the broker's certificate must be for its host name; none: it need not [default: https]",
    )
    .option('--kafka-sasl-mechanism <name>', mechanisms.join(', '))
    .option('--kafka-sasl-username <name>', 'of PLAIN and SCRAM');
  for (const secret of [saslPassword, keyPassword]) addSecretOptions(command, secret);
  command
    .option(`${oauth}-token-endpoint-url <url>`, 'where OAUTHBEARER gets its tokens, by client credentials')
    .option(`${oauth}-client-id <id>`, 'of OAUTHBEARER');
  return addSecretOptions(command, clientSecret)
    .option(`${oauth}-scope <scope>`, 'of the token')
    .option(`${oauth}-extensions <list>`, 'key=value, separated by commas, to go along with the token')
    .option('--kafka-https-ca-location <file>', 'PEM: the authorities to trust at the token endpoint')
    .option('--kafka-sasl-aws-region <region>', "of AWS_MSK_IAM [default: that in the servers' names]");
}

/** @throws UsageError for settings that do not go together, or lack one another */
export function readKafkaSecurity(
  options: KafkaSecurityOptions,
  environment: NodeJS.ProcessEnv,
  servers: readonly string[],
): KafkaSecurity {
  const read = readerOf(environment);
  const protocol = read('--kafka-security-protocol', options.kafkaSecurityProtocol);
  const mechanism = read('--kafka-sasl-mechanism', options.kafkaSaslMechanism);
  const chosen = protocol === undefined ? 'PLAINTEXT' : readOneOf(upper(protocol), protocols);
  if (mechanism !== undefined && !chosen.startsWith('SASL_')) {
    throw refuse(mechanism, `a login needs --kafka-security-protocol SASL_SSL (or SASL_PLAINTEXT, not encrypted).`);
  }
  if (mechanism === undefined && chosen.startsWith('SASL_')) {
    throw refuse(protocol!, `set --kafka-sasl-mechanism too: ${mechanisms.join(', ')}.`);
  }
  const secrets: Secret[] = [];
  const tls = readTls(options, environment, secrets);
  if (tls.isGiven && !chosen.endsWith('SSL')) {
    throw new UsageError('Files for TLS are given: set --kafka-security-protocol to SSL or SASL_SSL.', {
      setting: '--kafka-security-protocol',
    });
  }
  const sasl = mechanism && readSasl(readOneOf(upper(mechanism), mechanisms), options, environment, servers, secrets);
  return {
    config: { ...(chosen.endsWith('SSL') ? { tls: tls.files } : {}), ...(sasl === undefined ? {} : { sasl }) },
    secrets,
  };
}

function readTls(
  options: KafkaSecurityOptions,
  environment: NodeJS.ProcessEnv,
  secrets: Secret[],
): { files: TlsFiles; isGiven: boolean } {
  const files = readFiles(environment, {
    ca: ['--kafka-ssl-ca-location', options.kafkaSslCaLocation],
    certificate: ['--kafka-ssl-certificate-location', options.kafkaSslCertificateLocation],
    key: ['--kafka-ssl-key-location', options.kafkaSslKeyLocation],
  });
  const checks = given(
    '--kafka-ssl-endpoint-identification-algorithm',
    options.kafkaSslEndpointIdentificationAlgorithm,
    environment,
    variableOf('--kafka-ssl-endpoint-identification-algorithm'),
  );
  const secret = findSecret(keyPassword, options, environment);
  if (secret !== undefined) secrets.push(secret);
  return {
    isGiven: Object.keys(files).length > 0,
    files: {
      ...files,
      ...(secret === undefined ? {} : { keyPassword: secret }),
      ...(checks === undefined ? {} : { checksServerName: readOneOf(checks, ['https', 'none']) === 'https' }),
    },
  };
}

function readSasl(
  mechanism: (typeof mechanisms)[number],
  options: KafkaSecurityOptions,
  environment: NodeJS.ProcessEnv,
  servers: readonly string[],
  secrets: Secret[],
): SaslConfig {
  const read = readerOf(environment);
  if (mechanism === 'AWS_MSK_IAM') {
    const region =
      read('--kafka-sasl-aws-region', options.kafkaSaslAwsRegion)?.text ?? servers.map(mskRegionOf).find(Boolean);
    if (region === undefined) throw lacking(mechanism, '--kafka-sasl-aws-region');
    return {
      mechanism: 'OAUTHBEARER',
      token: mskIamToken({ region }),
      source: 'the AWS credentials and --kafka-sasl-aws-region',
    };
  }
  if (mechanism === 'OAUTHBEARER') {
    const secret = findSecret(clientSecret, options, environment);
    const endpoint = read(`${oauth}-token-endpoint-url`, options.kafkaSaslOauthbearerTokenEndpointUrl);
    const clientId = read(`${oauth}-client-id`, options.kafkaSaslOauthbearerClientId);
    if (endpoint === undefined) throw lacking(mechanism, `${oauth}-token-endpoint-url`);
    if (clientId === undefined) throw lacking(mechanism, `${oauth}-client-id`);
    if (secret === undefined) throw lacking(mechanism, `${oauth}-client-secret-file`);
    secrets.push(secret);
    const scope = read(`${oauth}-scope`, options.kafkaSaslOauthbearerScope);
    const extensions = read(`${oauth}-extensions`, options.kafkaSaslOauthbearerExtensions);
    const token = clientCredentialsToken({
      tokenEndpointUrl: readUrl(endpoint, ['https', 'http'], 'https://login.example.com/oauth2/token'),
      clientId: clientId.text,
      clientSecret: secret,
      tls: readFiles(environment, { ca: ['--kafka-https-ca-location', options.kafkaHttpsCaLocation] }),
      ...(scope === undefined ? {} : { scope: scope.text }),
      ...(extensions === undefined ? {} : { extensions: readExtensions(extensions) }),
    });
    return { mechanism, token, source: `${oauth}-client-id, ${oauth}-scope and what the broker wants of a token` };
  }
  const password = findSecret(saslPassword, options, environment);
  const username = read('--kafka-sasl-username', options.kafkaSaslUsername);
  if (username === undefined) throw lacking(mechanism, '--kafka-sasl-username');
  if (password === undefined) throw lacking(mechanism, '--kafka-sasl-password-file');
  secrets.push(password);
  return { mechanism, username: username.text, password };
}

/** An option or the variable of its name. */
function readerOf(environment: NodeJS.ProcessEnv): (setting: string, option: string | undefined) => Given | undefined {
  return (setting, option) => given(setting, option, environment, variableOf(setting));
}

function lacking(mechanism: string, setting: string): UsageError {
  return new UsageError(`--kafka-sasl-mechanism ${mechanism} needs ${setting} (or ${variableOf(setting)}).`, {
    setting,
  });
}

function readExtensions(value: Given): Record<string, string> {
  return Object.fromEntries(
    value.text.split(',').map((pair) => {
      const [, name, text] = /^\s*([A-Za-z]+)=(.+?)\s*$/.exec(pair) ?? [];
      if (name === undefined || text === undefined) throw refuse(value, 'give key=value pairs, separated by commas.');
      return [name, text];
    }),
  );
}

function upper(value: Given): Given {
  return { ...value, text: value.text.toUpperCase() };
}
