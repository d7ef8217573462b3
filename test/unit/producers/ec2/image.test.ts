import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Image } from '../../../../producers/syncs/ec2/image.ts';
import type { Answer, Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const image = {
  ImageId: 'ami-1',
  Name: 'grundlage-größer',
  CreationDate: '2024-01-31T09:30:00.000Z',
  Architecture: 'arm64',
  ImageLocation: '111122223333/grundlage-größer',
  ImageType: 'machine',
  Public: false,
  Platform: 'windows',
  PlatformDetails: 'Windows',
  UsageOperation: 'RunInstances:0002',
  State: 'available',
  Description: 'base',
  EnaSupport: true,
  Hypervisor: 'xen',
  RootDeviceName: '/dev/sda1',
  RootDeviceType: 'ebs',
  VirtualizationType: 'hvm',
  SriovNetSupport: 'simple',
  BootMode: 'uefi',
  OwnerId: '111122223333',
  ImageOwnerAlias: 'amazon',
  KernelId: 'aki-1',
  RamdiskId: 'ari-1',
};

interface Request {
  Owners?: string[];
  Filters?: { Name: string; Values: string[] }[];
  IncludeDeprecated?: boolean;
  NextToken?: string;
}

const byFilter = ({ Filters = [] }: Request): Answer => ({
  Images: Filters.flatMap(({ Values }) => Values).map((ImageId) => ({ ImageId })),
});

/** A region that uses no image, unless given. */
const region = (given: Responses = {}): Responses => ({
  DescribeImages: (request: Request) => (request.Owners ? { Images: [] } : byFilter(request)),
  DescribeInstances: () => ({}),
  DescribeLaunchConfigurations: () => ({}),
  DescribeLaunchTemplates: () => ({}),
  ...given,
});

test('an own image yields the fields that AWS gives, with an id that is unique across regions', async () => {
  const { records, calls } = await collectAll(ec2Image, {
    responses: region({ DescribeImages: [{ Images: [{ ...image, TpmSupport: 'v2.0', BlockDeviceMappings: [] }] }] }),
  });

  assert.deepEqual(records, [{ type: 'cartography.aws.ec2.Image', value: { Id: 'ami-1|eu-west-1', ...image } }]);
  assert.deepEqual(
    calls.filter(({ operation }) => operation === 'DescribeImages').map(({ input }) => input['Owners']),
    [['self']],
  );
});

test('what AWS leaves out is null', async () => {
  const { of } = await collectAll(ec2Image, {
    responses: region({ DescribeImages: [{ Images: [{ ImageId: 'ami-1' }] }] }),
  });

  const nothing = Object.fromEntries(Object.keys(image).map((name) => [name, null]));
  assert.deepEqual(of('ec2.Image'), [{ ...nothing, Id: 'ami-1|eu-west-1', ImageId: 'ami-1' }]);
});

test('images that instances, launch configurations and launch templates use are read too, each once, deprecated ones as well', async () => {
  const { of, calls } = await collectAll(ec2Image, {
    responses: region({
      DescribeImages: (request: Request) => (request.Owners ? { Images: [{ ImageId: 'ami-0' }] } : byFilter(request)),
      DescribeInstances: [
        {
          Reservations: [{ Instances: [{ InstanceId: 'i-1', ImageId: 'ami-1' }, { InstanceId: 'i-2' }] }],
          NextToken: 'x',
        },
        { Reservations: [{ Instances: [{ InstanceId: 'i-3', ImageId: 'ami-0' }] }, {}] },
      ],
      DescribeLaunchConfigurations: [
        { LaunchConfigurations: [{ ImageId: 'ami-2', UserData: 'secret' }], NextToken: 'x' },
        { LaunchConfigurations: [{ ImageId: 'ami-1' }] },
      ],
      DescribeLaunchTemplates: [
        { LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }], NextToken: 'x' },
        { LaunchTemplates: [{ LaunchTemplateId: 'lt-2' }] },
      ],
      DescribeLaunchTemplateVersions: (({ LaunchTemplateId, NextToken }: Request & { LaunchTemplateId: string }) => {
        if (LaunchTemplateId === 'lt-2') return awsError('InvalidLaunchTemplateId.NotFound');
        return NextToken === undefined
          ? { LaunchTemplateVersions: [{ LaunchTemplateData: { ImageId: 'ami-3' } }], NextToken: 'x' }
          : {
              LaunchTemplateVersions: [
                { LaunchTemplateData: { ImageId: 'resolve:ssm:/golden' } },
                { LaunchTemplateData: {} },
                {},
                { LaunchTemplateData: { ImageId: 'ami-4' } },
              ],
            };
      }) as never,
    }),
  });

  assert.deepEqual(
    of('ec2.Image').map(({ Id }) => Id),
    ['ami-0', 'ami-1', 'ami-2', 'ami-3', 'ami-4'].map((id) => `${id}|eu-west-1`),
  );
  const { input } = calls.findLast(({ operation }) => operation === 'DescribeImages')!;
  assert.deepEqual(input['Filters'], [{ Name: 'image-id', Values: ['ami-1', 'ami-2', 'ami-3', 'ami-4'] }]);
  assert.equal(input['IncludeDeprecated'], true);
});

