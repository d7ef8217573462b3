import type { IncomingMessage } from 'node:http';

import { type LoopbackServer, readBody, serveOnLoopback } from '../serve-on-loopback.ts';
import { answerOrganizations } from './answer-organizations.ts';
import { answerQuery, callerOf } from './answer-query.ts';
import { type Estate, type EstateCall, EstateError } from './estate.ts';

/** Instead of an answer: the connection is cut. */
export const connectionReset = new EstateError('ConnectionReset');

export interface OrganizationsServer extends LoopbackServer {
  estate: Estate;
  calls: EstateCall[];
  /** A call for which it gives an error fails with it. */
  fault: (call: EstateCall) => EstateError | undefined;
}

/** AWS Organizations, STS, and some of EC2 and IAM, for the accounts of an estate: who may not call something is refused. */
export async function startOrganizationsServer(estate: Estate): Promise<OrganizationsServer> {
  const calls: EstateCall[] = [];
  const server = await serveOnLoopback((request, response) => {
    void readBody(request).then((body) => {
      const isJson = request.headers['x-amz-target'] !== undefined;
      try {
        response.end(answer(request, body));
      } catch (error) {
        if (error === connectionReset) return void request.socket.resetAndDestroy();
        const { code, status, message } =
          error instanceof EstateError ? error : new EstateError('InternalFailure', 500);
        response.writeHead(status);
        response.end(
          isJson
            ? JSON.stringify({ __type: code, Message: message })
            : `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Response>`,
        );
      }
    });
  });
  const started: OrganizationsServer = { ...server, estate, calls, fault: () => undefined };

  const answer = (request: IncomingMessage, body: string): string => {
    const [, key = '', region = '', service = ''] =
      /Credential=([^/]*)\/\d{8}\/([^/]*)\/([^/]*)\//.exec(request.headers.authorization ?? '') ?? [];
    const caller = callerOf(key);
    const target = request.headers['x-amz-target'];
    const form = new URLSearchParams(body);
    const operation = target === undefined ? (form.get('Action') ?? '') : String(target).split('.').at(-1)!;
    const action = `${service}:${operation}`;
    const input = (target === undefined ? Object.fromEntries(form) : JSON.parse(body)) as Record<string, unknown>;
    const call: EstateCall = { accountId: caller.accountId, action, region, input, atMs: performance.now() };
    calls.push(call);
    const fault = started.fault(call);
    if (fault !== undefined) throw fault;
    if (started.estate.denied[caller.accountId]?.includes(action) === true) throw denialOf(service);
    if (target !== undefined) {
      return JSON.stringify(answerOrganizations(started.estate, caller.accountId, operation, input));
    }
    const result = answerQuery(started.estate, caller, call, form);
    return `<${operation}Response>${service === 'ec2' ? result : `<${operation}Result>${result}</${operation}Result>`}</${operation}Response>`;
  };
  return started;
}

function denialOf(service: string): EstateError {
  if (service === 'ec2') return new EstateError('UnauthorizedOperation', 403);
  return service === 'organizations' ? new EstateError('AccessDeniedException') : new EstateError('AccessDenied', 403);
}
