import type { SharedRead } from '../sync.ts';
import { required } from '../syncs/required.ts';

/** The account's instance profiles: ARN -> ARNs of their roles (at most one each, today). */
export const instanceProfiles: SharedRead<ReadonlyMap<string, readonly string[]>> = {
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
    const roleArns = new Map<string, readonly string[]>();
    for await (const page of pages) {
      for (const profile of page.InstanceProfiles ?? []) {
        const arn = required(profile.Arn, 'ListInstanceProfiles InstanceProfiles.Arn');
        roleArns.set(
          arn,
          (profile.Roles ?? []).map((role) => required(role.Arn, 'ListInstanceProfiles InstanceProfiles.Roles.Arn')),
        );
      }
    }
    return roleArns;
  },
};
