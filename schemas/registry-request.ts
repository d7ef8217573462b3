import { InfrastructureError, SchemaError, UsageError } from '../platform/errors.ts';
import { createHttpClient, reasonOf, type HttpAnswer } from '../platform/http/http-client.ts';
import { retryTransient } from '../platform/retry.ts';
import type { Secret } from '../platform/secrets/secret.ts';
import { tlsFailureOf } from '../platform/tls/tls-failure.ts';
import type { TlsFiles } from '../platform/tls/tls-files.ts';

export interface RegistryConfig {
  /** Where the API of Confluent's registry is; Apicurio serves it at `/apis/ccompat/v7`. May carry `user:password@`. */
  url: string;
  /** `user:password` (`basic.auth.user.info`), read for each request. Comes before what the address carries. */
  userInfo?: Secret;
  /** Files are read for each request. */
  tls?: TlsFiles;
  /** For one request. Default 10 s. */
  timeoutMs?: number;
  /** How long a call goes on trying while the registry is away or busy. Default 15 s. */
  patienceMs?: number;
}

type Method = 'GET' | 'POST' | 'PUT';

export interface RegistryRequest {
  /** Without credentials and without a slash at the end. */
  readonly url: string;
  /**
   * Sends a request, again while the registry is away or busy. Undefined when the registry says that what was asked
   * for does not exist.
   * @throws InfrastructureError CS_REGISTRY; SchemaError for a schema that the registry refuses.
   */
  send<Answer extends object>(method: Method, path: string, body?: object): Promise<Answer | undefined>;
  /** The error for an answer that no registry should give. */
  failure(problem: string): InfrastructureError;
}

const setting = '--schema-registry-url';
const caSetting = '--schema-registry-ssl-ca-location';
const loginSetting = '--schema-registry-basic-auth-user-info';
const hint = 'is the path of the address right? (Apicurio: /apis/ccompat/v7)';
const mediaType = 'application/vnd.schemaregistry.v1+json';

export function createRegistryRequest(config: RegistryConfig): RegistryRequest {
  const { timeoutMs = 10_000, patienceMs = 15_000, userInfo, tls = {} } = config;
  const { url, credentials } = parseAddress(config.url);
  const http = createHttpClient({ tls, timeoutMs });

  const failure = (problem: string, retryable = false, cause?: unknown, about = setting): InfrastructureError =>
    new InfrastructureError('CS_REGISTRY', `schema registry ${url}: ${problem}`, { setting: about, retryable, cause });

  const headersNow = async (): Promise<Record<string, string>> => {
    const login = userInfo === undefined ? credentials : await userInfo.read();
    return {
      accept: `${mediaType}, application/json`,
      'content-type': mediaType,
      ...(login === undefined ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    };
  };

  const ask = async (method: Method, path: string, body?: object): Promise<HttpAnswer> => {
    const headers = await headersNow();
    try {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      return await http({ method, url: `${url}${path}`, headers, ...content });
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const tlsFailure = tlsFailureOf(error);
      if (tlsFailure === undefined) throw failure(`cannot be reached: ${reasonOf(error)}`, true, error);
      const remedy = `name the file of its authority with ${caSetting}, its host as its certificate does, and a certificate of your own if it wants one`;
      throw failure(`TLS: ${tlsFailure.reason}; ${remedy}`, false, error, caSetting);
    }
  };

  const sendOnce = async (method: Method, path: string, body?: object): Promise<object | undefined> => {
    const { status, text } = await ask(method, path, body);
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
    if (status === 401) {
      const remedy =
        userInfo === undefined && credentials === undefined
          ? `it wants a login: set ${loginSetting}-file or ${loginSetting}-env-var`
          : `check user and password in ${userInfo?.source ?? setting}`;
      throw failure(
        `refuses the login (401) at ${what}; ${remedy}`,
        false,
        undefined,
        userInfo?.setting ?? loginSetting,
      );
    }
    if (status === 403)
      throw failure(
        `refuses this user the right to ${what} (403); see docs/security.md`,
        false,
        undefined,
        loginSetting,
      );
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

function parseAddress(address: string): { url: string; credentials: string | undefined } {
  let url: URL;
  try {
    url = new URL(address);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`the scheme is ${url.protocol}`);
  } catch {
    // Without the cause: it holds the address as it was given, password and all.
    const shown = address.replace(/\/\/[^/]*@/, '//***@');
    throw new UsageError(`${setting}: ${JSON.stringify(shown)} is not an http or https address`, { setting });
  }
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  return { url: url.href.replace(/\/+$/, ''), credentials: username === '' ? undefined : `${username}:${password}` };
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
