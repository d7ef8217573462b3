/**
 * The id of a key's node: its KeyId, as in the reference, unless it is a multi-Region key. Those have one KeyId in every
 * region, and yet an own policy, state, aliases and grants in each.
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export function keyNodeId(keyId: string, keyArn: string): string {
  return keyId.startsWith('mrk-') ? keyArn : keyId;
}
