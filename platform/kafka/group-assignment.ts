export interface GroupMemberSubscription {
  memberId: string;
  topics: readonly string[];
}

interface Share {
  memberId: string;
  topics: ReadonlySet<string>;
  count: number;
  assignment: Record<string, number[]>;
}

/**
 * Gives every partition to one of the members that subscribe to its topic, always to the one that has fewest. The same
 * members and partitions give the same assignment.
 */
export function assignPartitions(
  members: readonly GroupMemberSubscription[],
  partitionsByTopic: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const shares: Share[] = members.map(({ memberId, topics }) => ({
    memberId,
    topics: new Set(topics),
    count: 0,
    assignment: {},
  }));
  shares.sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  for (const topic of [...partitionsByTopic.keys()].sort()) {
    const subscribers = shares.filter(({ topics }) => topics.has(topic));
    for (const partition of [...(partitionsByTopic.get(topic) ?? [])].sort((a, b) => a - b)) {
      const [first, ...others] = subscribers;
      if (first === undefined) break;
      const share = others.reduce((fewest, other) => (other.count < fewest.count ? other : fewest), first);
      share.count++;
      (share.assignment[topic] ??= []).push(partition);
    }
  }
  return new Map(shares.map(({ memberId, assignment }) => [memberId, assignment]));
}
