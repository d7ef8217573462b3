import type { DescribeImagesRequest, Image } from '@aws-sdk/client-ec2';
import { EC2Client, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import { idFilters } from './id-filters.ts';
import { imagesInUse } from './images-in-use.ts';

const TYPE = 'cartography.aws.ec2.Image';

export async function* collectImages(context: SyncContext): AsyncGenerator<CollectedRecord> {
  const own = new Set<string>();
  for await (const image of listImages(context, { Owners: ['self'] })) {
    own.add(idOf(image));
    yield imageRecord(context, image);
  }

  const used = await imagesInUse(context);
  for (const reason of used.unread) context.withhold(TYPE, reason);
  const others = [...used.ids].filter((id) => !own.has(id));
  for (const filter of idFilters('image-id', others)) {
    // Deprecated images of others can be used, and yet are listed on demand only.
    const read = () => Array.fromAsync(listImages(context, { Filters: [filter], IncludeDeprecated: true }));
    const images = await readDetail(context, 'DescribeImages', read);
    if (images.kind === 'read') for (const image of images.value) yield imageRecord(context, image);
    if (images.kind === 'unread') {
      for (const id of filter.Values) context.withhold(TYPE, images.reason, nodeIdOf(context, id));
    }
  }
}

async function* listImages(context: SyncContext, request: DescribeImagesRequest): AsyncGenerator<Image> {
  const pages = paginateDescribeImages({ client: context.client(EC2Client), pageSize: 1000 }, request, {
    abortSignal: context.signal,
  });
  for await (const { Images = [] } of pages) yield* Images;
}

function idOf(image: Image): string {
  return required(image.ImageId, 'DescribeImages Images.ImageId');
}

function nodeIdOf(context: SyncContext, imageId: string): string {
  return `${imageId}|${context.region}`;
}

function imageRecord(context: SyncContext, image: Image): CollectedRecord {
  const ImageId = idOf(image);
  return {
    type: TYPE,
    value: {
      Id: nodeIdOf(context, ImageId),
      ImageId,
      Name: image.Name ?? null,
      CreationDate: image.CreationDate ?? null,
      Architecture: image.Architecture ?? null,
      ImageLocation: image.ImageLocation ?? null,
      ImageType: image.ImageType ?? null,
      Public: image.Public ?? null,
      Platform: image.Platform ?? null,
      PlatformDetails: image.PlatformDetails ?? null,
      UsageOperation: image.UsageOperation ?? null,
      State: image.State ?? null,
      Description: image.Description ?? null,
      EnaSupport: image.EnaSupport ?? null,
      Hypervisor: image.Hypervisor ?? null,
      RootDeviceName: image.RootDeviceName ?? null,
      RootDeviceType: image.RootDeviceType ?? null,
      VirtualizationType: image.VirtualizationType ?? null,
      SriovNetSupport: image.SriovNetSupport ?? null,
      BootMode: image.BootMode ?? null,
      OwnerId: image.OwnerId ?? null,
      ImageOwnerAlias: image.ImageOwnerAlias ?? null,
      KernelId: image.KernelId ?? null,
      RamdiskId: image.RamdiskId ?? null,
    },
  };
}
