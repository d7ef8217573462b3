import { RecordError } from '../../platform/errors.ts';

/**
 * A value that AWS always sends. Without it no record can be made, and leaving the item out would let its node be deleted.
 * @param name where it stands in AWS's answer, e.g. `DescribeVpcs Vpcs.VpcId`
 * @throws RecordError so that the scope ends as failed.
 */
export function required<T>(value: T | null | undefined, name: string): T {
  if (value === undefined || value === null) {
    throw new RecordError(
      `AWS answered without ${name}; nothing of this scope is deleted. Please report it if it persists.`,
      { details: { name } },
    );
  }
  return value;
}
