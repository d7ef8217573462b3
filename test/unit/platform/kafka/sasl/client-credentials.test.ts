import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { InfrastructureError } from '../../../../../platform/errors.ts';
import { clientCredentialsToken } from '../../../../../platform/kafka/sasl/client-credentials.ts';
import { readBody, serveOnLoopback } from '../../../../support/serve-on-loopback.ts';

async function tokenEndpoint(status: () => number = () => 200) {
  const requests: { authorization: string | undefined; body: string }[] = [];
  const server = await serveOnLoopback((request, response) => {
    void readBody(request).then((body) => {
      requests.push({ authorization: request.headers.authorization, body });
      const answer =
        status() === 200
          ? { access_token: `token-${requests.length}`, expires_in: 100, token_type: 'Bearer' }
          : { error: 'invalid_client' };
      response.writeHead(status(), { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  return { requests, url: `${server.url}/token`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('a token is asked for once, by client credentials, until most of its lifetime is over', async () => {
  await using endpoint = await tokenEndpoint();
  let now = 0;
  const token = clientCredentialsToken({
    tokenEndpointUrl: endpoint.url,
    clientId: 'a:b',
    clientSecret: 'c d',
    scope: 'kafka read',
    extensions: { logicalCluster: 'lkc-1' },
    now: () => now,
  });
  const [first, second] = await Promise.all([token(), token()]);
  assert.deepEqual(first, { value: 'token-1', extensions: { logicalCluster: 'lkc-1' } });
  assert.equal(second.value, 'token-1');
  now = 79_000;
  assert.equal((await token()).value, 'token-1');
  now = 81_000;
  assert.equal((await token()).value, 'token-2');
  assert.deepEqual(endpoint.requests[0], {
    authorization: `Basic ${Buffer.from('a%3Ab:c%20d').toString('base64')}`,
    body: 'grant_type=client_credentials&scope=kafka+read',
  });
});

test('a refused client is final and names the settings; an endpoint in trouble may come back', async () => {
  let status = 401;
  await using endpoint = await tokenEndpoint(() => status);
  const ask = clientCredentialsToken({ tokenEndpointUrl: endpoint.url, clientId: 'me', clientSecret: 'hidden-5' });
  const refused = await ask().catch((error: unknown) => error);
  assert.ok(refused instanceof InfrastructureError);
  assert.equal(refused.retryable, false);
  assert.match(refused.message, /\(401: invalid_client\): check --kafka-sasl-oauthbearer-client-id/);
  assert.ok(!inspect(refused, { depth: 9 }).includes('hidden-5'));
  status = 503;
  await assert.rejects(ask(), (error) => error instanceof InfrastructureError && error.retryable);
});

test('nobody at the endpoint is a failure that may pass', async () => {
  const gone = await tokenEndpoint();
  await gone[Symbol.asyncDispose]();
  const ask = clientCredentialsToken({ tokenEndpointUrl: gone.url, clientId: 'me', clientSecret: 'x' });
  await assert.rejects(ask(), (error) => error instanceof InfrastructureError && error.retryable);
});
