import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificates.ts';
import { readBody } from './serve-on-loopback.ts';

export interface RegistryGate extends AsyncDisposable {
  /** With the host `localhost`. */
  url: string;
  /** Who is let in; may be changed. */
  userInfo: string;
  /** How many requests came with the right user and password. */
  admitted: number;
}

/** TLS and basic authentication before a registry, as in Confluent Cloud. */
export async function startRegistryGate(
  registryUrl: string,
  { certificate, key }: Certificate,
  userInfo: string,
): Promise<RegistryGate> {
  const target = new URL(registryUrl);
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const answer = async (): Promise<void> => {
      const body = await readBody(request);
      if (request.headers.authorization !== `Basic ${Buffer.from(gate.userInfo).toString('base64')}`)
        return void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error_code":401}');
      gate.admitted++;
      const forwarded = await fetch(new URL(request.url ?? '/', target), {
        method: request.method ?? 'GET',
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
        ...(body === '' ? {} : { body }),
      });
      response.writeHead(forwarded.status, { 'content-type': forwarded.headers.get('content-type') ?? '' });
      response.end(await forwarded.text());
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gate: RegistryGate = {
    url: `https://localhost:${(server.address() as AddressInfo).port}${target.pathname.replace(/\/$/, '')}`,
    userInfo,
    admitted: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gate;
}
