import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { InfrastructureError } from '../../../platform/errors.ts';
import { connectLog } from '../../../platform/kafka/connect-log.ts';
import type { KafkaConfig } from '../../../platform/kafka/kafka-config.ts';
import { clientCredentialsToken } from '../../../platform/kafka/sasl/client-credentials.ts';
import { passwordMechanisms, type SaslConfig } from '../../../platform/kafka/sasl/sasl-config.ts';
import { fileSecret } from '../../../platform/secrets/secret.ts';
import type { TlsFiles } from '../../../platform/tls/tls-files.ts';
import { issue, makeAuthority, writePair } from '../../support/certificates.ts';
import { assertRefused } from '../../support/refused.ts';
import { startSecureBroker } from '../../support/secure-broker.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

/* A broker of its own: with TLS, logins and StandardAuthorizer. */

const broker = await startSecureBroker({
  users: { alice: 'alice-password', bob: 'bob-password' },
  superUsers: ['alice', 'CN=client'],
});
after(() => broker[Symbol.asyncDispose]());
const { folder, issuer, authority, caFile, ports } = broker;
const stranger = await makeAuthority('stranger');
const [strangeCaFile] = await writePair(folder, 'stranger', stranger);
const [clientFile, clientKeyFile] = await writePair(folder, 'client', await issue(authority, 'client'));
const [strangeFile, strangeKeyFile] = await writePair(folder, 'strange', await issue(stranger, 'client'));
const pem = (setting: string, file: string) => ({ path: file, setting });
const trusted: TlsFiles = { ca: pem('--kafka-ssl-ca-location', caFile) };
const own = (certificate: string, key: string): TlsFiles => ({
  ...trusted,
  certificate: pem('--kafka-ssl-certificate-location', certificate),
  key: pem('--kafka-ssl-key-location', key),
});
const scram: SaslConfig = { mechanism: 'SCRAM-SHA-512', username: 'alice', password: 'alice-password' };

function connect(port: number, config: Partial<KafkaConfig>, host = 'localhost') {
  return connectLog({ bootstrapServers: [`${host}:${port}`], clientId: 'test', heartbeatIntervalMs: 200, ...config });
}

async function works(port: number, config: Partial<KafkaConfig>): Promise<void> {
  const admin = await connect(port, config).admin();
  assert.equal((await admin.topicIds([])).size, 0);
  await admin.close();
}

async function isRefused(
  port: number,
  config: Partial<KafkaConfig>,
  { setting, message, host }: { setting: string; message: RegExp; host?: string },
): Promise<void> {
  await assertRefused(connect(port, config, host).admin(), setting, message);
}

for (const mechanism of passwordMechanisms)
  test(`${mechanism} over TLS`, () =>
    works(ports.saslSsl, { tls: trusted, sasl: { mechanism, username: 'alice', password: 'alice-password' } }));

test('a certificate of the client', () => works(ports.ssl, { tls: own(clientFile, clientKeyFile) }));

const oauth = (claims: Partial<Parameters<typeof clientCredentialsToken>[0]> = {}): SaslConfig => ({
  mechanism: 'OAUTHBEARER',
  source: '--kafka-sasl-oauthbearer-client-id',
  token: clientCredentialsToken({
    tokenEndpointUrl: issuer.tokenEndpointUrl,
    clientId: 'cartography',
    clientSecret: issuer.clientSecret,
    ...claims,
  }),
});

test('OAUTHBEARER with tokens by client credentials, which the broker checks', () =>
  works(ports.oauth, { tls: trusted, sasl: oauth() }));

for (const mechanism of passwordMechanisms)
  test(`a wrong password of ${mechanism}`, () =>
    isRefused(
      ports.saslSsl,
      { tls: trusted, sasl: { mechanism, username: 'alice', password: 'wrong-password' } },
      { setting: '--kafka-sasl-mechanism', message: /refuses the login .*--kafka-sasl-username/ },
    ));

test('a mechanism that the port does not have', () =>
  isRefused(
    ports.oauth,
    { tls: trusted, sasl: scram },
    { setting: '--kafka-sasl-mechanism', message: /refuses the login \(SCRAM-SHA-512\)/ },
  ));

test('an unknown authority', () =>
  isRefused(
    ports.saslSsl,
    { tls: { ca: pem('--kafka-ssl-ca-location', strangeCaFile) }, sasl: scram },
    { setting: '--kafka-ssl-ca-location', message: /certificate.*Set --kafka-ssl-ca-location/ },
  ));

