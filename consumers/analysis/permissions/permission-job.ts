import type { Run } from '../../graph/cypher-graph.ts';
import { byKey, Label, quote } from '../../graph/names.ts';
import type { EdgeJob, OtherEnd } from '../job.ts';
import { type CompiledPolicy, evaluatePolicies } from './evaluate-policies.ts';
import { type PermissionRelationship, permissionRelationshipsSync } from './permission-relationship.ts';
import { type PoliciesOf, policiesThatSpeakOf, type WithPolicies } from './read-policies.ts';

/** Principals whose policies are in memory at once. */
const PAGE_PRINCIPALS = 500;

/** An asset of the job, in one of the accounts that own it. */
interface Target {
  id: string;
  arn: string;
  account: string;
}

/** Makes the relationships from an account's principals to its assets, as far as a run has asked for them. */
export function permissionJob(relationship: PermissionRelationship): EdgeJob {
  const { targetLabel, permissions, relationshipName } = relationship;
  const targetsText = targetsOf(relationship);
  const policiesOf = policiesThatSpeakOf(permissions);
  return {
    kind: 'edges',
    name: `permission_${relationshipName}_${targetLabel}`,
    label: targetLabel,
    type: relationshipName,
    direction: 'in',
    otherLabel: 'AWSPrincipal',
    async others(run, ids) {
      const targets = await run<Target>(targetsText, { batch: { rows: ids }, sync: permissionRelationshipsSync });
      const found = new Map<string, OtherEnd[]>();
      for (const [prefix, own] of Map.groupBy(targets, principalPrefix)) {
        for await (const principals of principalsOf(run, prefix, policiesOf)) {
          for (const { id, arn } of own) {
            const ends = found.get(id) ?? [];
            for (const [principal, policies] of principals) {
              const grant = evaluatePolicies(policies, arn);
              if (grant !== undefined) ends.push({ id: principal, props: { ...grant } });
            }
            if (ends.length > 0) found.set(id, ends);
          }
        }
      }
      return found;
    },
  };
}

/** How the ids (the ARNs) of the principals begin that are of the target's account. */
function principalPrefix({ arn, account }: Target): string {
  return `arn:${arn.split(':')[1]}:iam::${account}:`;
}

/** `$batch.rows`: ids, `$sync`. Returns `id`, `arn`, `account` of those in accounts for which the sync was asked for. */
function targetsOf({ targetLabel, targetPrecondition }: PermissionRelationship): string {
  return `
UNWIND $batch.rows AS id
MATCH (n:${quote(targetLabel)} {id: id}) ${byKey('n', targetLabel)}
WHERE n.arn IS NOT NULL${targetPrecondition === undefined ? '' : ` AND ${exists(targetPrecondition)}`}
MATCH (n)<-[:RESOURCE]-(a:AWSAccount)
WHERE EXISTS { MATCH (s:${Label.scope}) WHERE s.id = a.id + '/global/' + $sync }
RETURN DISTINCT id, n.arn AS arn, a.id AS account`;
}

function exists({
  relatedLabel,
  relationship,
  direction,
}: NonNullable<PermissionRelationship['targetPrecondition']>): string {
  const [from, to] = direction === 'outgoing' ? ['-', '->'] : ['<-', '-'];
  return `EXISTS { MATCH (n)${from}[:${quote(relationship)}]${to}(:${quote(relatedLabel)}) }`;
}

/** `$prefix` of ids, `$after`, `$limit`. Returns `principal`, `policies`: the ids of what hangs on it, in the order of the principals. */
const principalsText = `
MATCH (p:AWSPrincipal) ${byKey('p', 'AWSPrincipal')}
WHERE p.id STARTS WITH $prefix AND p.id > $after
WITH p ORDER BY p.id LIMIT $limit
OPTIONAL MATCH (p)-[:POLICY]->(policy:AWSPolicy)
WITH p, policy ORDER BY policy.id
RETURN p.id AS principal, collect(policy.id) AS policies ORDER BY principal`;

/** The account's principals with those of their policies that count, some at a time. */
async function* principalsOf(
  run: Run,
  prefix: string,
  policiesOf: PoliciesOf,
): AsyncGenerator<Map<string, CompiledPolicy[]>> {
  const limit = BigInt(PAGE_PRINCIPALS);
  for (let after = ''; ;) {
    const page = await run<WithPolicies>(principalsText, { prefix, after, limit });
    if (page.length === 0) return;
    yield await policiesOf(run, page);
    after = page.at(-1)!.principal;
  }
}
