import { parse } from 'yaml';
import { messageOf } from '../../../platform/errors.ts';
import type { PermissionRelationship } from './permission-relationship.ts';

const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
const permissionPattern = /^[A-Za-z0-9-]+:[A-Za-z0-9*]+$/;

/**
 * Reads Cartography's file of permission relationships: a YAML (or JSON) list of `target_label`, `permissions`,
 * `relationship_name` and perhaps `target_precondition` (`related_label`, `relationship`, `direction`).
 * @throws Error that names the entry and what is wrong with it.
 */
export function readPermissionRelationships(text: string): PermissionRelationship[] {
  const entries = parseYaml(text);
  if (!Array.isArray(entries)) throw new Error('it must be a list of entries');
  const read = entries.map((entry, index) => readEntry(entry, `entry ${index + 1}`));
  for (const [index, { targetLabel, relationshipName }] of read.entries()) {
    const first = read.findIndex((one) => one.targetLabel === targetLabel && one.relationshipName === relationshipName);
    if (first === index) continue;
    const what = `${relationshipName} to ${targetLabel} is entry ${first + 1} already`;
    throw new Error(`entry ${index + 1}: ${what}; put their permissions together`);
  }
  return read;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`it is no YAML: ${messageOf(error)}`, { cause: error });
  }
}

function readEntry(entry: unknown, place: string): PermissionRelationship {
  const one = objectAt(entry, place);
  const { permissions, target_precondition: precondition } = one;
  if (!Array.isArray(permissions) || permissions.length === 0) throw new Error(`${place}: permissions must be a list`);
  for (const permission of permissions as unknown[]) {
    if (typeof permission !== 'string' || !permissionPattern.test(permission))
      throw new Error(`${place}: ${JSON.stringify(permission)} is no permission; give names like s3:GetObject`);
  }
  return {
    targetLabel: nameAt(one, 'target_label', place),
    permissions: permissions as string[],
    relationshipName: nameAt(one, 'relationship_name', place),
    ...(precondition === undefined || precondition === null
      ? {}
      : { targetPrecondition: readPrecondition(precondition, `${place}, target_precondition`) }),
  };
}

function readPrecondition(json: unknown, place: string): NonNullable<PermissionRelationship['targetPrecondition']> {
  const one = objectAt(json, place);
  const given = one['direction'] ?? 'outgoing';
  const direction = typeof given === 'string' ? given.toLowerCase() : given;
  if (direction !== 'outgoing' && direction !== 'incoming')
    throw new Error(`${place}: direction must be outgoing or incoming`);
  return {
    relatedLabel: nameAt(one, 'related_label', place),
    relationship: nameAt(one, 'relationship', place),
    direction,
  };
}

function objectAt(json: unknown, place: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${place} must have fields`);
  return json as Record<string, unknown>;
}

/** These become part of Cypher statements. */
function nameAt(one: Record<string, unknown>, field: string, place: string): string {
  const name = one[field];
  if (typeof name === 'string' && namePattern.test(name)) return name;
  const shown = name === undefined ? 'missing' : JSON.stringify(name);
  throw new Error(`${place}: ${field} must be a name of letters, digits and underscores, not ${shown}`);
}