test('a host name that the certificate does not have, unless it need not', async () => {
  const host = '127.0.0.1';
  await isRefused(
    ports.saslSsl,
    { tls: trusted, sasl: scram },
    {
      setting: '--kafka-ssl-endpoint-identification-algorithm',
      message: /not in the cert.*--kafka-bootstrap-servers/,
      host,
    },
  );
  const admin = await connect(
    ports.saslSsl,
    { tls: { ...trusted, checksServerName: false }, sasl: scram },
    host,
  ).admin();
  await admin.close();
});

test('no certificate of the client where one is wanted, and one of another authority', async () => {
  const refusal = { setting: '--kafka-ssl-certificate-location', message: /Set --kafka-ssl-certificate-location/ };
  await isRefused(ports.ssl, { tls: trusted }, refusal);
  await isRefused(ports.ssl, { tls: own(strangeFile, strangeKeyFile) }, refusal);
});

test('a login where none is wanted', () =>
  isRefused(
    ports.ssl,
    { tls: own(clientFile, clientKeyFile), sasl: scram },
    { setting: '--kafka-security-protocol', message: /expects no login/ },
  ));

test('a token that the broker refuses', async () => {
  issuer.claims = { ...issuer.claims, aud: 'another' };
  try {
    await isRefused(
      ports.oauth,
      { tls: trusted, sasl: oauth() },
      { setting: '--kafka-sasl-mechanism', message: /refuses the login \(OAUTHBEARER\).*invalid_token/ },
    );
  } finally {
    issuer.claims = { ...issuer.claims, aud: 'kafka' };
  }
});

test('a client secret that the token endpoint refuses', () =>
  isRefused(
    ports.oauth,
    { tls: trusted, sasl: oauth({ clientSecret: 'wrong' }) },
    { setting: '--kafka-sasl-oauthbearer-client-id', message: /gives no token \(401: invalid_client\)/ },
  ));

test('a right that the user does not have is told with what it was for', async () => {
  const sasl: SaslConfig = { ...scram, username: 'bob', password: 'bob-password' };
  const admin = await connect(ports.saslSsl, { tls: trusted, sasl }).admin();
  await assert.rejects(
    admin.ensureTopics([{ name: 'not-for-bob', partitions: 1, replicationFactor: 1, config: {} }]),
    (error) =>
      error instanceof InfrastructureError &&
      error.setting === '--kafka-sasl-username' &&
      /does not allow it to create the topics not-for-bob.*docs\/security\.md/.test(error.message),
  );
  await admin.close();
});

test('a password file that has changed counts for the next connection, and for one that was cut', async () => {
  const file = path.join(folder, 'password');
  await writeFile(file, 'alice-password\n');
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port: ports.saslSsl });
  const log = connect(ports.saslSsl, {
    tls: trusted,
    sasl: { ...scram, password: fileSecret(file, '--kafka-sasl-password-file') },
    resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }),
  });
  const admin = await log.admin();
  await writeFile(file, 'not-any-more');
  assert.equal((await admin.topicIds([])).size, 0, 'a connection that is there stays');
  await assert.rejects(log.admin(), /refuses the login.*--kafka-sasl-password-file/);
  proxy.cutAll();
  await assert.rejects(admin.topicIds([]), /refuses the login.*--kafka-sasl-password-file/);
  await writeFile(file, 'alice-password');
  assert.equal((await admin.topicIds([])).size, 0);
  await admin.close();
  await proxy.close();
});

test('certificate files that have changed count for the next connection', async () => {
  const [certificate, key] = await writePair(folder, 'rotated', await issue(stranger, 'client'));
  const log = connect(ports.ssl, { tls: own(certificate, key) });
  await assert.rejects(log.admin(), /--kafka-ssl-certificate-location/);
  await writePair(folder, 'rotated', await issue(authority, 'client'));
  await (await log.admin()).close();
});

test('a connection that is cut in the middle of a login is tried again', async () => {
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port: ports.saslSsl });
  // The handshake of TLS takes some 2 kB of the broker's; the cut comes where the login goes on.
  proxy.cutAfter(2_600);
  const admin = await connect(ports.saslSsl, {
    tls: trusted,
    sasl: scram,
    resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }),
  }).admin();
  assert.ok(proxy.cutCount > 0);
  await admin.close();
  await proxy.close();
});
