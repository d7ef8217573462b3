import type { Job } from './job.ts';
import { instanceProfile } from './jobs/instance-profile.ts';

/** All derived values, in the order in which they are made. */
export const jobs: readonly Job[] = [instanceProfile];