test('all pages of images are read, and used ones that are gone or not shared are left out', async () => {
  const { of, withheld } = await collectAll(ec2Image, {
    responses: region({
      DescribeImages: [
        { Images: [{ ImageId: 'ami-1' }], NextToken: 'more' },
        { Images: [{ ImageId: 'ami-2' }] },
        { Images: [{ ImageId: 'ami-3' }], NextToken: 'more' },
        { Images: [{ ImageId: 'ami-4' }] },
      ],
      DescribeInstances: [
        { Reservations: [{ Instances: ['ami-3', 'ami-4', 'ami-5'].map((ImageId) => ({ ImageId })) }] },
      ],
    }),
  });

  assert.deepEqual(
    of('ec2.Image').map(({ ImageId }) => ImageId),
    ['ami-1', 'ami-2', 'ami-3', 'ami-4'],
  );
  assert.deepEqual(withheld, []);
});

test('while it is not known which images are in use, none goes; what is known is there', async () => {
  const denied = () => awsError('UnauthorizedOperation');
  const { of, withheld } = await collectAll(ec2Image, {
    responses: region({
      DescribeImages: (request: Request) => (request.Owners ? { Images: [{ ImageId: 'ami-0' }] } : byFilter(request)),
      DescribeInstances: [{ Reservations: [{ Instances: [{ ImageId: 'ami-1' }] }] }],
      DescribeLaunchConfigurations: denied,
      DescribeLaunchTemplates: [{ LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }] }],
      DescribeLaunchTemplateVersions: denied,
    }),
  });

  assert.deepEqual(
    of('ec2.Image').map(({ ImageId }) => ImageId),
    ['ami-0', 'ami-1'],
  );
  assert.deepEqual(
    withheld.map(({ type, reason, nodeId }) => [type, reason.split(':')[0], nodeId]),
    [
      ['cartography.aws.ec2.Image', 'DescribeLaunchConfigurations', undefined],
      ['cartography.aws.ec2.Image', 'DescribeLaunchTemplateVersions', undefined],
    ],
  );
});

test('images in use that may not be read are withheld by id', async () => {
  const { of, withheld } = await collectAll(ec2Image, {
    responses: region({
      DescribeImages: [{ Images: [{ ImageId: 'ami-0' }] }, awsError('InternalError')],
      DescribeInstances: [{ Reservations: [{ Instances: [{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }] }] }],
    }),
  });

  assert.equal(of('ec2.Image').length, 1);
  assert.deepEqual(
    withheld.map(({ nodeId }) => nodeId),
    ['ami-1|eu-west-1', 'ami-2|eu-west-1'],
  );
});

test('when images may not be listed, the scope ends with that', async () => {
  const collected = collectAll(ec2Image, {
    responses: region({ DescribeImages: [awsError('UnauthorizedOperation')] }),
  });

  await assert.rejects(collected, { name: 'UnauthorizedOperation' });
});

test('an image without its id ends the scope with an error', async () => {
  const collected = collectAll(ec2Image, { responses: region({ DescribeImages: [{ Images: [{ Name: 'x' }] }] }) });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeImages Images\.ImageId/ });
});
