import type { InstanceProfile } from '@aws-sdk/client-iam';
import type { SharedRead } from '../sync.ts';
import { required } from '../syncs/required.ts';

/** Without the roles' trust policies, which are long. */
export type InstanceProfileDetail = Pick<
  InstanceProfile,
  'CreateDate' | 'InstanceProfileId' | 'InstanceProfileName' | 'Path'
> & {
  /** At most one, today. */
  roleArns: readonly string[];
};

/** The account's instance profiles by ARN. */
export const instanceProfiles: SharedRead<ReadonlyMap<string, InstanceProfileDetail>> = {
  id: 'iam:instance-profiles',
  scope: 'global',
  actions: ['iam:ListInstanceProfiles'],
  async read(context) {
    const { IAMClient, paginateListInstanceProfiles } = await import('@aws-sdk/client-iam');
    const pages = paginateListInstanceProfiles(
      { client: context.client(IAMClient), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const profiles = new Map<string, InstanceProfileDetail>();
    for await (const page of pages) {
      for (const { Arn, Roles, ...profile } of page.InstanceProfiles ?? []) {
        profiles.set(required(Arn, 'ListInstanceProfiles InstanceProfiles.Arn'), {
          CreateDate: profile.CreateDate,
          InstanceProfileId: profile.InstanceProfileId,
          InstanceProfileName: profile.InstanceProfileName,
          Path: profile.Path,
          roleArns: (Roles ?? []).map((role) => required(role.Arn, 'ListInstanceProfiles InstanceProfiles.Roles.Arn')),
        });
      }
    }
    return profiles;
  },
};
