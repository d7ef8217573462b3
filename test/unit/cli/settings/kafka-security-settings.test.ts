import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgram } from '../../../../cli/create-program.ts';
import { readKafkaSecurity } from '../../../../cli/settings/kafka-security-settings.ts';
import { variableOf } from '../../../../cli/settings/values.ts';
import { readSecret } from '../../../../platform/secrets/secret.ts';

const servers = ['b-1.log.abc123.c2.kafka.eu-west-1.amazonaws.com:9098'];

test('without options nothing is encrypted and nobody logs in', () => {
  assert.deepEqual(readKafkaSecurity({}, {}, servers), { config: {}, secrets: [] });
});

test('each setting may come from the variable of its name, the password from its own or from a file', async () => {
  const { config, secrets } = readKafkaSecurity(
    {},
    {
      CARTOGRAPHY_KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
      CARTOGRAPHY_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      CARTOGRAPHY_KAFKA_SASL_USERNAME: 'me',
      CARTOGRAPHY_KAFKA_SASL_PASSWORD: 'hidden-3',
      CARTOGRAPHY_KAFKA_SSL_CA_LOCATION: '/ca.pem',
      CARTOGRAPHY_KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: 'none',
    },
    servers,
  );
  assert.deepEqual(config.tls, {
    ca: { path: '/ca.pem', setting: 'CARTOGRAPHY_KAFKA_SSL_CA_LOCATION' },
    checksServerName: false,
  });
  assert.ok(config.sasl?.mechanism === 'SCRAM-SHA-512');
  assert.equal(config.sasl.username, 'me');
  assert.equal(await readSecret(config.sasl.password), 'hidden-3');
  assert.equal(secrets.length, 1);
  assert.ok(!JSON.stringify(config).includes('hidden-3'));
});

test('SSL alone takes a certificate of the client', () => {
  const { config } = readKafkaSecurity(
    { kafkaSecurityProtocol: 'ssl', kafkaSslCertificateLocation: 'a.pem', kafkaSslKeyLocation: 'a.key' },
    {},
    servers,
  );
  assert.equal(config.sasl, undefined);
  assert.deepEqual(config.tls, {
    certificate: { path: 'a.pem', setting: '--kafka-ssl-certificate-location' },
    key: { path: 'a.key', setting: '--kafka-ssl-key-location' },
  });
});

test("IAM finds its region in the servers' names, and goes as OAUTHBEARER", () => {
  const options = { kafkaSecurityProtocol: 'SASL_SSL', kafkaSaslMechanism: 'AWS_MSK_IAM' };
  assert.equal(readKafkaSecurity(options, {}, servers).config.sasl?.mechanism, 'OAUTHBEARER');
  assert.throws(() => readKafkaSecurity(options, {}, ['kafka:9092']), /needs --kafka-sasl-aws-region/);
});

test('no option takes a secret as its value', () => {
  const flags = createProgram(() => undefined).commands.flatMap((command) => command.options.map(({ long }) => long));
  const secretive = new Set(flags.filter((flag) => /password|secret|user-info|token(?!-endpoint)/.test(flag ?? '')));
  assert.ok(secretive.size >= 12, String(secretive.size));
  for (const flag of secretive) assert.match(flag!, /-(env-var|file|prompt)$/);
});

test('a variable has the name of its option', () => {
  assert.equal(variableOf('--kafka-ssl-ca-location'), 'CARTOGRAPHY_KAFKA_SSL_CA_LOCATION');
});
