import { readFileSync } from 'node:fs';
import type { PermissionRelationship } from '../../consumers/analysis/permissions/permission-relationship.ts';
import { readPermissionRelationships } from '../../consumers/analysis/permissions/read-permission-relationships.ts';
import { messageOf } from '../../platform/errors.ts';
import { type Given, refuse } from './values.ts';

/** The file of `--permission-relationships-file`, relative to the working directory. @throws UsageError */
export function readPermissionFile(value: Given): PermissionRelationship[] {
  let text: string;
  try {
    text = readFileSync(value.text, 'utf8');
  } catch (error) {
    throw refuse(value, `the file cannot be read (${messageOf(error)}): name one that can, or leave the option out.`);
  }
  try {
    return readPermissionRelationships(text);
  } catch (error) {
    throw refuse(value, `${messageOf(error)}.`);
  }
}
