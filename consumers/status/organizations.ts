import type { Neo4jGraph } from '../graph/neo4j-graph.ts';

/** A node of an organization's tree. */
export interface OrganizationNode {
  kind: 'organization' | 'root' | 'unit' | 'account';
  id: string;
  name: string | null;
  /** The id of the node above; null for an organization. */
  parent: string | null;
}

/** What the graph has of the organizations, as a flat list; a node whose parent is not in it stands at the top. */
export async function readOrganizations(graph: Neo4jGraph): Promise<OrganizationNode[]> {
  const organizations = await graph.query<{ id: string }>('MATCH (o:AWSOrganization) RETURN o.id AS id ORDER BY id');
  const below = await graph.query<{ labels: string[]; id: string; name: string | null; parent: string }>(
    `MATCH (n)-[:PARENT]->(p) WHERE n:AWSOrganizationRoot OR n:AWSOrganizationalUnit OR n:AWSAccount
     RETURN DISTINCT labels(n) AS labels, n.id AS id, n.name AS name, p.id AS parent ORDER BY name, id`,
  );
  return [
    ...organizations.map(({ id }): OrganizationNode => ({ kind: 'organization', id, name: null, parent: null })),
    ...below.map(({ labels, ...node }): OrganizationNode => ({ kind: kindOf(labels), ...node })),
  ];
}

function kindOf(labels: readonly string[]): OrganizationNode['kind'] {
  if (labels.includes('AWSOrganizationRoot')) return 'root';
  return labels.includes('AWSOrganizationalUnit') ? 'unit' : 'account';
}
