/**
 * The `graph` attribute: what a record becomes in the graph. It stands on an Avro record (GraphAttribute) and on its
 * fields (FieldGraphAttribute); docs/schemas.md explains it with examples. Every name in it is checked by
 * parseRecordSchema before it can reach a Cypher statement; the few values in it never do.
 */

export type Direction = 'in' | 'out';

/** On a record. */
export interface GraphAttribute {
  /** The sync that emits the record, e.g. `ec2:instance`; `organizations` for the hierarchy. */
  sync: string;
  /** Primary label: with the id it identifies the node. */
  label: string;
  /** Extra labels: compatibility and ontology names. Default none. */
  labels?: (string | LabelAttribute)[];
  /** The field that holds the node's `id` property. */
  id: string;
  /**
   * The edge to what the node belongs to. Default: `(:AWSAccount {id: accountId})-[:RESOURCE]->(node)` for assets.
   * null: none.
   */
  owner?: RelationshipAttribute | null;
  relationships?: RelationshipAttribute[];
  /** The properties that assets of all providers share: `name` sets `_ont_name`. Default none. */
  ontology?: Record<string, OntologyAttribute>;
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

/** A label that a node has only while each of these fields holds the value beside it. */
export interface LabelAttribute {
  label: string;
  when: Record<string, Scalar>;
}

export type Scalar = string | number | boolean;

/**
 * Where the value of an ontology property comes from: a field as it is, or
 * - `value`: the same for every record;
 * - `first`: the first of these fields that is not null;
 * - `toBoolean`: what says true or false means that, anything else true, null false; `invert`: false for what says true;
 * - `or`, `nor`: whether one of these fields says true, or none;
 * - `in`: whether the field holds one of these values;
 * - `map`: another name for the field's text, null for a text that is not listed.
 */
export type OntologyAttribute =
  | string
  | { value: Scalar }
  | { first: string[] }
  | { toBoolean: string }
  | { invert: string }
  | { or: string[] }
  | { nor: string[] }
  | { field: string; in: Scalar[] }
  | { field: string; map: Record<string, string> };

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
