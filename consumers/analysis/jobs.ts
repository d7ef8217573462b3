import type { Job } from './job.ts';
import { bucketExposure } from './jobs/bucket-exposure.ts';
import { foreignAccounts } from './jobs/foreign-accounts.ts';
import { instanceProfile } from './jobs/instance-profile.ts';
import { internetExposure } from './jobs/internet-exposure.ts';
import { keyPairs } from './jobs/key-pairs.ts';
import { networkAcl } from './jobs/network-acl.ts';
import { type PermissionRelationship, permissionRelationships } from './permissions/permission-relationship.ts';
import { assumeRole } from './permissions/assume-role.ts';
import { permissionJob } from './permissions/permission-job.ts';

/** In the order in which they are made: a job stands behind those that it reads from. */
export const jobs: readonly Job[] = [
  instanceProfile,
  assumeRole,
  networkAcl,
  ...internetExposure,
  bucketExposure,
  foreignAccounts,
  ...keyPairs,
];

/** All that the analysis makes. Default: Cartography's permission relationships. */
export function jobsWith(permissions: readonly PermissionRelationship[] = permissionRelationships): readonly Job[] {
  // They read nothing that a job makes, and cost the most: before the jobs that add accounts.
  return [...permissions.map(permissionJob), ...jobs];
}
