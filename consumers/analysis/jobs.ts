import type { Job } from './job.ts';
import { bucketExposure } from './jobs/bucket-exposure.ts';
import { foreignAccounts } from './jobs/foreign-accounts.ts';
import { instanceProfile } from './jobs/instance-profile.ts';
import { internetExposure } from './jobs/internet-exposure.ts';
import { keyPairs } from './jobs/key-pairs.ts';
import { networkAcl } from './jobs/network-acl.ts';

/** All derived values, in the order in which they are made: a job stands behind those that it reads from. */
export const jobs: readonly Job[] = [
  instanceProfile,
  networkAcl,
  ...internetExposure,
  bucketExposure,
  foreignAccounts,
  ...keyPairs,
];
