import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { AddressInfo } from 'node:net';

import { messageOf, UsageError } from '../../platform/errors.ts';

export interface Answer {
  status?: number;
  /** Default `text/plain; charset=utf-8`. */
  contentType?: string;
  body: string;
}

/** Answers a GET of one path; an answer of `undefined` is a response that the route has begun itself. */
export type Route = (url: URL, response: ServerResponse) => Promise<Answer | undefined> | Answer | undefined;

export interface HttpServer {
  /** With a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** Nothing from elsewhere, and nothing inline: what AWS names things can never become a script. */
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/**
 * Serves these paths.
 * @throws UsageError where it cannot listen
 */
export async function serveHttp(
  { host, port }: { host: string; port: number },
  routes: Readonly<Record<string, Route>>,
): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(request, response, routes, isLoopback(host)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(host, port, error)));
    server.listen(port, host, resolve);
  });
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${isIP(address) === 6 ? `[${address}]` : address}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Readonly<Record<string, Route>>,
  isLocal: boolean,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const answered = await find(request, response, routes, isLocal).catch((error: unknown): Answer => {
    return { status: 500, body: `${messageOf(error)}\n` };
  });
  if (answered === undefined) {
    // What a route goes on to say belongs to the body, and there is none.
    if (request.method === 'HEAD') response.end();
    return;
  }
  const { status = 200, contentType = 'text/plain; charset=utf-8', body } = answered;
  response.writeHead(status, { 'Content-Type': contentType });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function find(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Readonly<Record<string, Route>>,
  isLocal: boolean,
): Promise<Answer | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'only GET\n' };
  // A page elsewhere may point a name of its own at this machine; what only listens here is never asked for by such a name.
  if (isLocal && !isLocalName(request.headers.host ?? '')) return { status: 403, body: 'not by this name\n' };
  const url = new URL(request.url ?? '/', 'http://localhost');
  const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
  return route === undefined ? { status: 404, body: 'not found\n' } : route(url, response);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function isLocalName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === 'localhost' || isIP(name) !== 0;
}

function cannotListen(host: string, port: number, error: NodeJS.ErrnoException): UsageError {
  const remedy =
    error.code === 'EADDRINUSE'
      ? 'something else listens there: choose another port, or 0 for any free one'
      : 'check --metrics-host and --metrics-port';
  return new UsageError(`--metrics-port ${port}: cannot listen on ${host} (${error.code}): ${remedy}`, {
    cause: error,
    setting: '--metrics-port',
  });
}
