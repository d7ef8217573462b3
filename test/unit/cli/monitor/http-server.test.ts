import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, before, test } from 'node:test';

import { type HttpServer, serveHttp } from '../../../../cli/monitor/http-server.ts';
import { UsageError } from '../../../../platform/errors.ts';

let server: HttpServer;

before(async () => {
  server = await serveHttp(
    { host: '127.0.0.1', port: 0 },
    {
      '/fine': () => ({ body: 'fine' }),
      '/stream': (_, response) => void response.writeHead(200).write('for ever'),
      '/broken': () => Promise.reject(new Error('the graph is away')),
    },
  );
});
after(() => server.close());

async function ask(path: string, { method = 'GET', host = '127.0.0.1' } = {}): Promise<[number, string]> {
  const sent = request(new URL(path, server.url), { method, headers: { Host: host } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const text of response.setEncoding('utf8')) body += String(text);
  return [response.statusCode ?? 0, body];
}

test('only what there is is answered, and only reading; asking for the head alone always ends', async () => {
  assert.deepEqual(await ask('/fine'), [200, 'fine']);
  assert.deepEqual(await ask('/fine?a=b', { method: 'HEAD' }), [200, '']);
  assert.deepEqual(await ask('/stream', { method: 'HEAD' }), [200, '']);
  assert.equal((await ask('/fine', { method: 'POST' }))[0], 405);
  for (const path of ['/', '/toString', '/../package.json']) assert.equal((await ask(path))[0], 404, path);
  assert.deepEqual(await ask('/broken'), [500, 'the graph is away\n']);
});

test('a page elsewhere that has pointed its name at this machine learns nothing', async () => {
  assert.equal((await ask('/fine', { host: 'evil.example:1234' }))[0], 403);
  for (const host of ['localhost:1234', '127.0.0.1:1234', '[::1]:1234'])
    assert.equal((await ask('/fine', { host }))[0], 200);
});

test('nothing from elsewhere and nothing inline may run in its pages', async () => {
  const { headers } = await fetch(new URL('/fine', server.url));
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self';/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('a port that is taken is said with what to do', async () => {
  const port = Number(new URL(server.url).port);
  await assert.rejects(serveHttp({ host: '127.0.0.1', port }, {}), (error: UsageError) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, new RegExp(`--metrics-port ${port}: cannot listen.*EADDRINUSE.*choose another port`));
    return true;
  });
});
