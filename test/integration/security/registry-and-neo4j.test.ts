import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { connectNeo4j, type Neo4jConfig } from '../../../consumers/graph/connect-neo4j.ts';
import { classifyFailure } from '../../../consumers/graph/failure.ts';
import { fileSecret, fixedSecret } from '../../../platform/secrets/secret.ts';
import type { RegistryConfig } from '../../../schemas/registry-request.ts';
import { connectRegistry } from '../../../schemas/registry.ts';
import { startStack } from '../../../stack/stack.ts';
import { issue, makeAuthority, writePair } from '../../support/certificates.ts';
import { startFakeRegistry } from '../../support/fake-registry.ts';
import { assertRefused } from '../../support/refused.ts';
import { startRegistryGate } from '../../support/registry-gate.ts';
import { secureNeo4jSettings } from '../../support/secure-neo4j.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const folder = await tempFolder();
const [authority, stranger] = await Promise.all([makeAuthority('authority'), makeAuthority('stranger')]);
const [caFile] = await writePair(folder.path, 'ca', authority);
const [strangeCaFile] = await writePair(folder.path, 'stranger', stranger);
const server = await issue(authority, 'server', ['localhost']);
const fake = await startFakeRegistry();
const gate = await startRegistryGate(fake.url, server, 'me:first-password');
const stack = await startStack({
  services: ['neo4j'],
  neo4jPassword: 'first-password',
  neo4jSettings: await secureNeo4jSettings(folder.path, server),
});
after(async () => {
  await stack.stop();
  await gate[Symbol.asyncDispose]();
  await fake.close();
  await folder[Symbol.asyncDispose]();
});

const port = stack.neo4j[0]!.port;
const trustedCertificates = { path: caFile, setting: '--neo4j-trusted-certificates' };
const login = { user: 'neo4j', password: 'first-password' };

const ca = { path: caFile, setting: '--schema-registry-ssl-ca-location' };
const userInfo = (value: string) => fixedSecret(value, { setting: '--schema-registry-basic-auth-user-info-env-var' });

const ping = (config: Partial<RegistryConfig>) => connectRegistry({ url: gate.url, ...config }).ping();

test('a registry over TLS with user and password', async () => {
  await ping({ tls: { ca }, userInfo: userInfo('me:first-password') });
  assert.ok(gate.admitted > 0);
});

test('a registry that refuses the login, and one that wants one', async () => {
  const setting = '--schema-registry-basic-auth-user-info';
  await assertRefused(
    ping({ tls: { ca }, userInfo: userInfo('me:wrong') }),
    `${setting}-env-var`,
    /refuses the login \(401\).*check user and password in --schema-registry-basic-auth-user-info-env-var/,
  );
  await assertRefused(
    ping({ tls: { ca } }),
    setting,
    /it wants a login: set --schema-registry-basic-auth-user-info-file/,
  );
});

test('a registry of an unknown authority, and one with another host name', async () => {
  const setting = '--schema-registry-ssl-ca-location';
  await assertRefused(ping({}), setting, /TLS: .*certificate.*--schema-registry-ssl-ca-location/);
  const url = gate.url.replace('localhost', '127.0.0.1');
  await assertRefused(ping({ url, tls: { ca } }), setting, /TLS: .*127\.0\.0\.1.*its host as its certificate/);
});

test('a login and an authority that change in their files count for the next request', async () => {
  const [file, trusted] = [path.join(folder.path, 'user-info'), path.join(folder.path, 'trusted.pem')];
  await writeFile(file, 'me:first-password');
  await writeFile(trusted, stranger.certificate);
  const registry = connectRegistry({
    url: gate.url,
    userInfo: fileSecret(file, '--schema-registry-basic-auth-user-info-file'),
    tls: { ca: { ...ca, path: trusted } },
  });
  await assert.rejects(registry.ping(), /--schema-registry-ssl-ca-location/);
  await writeFile(trusted, `${stranger.certificate}\n${authority.certificate}`);
  await registry.ping();
  gate.userInfo = 'me:second-password';
  await assert.rejects(registry.ping(), /refuses the login/);
  await writeFile(file, 'me:second-password\n');
  await registry.ping();
});

async function works(config: Partial<Neo4jConfig> & { uri: string }): Promise<void> {
  const graph = await connectNeo4j({ ...login, ...config });
  assert.deepEqual(await graph.query('RETURN 1 AS one'), [{ one: 1 }]);
  await graph.close();
}

for (const scheme of ['bolt+s', 'neo4j+s'])
  test(`Neo4j by ${scheme} with an authority of one's own`, () =>
    works({ uri: `${scheme}://localhost:${port}`, trustedCertificates }));

for (const scheme of ['bolt+ssc', 'neo4j+ssc'])
  test(`Neo4j by ${scheme}`, () => works({ uri: `${scheme}://localhost:${port}` }));

for (const scheme of ['bolt+s', 'neo4j+s'])
  test(`Neo4j by ${scheme} of an unknown authority, and with another host name`, async () => {
    const setting = '--neo4j-trusted-certificates';
    const uri = `${scheme}://localhost:${port}`;
    await assertRefused(connectNeo4j({ ...login, uri }), setting, /over TLS: .*--neo4j-trusted-certificates/);
    const strange = { ...trustedCertificates, path: strangeCaFile };
    await assertRefused(connectNeo4j({ ...login, uri, trustedCertificates: strange }), setting, /over TLS: /);
    const elsewhere = uri.replace('localhost', '127.0.0.1');
    await assertRefused(
      connectNeo4j({ ...login, uri: elsewhere, trustedCertificates }),
      setting,
      /the host in --neo4j-uri/,
    );
  });

test('a password of Neo4j that changes in its file counts for the next connection, and a wrong one is not tried for ever', async () => {
  const file = path.join(folder.path, 'neo4j-password');
  await writeFile(file, 'first-password');
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port });
  const graph = await connectNeo4j({
    uri: `bolt+s://localhost:${proxy.port}`,
    user: 'neo4j',
    password: fileSecret(file, '--neo4j-password-file'),
    trustedCertificates,
  });
  try {
    await graph.query("ALTER CURRENT USER SET PASSWORD FROM 'first-password' TO 'second-password'");
    proxy.cutAll();
    const refused: unknown = await graph.query('RETURN 1').catch((error: unknown) => error);
    assert.equal(classifyFailure(refused), 'fatal', String(refused));
    await writeFile(file, 'second-password');
    assert.deepEqual(await graph.query('RETURN 1 AS one'), [{ one: 1 }]);
  } finally {
    await graph.close();
    await proxy.close();
  }
});
