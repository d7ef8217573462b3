import { InfrastructureError } from '../../platform/errors.ts';
import { hierarchyScope } from '../../schemas/scope.ts';
import type { Account } from '../accounts/discover-accounts.ts';
import type { HierarchyOutcome } from '../marker-writer.ts';
import { OffsetVector } from '../offset-vector.ts';
import type { RunContext } from '../run-context.ts';
import type { RecordTypeCount } from '../scope-writer.ts';
import { openScopeWriter } from '../scope-writer.ts';
import { hierarchyRecords, hierarchyRecordTypes } from './hierarchy-records.ts';
import type { HierarchyFailure } from './organization-error.ts';
import { hierarchyFailureOf } from './organization-error.ts';
import { describeOrganization, probeOrganizations } from './probe-organizations.ts';
import type { OrganizationGroup } from './probe-organizations.ts';
import type { Hierarchy } from './read-hierarchy.ts';
import { readHierarchy } from './read-hierarchy.ts';

export interface HierarchyResult {
  /** Null where no organization could be named. */
  organizationId: string | null;
  /** The account that enumerated, or whose failure counts: the first that broke off, else the last that was denied. */
  accountId: string;
  outcome: HierarchyOutcome;
  reason: string | undefined;
  /** Distinct records by type. */
  records: ReadonlyMap<string, number>;
  offsets: OffsetVector;
}

/**
 * Finds the organizations of the candidates and writes each one's hierarchy, with its marker. AWS's errors never throw:
 * they are outcomes, and only a hierarchy that was read to its end is written.
 * @throws InfrastructureError when Kafka or the registry is gone; the signal's reason when the run was aborted.
 */
export async function collectOrganizations(
  candidates: readonly Account[],
  run: RunContext,
): Promise<HierarchyResult[]> {
  return run.telemetry.tracing.span({ name: 'collect organizations', kind: 'producer' }, () =>
    collectAll(candidates, run),
  );
}

async function collectAll(candidates: readonly Account[], run: RunContext): Promise<HierarchyResult[]> {
  const { groups, failures } = await probeOrganizations(candidates, run);
  const results: HierarchyResult[] = [];
  for (const { account, outcome, reason } of failures) {
    results.push(await end(run, { organizationId: null, accountId: account.id, outcome, reason }));
  }
  const written = new Set<string>();
  for (const group of groups) {
    const result = await collectGroup(group, written, run);
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** Undefined: all that it could have written was written already. */
async function collectGroup(
  { organizationId, accounts }: OrganizationGroup,
  written: Set<string>,
  run: RunContext,
): Promise<HierarchyResult | undefined> {
  let failure: (HierarchyFailure & { accountId: string }) | undefined;
  for (const account of accounts) {
    run.signal.throwIfAborted();
    const read = await tryToRead(account, written, run);
    if (read === 'already-written') return undefined;
    if ('outcome' in read) {
      // One that broke off says more than those after it that may not even begin.
      if (failure?.outcome !== 'incomplete') failure = { ...read, accountId: account.id };
      run.logger.debug({ organizationId, accountId: account.id }, `hierarchy not readable: ${read.reason}`);
      continue;
    }
    written.add(read.organizationId);
    return writeHierarchy(read, account.id, run);
  }
  if (failure === undefined) return undefined;
  return end(run, { organizationId, ...failure });
}

async function tryToRead(
  account: Account,
  written: ReadonlySet<string>,
  run: RunContext,
): Promise<Hierarchy | HierarchyFailure | 'already-written'> {
  try {
    // Again, because an account may have changed its organization since it was asked.
    const organization = await describeOrganization(account, run);
    if (written.has(organization.Id)) return 'already-written';
    run.logger.info(
      { organizationId: organization.Id, accountId: account.id },
      `enumerating organization ${organization.Id} as account ${account.id}`,
    );
    const { OrganizationsClient } = await import('@aws-sdk/client-organizations');
    const client = run.clients.create(OrganizationsClient, account, account.homeRegion);
    return await readHierarchy(client, organization, run.signal);
  } catch (error) {
    run.signal.throwIfAborted();
    return hierarchyFailureOf(error);
  }
}

async function writeHierarchy(hierarchy: Hierarchy, accountId: string, run: RunContext): Promise<HierarchyResult> {
  const { organizationId } = hierarchy;
  const scope = hierarchyScope(organizationId);
  const writer = openScopeWriter({
    producer: run.producer,
    encoder: run.encoder,
    catalogue: run.catalogue,
    logger: run.logger,
    topic: run.topics.hierarchy,
    scope,
    envelope: { organizationId, updateTag: run.updateTag },
    recordTypes: hierarchyRecordTypes,
    updateTag: run.updateTag,
    source: `urn:aws:${organizationId}`,
    traceparent: run.trace.startSpan(),
  });
  let failure: HierarchyFailure | undefined;
  try {
    for (const record of hierarchyRecords(hierarchy)) {
      run.signal.throwIfAborted();
      await writer.write(record);
    }
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof InfrastructureError) throw error;
    failure = hierarchyFailureOf(error);
  }
  const { recordTypes, offsets, withheld } = await writer.end();
  return end(run, {
    organizationId,
    accountId,
    outcome: failure?.outcome ?? 'complete',
    reason: failure?.reason ?? withheld,
    recordTypes: recordTypes.map((type) => (failure === undefined ? type : { ...type, complete: false })),
    offsets,
  });
}

interface End {
  organizationId: string | null;
  accountId: string;
  outcome: HierarchyOutcome;
  reason: string | undefined;
  recordTypes?: RecordTypeCount[];
  offsets?: OffsetVector;
}

const nothing: RecordTypeCount[] = hierarchyRecordTypes.map((name) => ({
  name,
  records: 0,
  complete: false,
  withheld: [],
}));

async function end(run: RunContext, ended: End): Promise<HierarchyResult> {
  const { organizationId, accountId, outcome, reason, recordTypes = nothing, offsets = new OffsetVector() } = ended;
  const who = organizationId === null ? `account ${accountId}` : `organization ${organizationId}`;
  const message = `the hierarchy of ${who} is ${outcome}${reason === undefined ? '' : `: ${reason}`}`;
  if (outcome === 'access_denied' || outcome === 'incomplete') run.logger.warn({ organizationId, accountId }, message);
  else run.logger.info({ organizationId, accountId }, message);
  run.signal.throwIfAborted();
  await run.markers.hierarchy({
    organizationId,
    accountId,
    outcome,
    reason: reason ?? null,
    recordTypes,
    offsets: offsets.toArray(),
    endedAt: Date.now(),
  });
  const records = new Map(recordTypes.map(({ name, records: count }) => [name, count]));
  run.report({
    kind: 'hierarchy-ended',
    organizationId,
    accountId,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    records: recordTypes.reduce((sum, type) => sum + type.records, 0),
  });
  return { organizationId, accountId, outcome, reason, records, offsets };
}
