import { InfrastructureError, messageOf, SchemaError, UsageError } from '../platform/errors.ts';
import { retryTransient } from '../platform/retry.ts';

export interface RegistryConfig {
  /** Where the API of Confluent's registry is; Apicurio serves it at `/apis/ccompat/v7`. May carry `user:password@`. */
  url: string;
  username?: string;
  password?: string;
  /** For one request. Default 10 s. */
  timeoutMs?: number;
  /** How long a call goes on trying while the registry is away or busy. Default 15 s. */
  patienceMs?: number;
}

export interface RegistryRequest {
  /** Without credentials and without a slash at the end. */
  readonly url: string;
  /**
   * Sends a request, again while the registry is away or busy. Undefined when the registry says that what was asked
   * for does not exist.
   * @throws InfrastructureError CS_REGISTRY; SchemaError for a schema that the registry refuses.
   */
  send<Answer extends object>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer | undefined>;
  /** The error for an answer that no registry should give. */
  failure(problem: string): InfrastructureError;
}

const setting = '--schema-registry-url';
const hint = 'is the path of the address right? (Apicurio: /apis/ccompat/v7)';
const mediaType = 'application/vnd.schemaregistry.v1+json';

export function createRegistryRequest(config: RegistryConfig): RegistryRequest {
  const { timeoutMs = 10_000, patienceMs = 15_000 } = config;
  const { url, authorization } = parseAddress(config);
  const headers: Record<string, string> = { accept: `${mediaType}, application/json`, 'content-type': mediaType };
  if (authorization !== undefined) headers['authorization'] = authorization;

  const failure = (problem: string, retryable = false, cause?: unknown): InfrastructureError =>
    new InfrastructureError('CS_REGISTRY', `schema registry ${url}: ${problem}`, { setting, retryable, cause });

  const sendOnce = async (method: string, path: string, body?: object): Promise<object | undefined> => {
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
    if (body !== undefined) request.body = JSON.stringify(body);
    let status: number, text: string;
    try {
      const response = await fetch(`${url}${path}`, request);
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw failure(`cannot be reached: ${reasonOf(error)}`, true, error);
    }
    const answer = parseObject(text);
    if (status >= 200 && status < 300) {
      if (answer === undefined) throw failure(`does not answer ${path} like a registry; ${hint}`);
      return answer;
    }
    const { code, message } = describeError(answer, status);
    const what = `${method} ${path}`;
    // A registry's own "not found" has a code such as 40403; a server that has no such path at all answers 404.
    if (status === 404 && code >= 40400) return undefined;
    if (status === 404) throw failure(`does not know ${what}; ${hint}`);
    if (status === 401 || status === 403) throw failure(`refuses this user or its rights (${status}) at ${what}`);
    if (status === 409) throw new SchemaError(`the schema registry finds ${path} incompatible: ${message}`);
    if (status === 422) throw new SchemaError(`the schema registry refuses ${what}: ${message}`);
    throw failure(`answers ${message} to ${what}`, status === 429 || status >= 500);
  };

  return {
    url,
    failure,
    send: (method, path, body) =>
      retryTransient(() => sendOnce(method, path, body) as Promise<never>, {
        isTransient: (error) => error instanceof InfrastructureError && error.retryable,
        minDelayMs: 100,
        maxDelayMs: 2_000,
        maxElapsedMs: patienceMs,
      }),
  };
}

function parseAddress(config: RegistryConfig): { url: string; authorization: string | undefined } {
  let url: URL;
  try {
    url = new URL(config.url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`the scheme is ${url.protocol}`);
  } catch {
    // Without the cause: it holds the address as it was given, password and all.
    const shown = config.url.replace(/\/\/[^/]*@/, '//***@');
    throw new UsageError(`${setting}: ${JSON.stringify(shown)} is not an http or https address`, { setting });
  }
  const username = config.username ?? decodeURIComponent(url.username);
  const password = config.password ?? decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  const authorization =
    username === '' ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return { url: url.href.replace(/\/+$/, ''), authorization };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function describeError(answer: object | undefined, status: number): { code: number; message: string } {
  const { error_code: code, message } = (answer ?? {}) as { error_code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? `: ${message.slice(0, 500)}` : '';
  return { code: typeof code === 'number' ? code : 0, message: `${status}${text}` };
}

/** fetch hides the reason in its error's cause. */
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first === undefined ? messageOf(error) : messageOf(first) || messageOf(error);
}
