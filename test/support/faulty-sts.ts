import { type LoopbackServer, serveOnLoopback } from './serve-on-loopback.ts';

/** What the server does with every request of a caller, by the last part of the access key id: `node.legacy.reset`. */
const answers: Readonly<Record<string, [status: number, code: string]>> = {
  throttling: [400, 'Throttling'],
  'limit-400': [400, 'RequestLimitExceeded'],
  'timeout-400': [400, 'RequestTimeout'],
  'idp-400': [400, 'IDPCommunicationError'],
  'denied-403': [403, 'AccessDenied'],
  'busy-429': [429, 'Busy'],
  'error-500': [500, 'InternalFailure'],
  'error-501': [501, 'NotImplemented'],
  'error-503': [503, 'ServiceUnavailable'],
};
export const faults: readonly string[] = [...Object.keys(answers), 'reset', 'stall'];

/** An STS that fails in a given way, for ever, and notes when each caller asked. */
export async function startFaultySts(): Promise<
  LoopbackServer & {
    /** When a caller asked, in milliseconds of one clock. */
    attempts(caller: string): readonly number[];
  }
> {
  const byCaller = new Map<string, number[]>();
  const server = await serveOnLoopback((request, response) => {
    const caller = /Credential=([^/]*)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    byCaller.set(caller, [...(byCaller.get(caller) ?? []), performance.now()]);
    request.resume();
    const fault = caller.split('.').at(-1) ?? '';
    const answer = answers[fault];
    if (answer !== undefined) {
      const [status, code] = answer;
      response.writeHead(status).end(`<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`);
    } else if (fault === 'reset') request.socket.resetAndDestroy();
  });
  return { ...server, attempts: (caller) => byCaller.get(caller) ?? [] };
}
