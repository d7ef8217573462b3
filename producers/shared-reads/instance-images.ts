import type { SharedRead } from '../sync.ts';

/** Ids of the images that the region's instances were launched from. Nothing else of the instances is kept. */
export const instanceImages: SharedRead<ReadonlySet<string>> = {
  id: 'ec2:instance-images',
  scope: 'regional',
  actions: ['ec2:DescribeInstances'],
  async read(context) {
    const { EC2Client, paginateDescribeInstances } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeInstances(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const imageIds = new Set<string>();
    for await (const { Reservations = [] } of pages) {
      for (const { ImageId } of Reservations.flatMap(({ Instances }) => Instances ?? [])) {
        if (ImageId) imageIds.add(ImageId);
      }
    }
    return imageIds;
  },
};
