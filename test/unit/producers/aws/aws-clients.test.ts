import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { cacheClients, createClientFactory } from '../../../../producers/aws/aws-clients.ts';
import { readAwsSettings } from '../../../../producers/aws/aws-settings.ts';
import { type LoopbackServer, serveOnLoopback } from '../../../support/serve-on-loopback.ts';

const access = { credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' }), profile: undefined };
const settings = readAwsSettings({});
const identity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:root</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>';

/** What the server answers, in turn; undefined: nothing, for ever. */
let answers: ({ status: number; body: string } | undefined)[] = [];
let requests: { path: string; host: string }[] = [];
let server: LoopbackServer;
let arrived: PromiseWithResolvers<void>;

before(async () => {
  server = await serveOnLoopback((request, response) => {
    requests.push({ path: request.url ?? '', host: request.headers.host ?? '' });
    arrived.resolve();
    request.resume();
    const answer = answers.shift();
    if (answer !== undefined) response.writeHead(answer.status).end(answer.body);
  });
  process.env['AWS_ENDPOINT_URL'] = server.url;
});
after(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  answers = [];
  requests = [];
  arrived = Promise.withResolvers();
});

test('three retries make four requests', async () => {
  const clients = createClientFactory({ settings });
  answers = [500, 500, 500, 500, 200].map((status) => ({ status, body: identity }));
  const client = clients.create(STSClient, access, 'us-east-1');
  await assert.rejects(client.send(new GetCallerIdentityCommand({})));
  assert.equal(requests.length, 4);
  clients.close();
});

test("Lambda's calls are tried three times, whatever was set", async () => {
  /** What the factory goes by is the name. */
  class LambdaClient extends STSClient {}
  const clients = createClientFactory({ settings: { ...settings, maxRetries: 5 } });
  answers = [500, 500, 500, 200].map((status) => ({ status, body: identity }));
  const client = clients.create(LambdaClient, access, 'us-east-1');
  await assert.rejects(client.send(new GetCallerIdentityCommand({})));
  assert.equal(requests.length, 3);
  const { requestHandler } = client.config as { requestHandler: { httpHandlerConfigs(): { socketTimeout?: number } } };
  assert.equal(requestHandler.httpHandlerConfigs().socketTimeout, 30_000);
  clients.close();
});

test('an abort ends a call that gets no answer', async () => {
  const abort = new AbortController();
  const clients = createClientFactory({ settings, signal: abort.signal });
  answers = [undefined];
  const call = clients.create(STSClient, access, 'us-east-1').send(new GetCallerIdentityCommand({}));
  await arrived.promise;
  abort.abort();
  await assert.rejects(call, { name: 'AbortError' });
  assert.equal(requests.length, 1);
  clients.close();
});

test('with an endpoint of its own S3 puts the bucket into the path', async () => {
  const clients = createClientFactory({ settings });
  answers = [{ status: 200, body: '{}' }];
  await clients.create(S3Client, access, 'us-east-1').send(new GetBucketPolicyCommand({ Bucket: 'my-bucket' }));
  assert.equal(requests[0]?.host, new URL(server.url).host);
  assert.match(requests[0]?.path ?? '', /^\/my-bucket\b/);
  clients.close();
});

test('with an endpoint that is an IP address S3 Control leaves the account out of the host', async () => {
  const clients = createClientFactory({ settings });
  answers = [{ status: 200, body: '<PublicAccessBlockConfiguration/>' }];
  const client = clients.create(S3ControlClient, access, 'us-east-1');
  await client.send(new GetPublicAccessBlockCommand({ AccountId: '111122223333' }));
  assert.equal(requests[0]?.host, new URL(server.url).host);
  clients.close();
});

test('an account has one client per class and region', () => {
  const clients = createClientFactory({ settings });
  const client = cacheClients(clients, access);
  assert.equal(client(STSClient, 'us-east-1'), client(STSClient, 'us-east-1'));
  assert.notEqual(client(STSClient, 'us-east-1'), client(STSClient, 'eu-west-1'));
  assert.notEqual(client(STSClient, 'us-east-1'), client(S3Client, 'us-east-1'));
  clients.close();
});
