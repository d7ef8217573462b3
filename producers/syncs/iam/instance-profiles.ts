import { instanceProfiles } from '../../shared-reads/instance-profiles.ts';
import type { Sync } from '../../sync.ts';

/** Instance profiles and the roles in them. */
export const iamInstanceProfiles: Sync = {
  id: 'iaminstanceprofiles',
  scope: 'global',
  records: ['cartography.aws.iam.InstanceProfile'],
  actions: [],
  reads: [instanceProfiles],
  async *collect(context) {
    for (const [Arn, profile] of await context.shared(instanceProfiles)) {
      yield {
        type: 'cartography.aws.iam.InstanceProfile',
        value: {
          Arn,
          InstanceProfileId: profile.InstanceProfileId ?? null,
          InstanceProfileName: profile.InstanceProfileName ?? null,
          Path: profile.Path ?? null,
          CreateDate: profile.CreateDate?.getTime() ?? null,
          RoleArns: [...profile.roleArns],
        },
      };
    }
  },
};
