import { unique } from '../graph/constraints.ts';
import type { CypherGraph, Run } from '../graph/cypher-graph.ts';
import { Label } from '../graph/names.ts';

/** What Cartography keeps sync metadata of, and the sync that reads it; of an account everything that was asked for. */
const syncedTypes: readonly { type: string; sync?: string }[] = [
  { type: 'AWSAccount' },
  { type: 'AWSPrincipal', sync: 'iam' },
  { type: 'AWSS3Bucket', sync: 's3' },
  { type: 'AWSS3AccountPublicAccessBlock', sync: 's3accountpublicaccessblock' },
  { type: 'AWSDynamoDBTable', sync: 'dynamodb' },
  { type: 'AWSElasticacheCluster', sync: 'elasticache' },
  { type: 'AWSRDSCluster', sync: 'rds' },
  { type: 'AWSSNSTopic', sync: 'sns' },
  { type: 'AWSCloudFormationStack', sync: 'cloudformation' },
  { type: 'AWSCloudFrontDistribution', sync: 'cloudfront' },
  { type: 'AWSSecretsManagerSecretVersion', sync: 'secretsmanager' },
  { type: 'AWSACMCertificate', sync: 'acm:certificate' },
  { type: 'AWSGuardDutyDetector', sync: 'guardduty' },
  { type: 'AWSGuardDutyFinding', sync: 'guardduty' },
];

/** An account marker's `scopes`. */
export interface ScopeOutcome {
  /** `<account>/<region or global>/<sync>` */
  scope: string;
  outcome: string;
}

/**
 * The types that a run has read of an account to the end: those all of whose scopes are complete, or in a region that does
 * not have the service. `incomplete`: scopes of which the graph lacks records.
 */
export function typesRead(scopes: readonly ScopeOutcome[], incomplete: ReadonlySet<string>): string[] {
  return syncedTypes.flatMap(({ type, sync }) => {
    const own = scopes.filter(({ scope }) => sync === undefined || scope.endsWith(`/${sync}`));
    const isRead = own.every(
      ({ scope, outcome }) => (outcome === 'complete' && !incomplete.has(scope)) || outcome === 'unsupported',
    );
    return isRead && own.some(({ outcome }) => outcome === 'complete') ? [type] : [];
  });
}

/**
 * `$batch.rows`: {key, account} of account markers. Returns `account`, `tag`, `value` of those whose scopes are cleaned, and
 * `incomplete`: the scopes of that run which the graph lacks records of.
 */
const markersText = `
UNWIND $batch.rows AS row
MATCH (m:${Label.marker} {key: row.key})
WHERE NOT EXISTS {
  MATCH (w:${Label.marker})
  WHERE w.subject STARTS WITH row.account + '/' AND w.kind = 'scope' AND w.state = 'waiting' AND w.tag <= m.tag
}
OPTIONAL MATCH (s:${Label.marker})
WHERE s.subject STARTS WITH row.account + '/' AND s.kind = 'scope' AND s.state = 'incomplete' AND s.tag = m.tag
RETURN row.account AS account, m.tag AS tag, m.value AS value, collect(s.subject) AS incomplete`;

/** Account markers hold each scope's outcome: tens of kilobytes. */
const markersAtOnce = 100;

/** `$batch.rows`: {id, account, type, tag}. The newest run counts, in whatever order they come. */
const writeText = `
UNWIND $batch.rows AS row
MERGE (n:ModuleSyncMetadata {id: row.id})
ON CREATE SET n:SyncMetadata, n.firstseen = timestamp(), n.grouptype = 'AWSAccount', n.groupid = row.account, n.syncedtype = row.type
WITH n, row WHERE n.lastupdated IS NULL OR n.lastupdated < row.tag
SET n.lastupdated = row.tag`;

/** Creates the nodes' key. Before a load: an index that is made in the middle of one makes Neo4j plan all anew. */
export async function prepareSyncMetadata(graph: CypherGraph): Promise<void> {
  await graph.define([unique('ModuleSyncMetadata', 'id')]);
}

/**
 * Writes for these runs of accounts which types were read to the end, cleaned too, as far as their markers in the graph say
 * it. Nothing deletes these nodes, as in Cartography.
 */
export async function writeSyncMetadata(
  graph: CypherGraph,
  runs: readonly { subject: string; tag: bigint }[],
): Promise<void> {
  await prepareSyncMetadata(graph);
  const keys = new Map(runs.map(({ subject, tag }) => [`account|${subject}|${tag}`, subject]));
  const all = [...keys].map(([key, account]) => ({ key, account }));
  for (let at = 0; at < all.length; at += markersAtOnce)
    await graph.transactCypher((run) => write(run, all.slice(at, at + markersAtOnce)));
}

async function write(run: Run, markerRows: readonly { key: string; account: string }[]): Promise<void> {
  const markers = await run<{ account: string; tag: number; value: string; incomplete: string[] }>(markersText, {
    batch: { rows: markerRows },
  });
  const rows = markers.flatMap(({ account, tag, value, incomplete }) => {
    const { scopes } = JSON.parse(value) as { scopes: ScopeOutcome[] };
    return typesRead(scopes, new Set(incomplete)).map((type) => {
      return { id: `AWSAccount_${account}_${type}`, account, type, tag: BigInt(tag) };
    });
  });
  const newest = new Map(rows.sort((a, b) => Number(a.tag - b.tag)).map((row) => [row.id, row]));
  await run(writeText, { batch: { rows: [...newest.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) } });
}
