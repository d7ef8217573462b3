import { checkServerIdentity } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { Agent, fetch, type RequestInit } from 'undici';
import { messageOf } from '../errors.ts';
import { readTlsFiles, type TlsFiles, type TlsMaterial } from '../tls/tls-files.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

/** Sends one request. Rejects when no answer comes: see `reasonOf`; throws UsageError for TLS files that cannot be used. */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

/** The TLS files are looked at for each request; connections of before are let go when they have changed. */
export function createHttpClient({ tls = {}, timeoutMs }: { tls?: TlsFiles; timeoutMs: number }): HttpClient {
  let material: TlsMaterial = {};
  let agent = createAgent(material, tls);
  return async ({ url, ...request }) => {
    const current = await readTlsFiles(tls);
    if (!isDeepStrictEqual(current, material)) {
      void agent.close();
      material = current;
      agent = createAgent(material, tls);
    }
    const init: RequestInit = { ...request, dispatcher: agent, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(url, init);
    return { status: response.status, text: await response.text() };
  };
}

function createAgent(material: TlsMaterial, { checksServerName = true }: TlsFiles): Agent {
  return new Agent({
    connect: { ...material, checkServerIdentity: checksServerName ? checkServerIdentity : () => undefined },
  });
}

/** Why no answer came; fetch hides it in its error's cause. */
export function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first === undefined ? messageOf(error) : messageOf(first) || messageOf(error);
}
