import type { ClientConstructor } from './sync.ts';

/**
 * The regions that are enabled for the account.
 * @throws what the SDK throws, e.g. UnauthorizedOperation.
 */
export async function listRegions(
  client: <C>(constructor: ClientConstructor<C>, region: string) => C,
  defaultRegion: string,
): Promise<string[]> {
  const { DescribeRegionsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const answer = await client(EC2Client, defaultRegion).send(new DescribeRegionsCommand({}));
  return (answer.Regions ?? []).map(({ RegionName }) => RegionName).filter((name) => name !== undefined);
}
