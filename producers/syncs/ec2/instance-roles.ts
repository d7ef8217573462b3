import type { Instance } from '@aws-sdk/client-ec2';
import { messageOf } from '../../../platform/errors.ts';
import { instanceProfiles } from '../../shared-reads/instance-profiles.ts';
import type { CollectedRecord, SyncContext } from '../../sync.ts';

const TYPE = 'cartography.aws.ec2.InstanceRole';

type InstanceProfiles = Awaited<ReturnType<typeof instanceProfiles.read>>;

/**
 * The roles of an instance by way of its profile. EC2 names only the profile, so IAM is read as well, once an instance needs
 * it; where IAM does not answer, the instance keeps the roles that it had.
 */
export function roleResolver(
  context: SyncContext,
): (instanceId: string, instance: Instance) => Promise<CollectedRecord[]> {
  let reading: Promise<InstanceProfiles | { unread: string }> | undefined;

  const read = async (): Promise<InstanceProfiles | { unread: string }> => {
    try {
      return await context.shared(instanceProfiles);
    } catch (error) {
      context.signal.throwIfAborted();
      context.logger.warn(
        { err: error },
        'instance profiles could not be read; instances keep the roles that they had',
      );
      return { unread: `${instanceProfiles.id}: ${messageOf(error)}` };
    }
  };

  return async (instanceId, instance) => {
    const profileArn = instance.IamInstanceProfile?.Arn;
    if (!profileArn) return [];
    const profiles = await (reading ??= read());
    if ('unread' in profiles) {
      context.withhold(TYPE, profiles.unread, instanceId);
      return [];
    }
    const roleArns = profiles.get(profileArn)?.roleArns ?? [];
    return roleArns.length === 0
      ? []
      : [
          {
            type: TYPE,
            value: { InstanceId: instanceId, AssumedRoleArns: [...roleArns], SubResourceLabel: 'AWSAccount' },
          },
        ];
  };
}
