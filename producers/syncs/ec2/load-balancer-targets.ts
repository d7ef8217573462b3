import type { LoadBalancersV2, UsedTargetGroup } from '../../shared-reads/load-balancers-v2.ts';
import type { SyncContext } from '../../sync.ts';

/** One target of a load balancer, with the target group that leads to it. */
export interface Target {
  id: string;
  group: UsedTargetGroup['group'];
  groupArn: string;
}

/**
 * The targets of these types by the DNS name of their load balancer, and by id: of two target groups with one target the
 * later one counts. What could not be read is withheld from the record type, and its load balancer left out.
 */
export function targetsOf(
  context: SyncContext,
  recordType: string,
  targetGroups: LoadBalancersV2['targetGroups'],
  types: readonly string[],
): Map<string, Map<string, Target>> {
  const found = new Map<string, Map<string, Target>>();
  if (targetGroups.kind === 'unread') context.withhold(recordType, targetGroups.reason);
  if (targetGroups.kind !== 'read') return found;
  const unread = new Set<string>();
  for (const { arn, group, loadBalancerIds, targetIds } of targetGroups.value) {
    if (!types.includes(group.TargetType ?? '')) continue;
    for (const loadBalancerId of loadBalancerIds) {
      if (targetIds.kind === 'unread') {
        context.withhold(recordType, targetIds.reason, loadBalancerId);
        unread.add(loadBalancerId);
      }
      if (targetIds.kind !== 'read') continue;
      const targets = found.get(loadBalancerId) ?? new Map<string, Target>();
      found.set(loadBalancerId, targets);
      for (const id of targetIds.value) targets.set(id, { id, group, groupArn: arn });
    }
  }
  for (const loadBalancerId of unread) found.delete(loadBalancerId);
  return found;
}
