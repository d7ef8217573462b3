import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RegistryCall {
  method: string;
  path: string;
  authorization: string | undefined;
  body: unknown;
}

/** An answer that a test puts before the real one; `hang` never answers. */
export type Interference = { status: number; body?: string } | 'hang' | 'cut';

/** A Confluent-compatible registry in this process: the calls that schemas/registry.ts makes, and faults on demand. */
export interface FakeRegistry {
  url: string;
  calls: RegistryCall[];
  /** What the next calls get instead of an answer, in turn. */
  interfere: Interference[];
  levels: Map<string, string>;
  close(): Promise<void>;
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const calls: RegistryCall[] = [];
  const interfere: Interference[] = [];
  const levels = new Map<string, string>();
  const schemas: string[] = [];
  const subjects = new Map<string, string[]>();

  const answer = ({ method, path, body }: RegistryCall): [number, object] => {
    const [, first, second = '', third, fourth] = path.split('/').map(decodeURIComponent);
    switch (`${method} ${first}`) {
      case 'GET config': {
        const level = second === '' ? 'BACKWARD' : levels.get(second);
        return level === undefined ? notFound(40408) : [200, { compatibilityLevel: level }];
      }
      case 'PUT config':
        levels.set(second, (body as { compatibility: string }).compatibility);
        return [200, body as object];
      case 'POST subjects': {
        const { schema } = body as { schema: string };
        if (!schemas.includes(schema)) schemas.push(schema);
        subjects.set(second, [...(subjects.get(second) ?? []).filter((one) => one !== schema), schema]);
        return [200, { id: schemas.indexOf(schema) + 1 }];
      }
      case 'GET subjects': {
        if (second === '') return [200, [...subjects.keys()]];
        const versions = subjects.get(second) ?? [];
        const schema = versions.at(-1);
        if (schema === undefined || third !== 'versions' || fourth !== 'latest') return notFound(40401);
        return [200, { subject: second, id: schemas.indexOf(schema) + 1, version: versions.length, schema }];
      }
      case 'GET schemas': {
        const schema = schemas[Number(third) - 1];
        return schema === undefined ? notFound(40403) : [200, { schema }];
      }
      default:
        return [404, {}];
    }
  };

  const server = createServer((request, response) => {
    void read(request).then((call) => {
      calls.push(call);
      const first = interfere.shift();
      if (first === 'hang') return;
      if (first === 'cut') return void request.socket.destroy();
      if (first !== undefined) return send(response, first.status, first.body ?? '');
      const [status, body] = answer(call);
      send(response, status, JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    interfere,
    levels,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function notFound(code: number): [number, object] {
  return [404, { error_code: code, message: 'not found' }];
}

async function read(request: IncomingMessage): Promise<RegistryCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { method = '', url = '', headers } = request;
  return { method, path: url, authorization: headers.authorization, body: text === '' ? undefined : JSON.parse(text) };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
