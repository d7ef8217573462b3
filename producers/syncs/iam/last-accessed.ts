import { setTimeout as delay } from 'node:timers/promises';
import type { GetServiceLastAccessedDetailsCommandOutput, ServiceLastAccessed } from '@aws-sdk/client-iam';
import { GenerateServiceLastAccessedDetailsCommand, GetServiceLastAccessedDetailsCommand } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { dateText } from '../python-text.ts';
import type { Detail } from '../read-detail.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import type { IamReader, Principal } from './iam-reader.ts';

export interface LastAccessedLimits {
  /** Between looks at a report; a report that is not ready after the last one is given up. */
  pollDelaysMs: readonly number[];
  /** For all reports of the account; those not begun by then are given up. */
  budgetMs: number;
}

const defaultLimits: LastAccessedLimits = { pollDelaysMs: [1000, 2000, 4000, 8000], budgetMs: 10 * 60_000 };
const PRINCIPALS_AT_ONCE = 10;

/**
 * The service that each principal used last. IAM makes a report for each, which takes it seconds. What is not there in
 * time is withheld; when a report is refused, so would be all others, and none is asked for any more.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
export async function* collectLastAccessed(
  reader: IamReader,
  limits: LastAccessedLimits = defaultLimits,
): AsyncGenerator<CollectedRecord> {
  const { context, principals } = reader;
  const end = performance.now() + limits.budgetMs;
  let refused: string | undefined;

  const read = async (principal: Principal): Promise<CollectedRecord[]> => {
    if (performance.now() >= end) refused ??= `service last accessed: not all read within ${limits.budgetMs / 1000} s`;
    if (refused !== undefined) return [];
    const job = await startReport(reader, principal);
    if (job.kind === 'unread') refused ??= job.reason;
    if (job.kind !== 'read') return [];
    const report = await finishedReport(reader, job.value, limits.pollDelaysMs);
    if (report.kind === 'unread') context.withhold(principal.type, report.reason, principal.arn);
    return report.kind === 'read' ? lastAccessedRecords(principal, report.value) : [];
  };

  for await (const records of mapConcurrently(principals, PRINCIPALS_AT_ONCE, read)) yield* records;
  if (refused === undefined) return;
  for (const type of new Set(principals.map((principal) => principal.type))) context.withhold(type, refused);
}

function startReport({ context, client }: IamReader, { arn }: Principal): Promise<Detail<string>> {
  const operation = 'GenerateServiceLastAccessedDetails';
  const command = new GenerateServiceLastAccessedDetailsCommand({ Arn: arn });
  const start = async () => {
    const answer = await client.send(command, { abortSignal: context.signal });
    return required(answer.JobId, `${operation} JobId`);
  };
  return readDetail(context, operation, start, { gone: 'NoSuchEntityException' });
}

/** The finished report, with the services of all its pages. */
async function finishedReport(
  { context, client }: IamReader,
  JobId: string,
  pollDelaysMs: readonly number[],
): Promise<Detail<ServiceLastAccessed[]>> {
  const operation = 'GetServiceLastAccessedDetails';
  const look = (Marker?: string) =>
    client.send(new GetServiceLastAccessedDetailsCommand({ JobId, ...(Marker ? { Marker } : {}) }), {
      abortSignal: context.signal,
    });
  const allPages = async (first: GetServiceLastAccessedDetailsCommandOutput): Promise<ServiceLastAccessed[]> => {
    const services: ServiceLastAccessed[] = [];
    for (let page = first; ; page = await look(page.Marker)) {
      services.push(...(page.ServicesLastAccessed ?? []));
      if (!page.IsTruncated || !page.Marker) return services;
    }
  };
  for (const delayMs of [...pollDelaysMs, undefined]) {
    const report = await readDetail(context, operation, () => look());
    if (report.kind !== 'read') return report;
    if (report.value.JobStatus === 'COMPLETED') return readDetail(context, operation, () => allPages(report.value));
    if (report.value.JobStatus === 'FAILED') {
      return { kind: 'unread', reason: `${operation}: ${report.value.Error?.Code ?? 'the report failed'}` };
    }
    if (delayMs !== undefined) await delay(delayMs, undefined, { signal: context.signal });
  }
  return { kind: 'unread', reason: `${operation}: the report was not ready in time` };
}

function lastAccessedRecords({ type, arn }: Principal, services: readonly ServiceLastAccessed[]): CollectedRecord[] {
  let last: ServiceLastAccessed | undefined;
  for (const service of services) {
    if ((service.LastAuthenticated?.getTime() ?? -Infinity) > (last?.LastAuthenticated?.getTime() ?? -Infinity)) {
      last = service;
    }
  }
  if (last?.LastAuthenticated === undefined) return [];
  const value = {
    Arn: arn,
    ServiceName: last.ServiceName ?? null,
    ServiceNamespace: last.ServiceNamespace ?? null,
    LastAuthenticated: dateText(last.LastAuthenticated),
    LastAuthenticatedEntity: last.LastAuthenticatedEntity ?? '',
    LastAuthenticatedRegion: last.LastAuthenticatedRegion ?? '',
  };
  return [{ type, value }];
}
