/**
 * The `graph` attribute: what a record becomes in the graph. It stands on an Avro record (GraphAttribute) and on its
 * fields (FieldGraphAttribute); docs/schemas.md explains it with examples. Everything in it is names, never values,
 * and every name is checked by parseRecordSchema before it can reach a Cypher statement.
 */

export type Direction = 'in' | 'out';

/** On a record. */
export interface GraphAttribute {
  /** The sync that emits the record, e.g. `ec2:instance`; `organizations` for the hierarchy. */
  sync: string;
  /** Primary label: with the id it identifies the node. */
  label: string;
  /** Extra labels: compatibility and ontology names. Default none. */
  labels?: string[];
  /** The field that holds the node's `id` property. */
  id: string;
  /**
   * The edge to what the node belongs to. Default: `(:AWSAccount {id: accountId})-[:RESOURCE]->(node)` for assets.
   * null: none.
   */
  owner?: RelationshipAttribute | null;
  relationships?: RelationshipAttribute[];
  /**
   * Properties that several record types of one label set, with the names of those types, the winner first. Each of
   * these types must declare the same list. A null value yields to the next.
   */
  contested?: Record<string, string[]>;
  /**
   * Properties that the analysis stage sets, by this record type's value and by what else the graph holds. The loaders keep
   * the value for it and leave the property alone.
   */
  derived?: string[];
}

export interface RelationshipAttribute {
  type: string;
  /** `out`: from this record's node to the other one. */
  direction: Direction;
  /** The other node's label. */
  label: string;
  /**
   * Property of the other node -> field of this record. A field that holds an array makes one edge per item. A dotted
   * name (`Targets.Arn`) goes through an array of records. Several entries must all hold.
   */
  match: Record<string, string>;
  /** Whether at most one node can match, as with ids and ARNs. Default: true if `match` names only `id` or `arn`. */
  unique?: boolean;
  /** Whether the other node may belong to another account or organization; such edges wait for the whole run. Default false. */
  crossAccount?: boolean;
  /** Edge property -> field (dotted, through the same array as `match`). */
  properties?: Record<string, string>;
}

/** On a field. Absent: the field sets the property of its own name. */
export interface FieldGraphAttribute {
  /** Properties that the field sets; `[]` for a field that only relationships use. Default: the field's name. */
  properties?: string[];
  /** Whether to index the properties, for users' queries or another record's matcher. Default false. */
  index?: boolean;
  /**
   * Whether the value follows from the node's id, so that all records of the node agree on it and it stays as long as
   * the node does. Default: true for the id field and `region`, else false.
   */
  identity?: boolean;
}

/** Fields of every asset record, set by the engine and not by the collectors. */
export const assetEnvelope = ['accountId', 'region', 'updateTag'] as const;
/** Fields of every hierarchy record. */
export const hierarchyEnvelope = ['organizationId', 'updateTag'] as const;
