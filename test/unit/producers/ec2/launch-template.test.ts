import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2LaunchTemplate } from '../../../../producers/syncs/ec2/launch-template.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const created = new Date('2024-01-31T09:30:00.750Z');
const createdSeconds = String(Date.parse('2024-01-31T09:30:00Z') / 1000);
const template = {
  LaunchTemplateId: 'lt-1',
  LaunchTemplateName: 'größe',
  CreateTime: created,
  CreatedBy: 'arn:aws:iam::111122223333:root',
  DefaultVersionNumber: 1,
  LatestVersionNumber: 2,
};
const versionNothing = {
  LaunchTemplateName: null,
  CreateTime: null,
  CreatedBy: null,
  DefaultVersion: null,
  VersionDescription: null,
  KernelId: null,
  EbsOptimized: null,
  IamInstanceProfileArn: null,
  IamInstanceProfileName: null,
  ImageId: null,
  InstanceType: null,
  KeyName: null,
  MonitoringEnabled: null,
  RamDiskId: null,
  DisableApiTermination: null,
  InstanceInitiatedShutdownBehavior: null,
  SecurityGroupIds: null,
  SecurityGroups: null,
};

/** A region with these templates, each with a first version. */
const region = (ids: string[], given: Responses = {}): Responses => ({
  DescribeLaunchTemplates: [{ LaunchTemplates: ids.map((LaunchTemplateId) => ({ LaunchTemplateId })) }],
  DescribeLaunchTemplateVersions: () => ({ LaunchTemplateVersions: [{ VersionNumber: 1 }] }),
  ...given,
});

test('a template and its version yield the fields that AWS gives, but never user data', async () => {
  const LaunchTemplateData = {
    KernelId: 'aki-1',
    EbsOptimized: true,
    IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/web', Name: 'web' },
    ImageId: 'ami-1',
    InstanceType: 't3.micro',
    KeyName: 'laptop',
    Monitoring: { Enabled: false },
    RamDiskId: 'ari-1',
    DisableApiTermination: true,
    InstanceInitiatedShutdownBehavior: 'terminate',
    SecurityGroupIds: ['sg-1', 'sg-2'],
    SecurityGroups: ['default'],
    UserData: 'c2VjcmV0',
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1' }],
  };
  const { records } = await collectAll(ec2LaunchTemplate, {
    responses: region([], {
      DescribeLaunchTemplates: [{ LaunchTemplates: [{ ...template, Tags: [] }] }],
      DescribeLaunchTemplateVersions: [
        {
          LaunchTemplateVersions: [
            {
              LaunchTemplateId: 'lt-1',
              LaunchTemplateName: 'größe',
              VersionNumber: 2,
              VersionDescription: 'second',
              CreateTime: created,
              CreatedBy: 'arn:aws:iam::111122223333:user/x',
              DefaultVersion: false,
              LaunchTemplateData,
            },
          ],
        },
      ],
    }),
  });

  assert.deepEqual(records, [
    { type: 'cartography.aws.ec2.LaunchTemplate', value: { ...template, CreateTime: createdSeconds } },
    {
      type: 'cartography.aws.ec2.LaunchTemplateVersion',
      value: {
        Id: 'lt-1-2',
        LaunchTemplateId: 'lt-1',
        LaunchTemplateName: 'größe',
        CreateTime: createdSeconds,
        CreatedBy: 'arn:aws:iam::111122223333:user/x',
        DefaultVersion: false,
        VersionNumber: 2,
        VersionDescription: 'second',
        KernelId: 'aki-1',
        EbsOptimized: true,
        IamInstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/web',
        IamInstanceProfileName: 'web',
        ImageId: 'ami-1',
        InstanceType: 't3.micro',
        KeyName: 'laptop',
        MonitoringEnabled: false,
        RamDiskId: 'ari-1',
        DisableApiTermination: true,
        InstanceInitiatedShutdownBehavior: 'terminate',
        SecurityGroupIds: ['sg-1', 'sg-2'],
        SecurityGroups: ['default'],
      },
    },
  ]);
});

test('what AWS leaves out is null', async () => {
  const { of } = await collectAll(ec2LaunchTemplate, { responses: region(['lt-1']) });

  const nothing = Object.fromEntries(Object.keys(template).map((name) => [name, null]));
  assert.deepEqual(of('ec2.LaunchTemplate'), [{ ...nothing, LaunchTemplateId: 'lt-1' }]);
  assert.deepEqual(of('ec2.LaunchTemplateVersion'), [
    { ...versionNothing, Id: 'lt-1-1', LaunchTemplateId: 'lt-1', VersionNumber: 1 },
  ]);
});

test('all pages of templates and of versions are read', async () => {
  const { of, calls } = await collectAll(ec2LaunchTemplate, {
    responses: {
      DescribeLaunchTemplates: [
        { LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }], NextToken: 'more' },
        { LaunchTemplates: [{ LaunchTemplateId: 'lt-2' }] },
      ],
      DescribeLaunchTemplateVersions: ({ NextToken }: { NextToken?: string }) =>
        NextToken === undefined
          ? { LaunchTemplateVersions: [{ VersionNumber: 2 }], NextToken: 'more' }
          : { LaunchTemplateVersions: [{ VersionNumber: 1 }] },
    },
  });

  assert.deepEqual(
    of('ec2.LaunchTemplateVersion').map(({ Id }) => Id),
    ['lt-1-2', 'lt-1-1', 'lt-2-2', 'lt-2-1'],
  );
  assert.ok(calls.every(({ input }) => input['MaxResults'] === 200));
});

test('a template that was deleted after it was listed is left out and nothing is withheld', async () => {
  const { records, withheld } = await collectAll(ec2LaunchTemplate, {
    responses: region(['lt-1'], {
      DescribeLaunchTemplateVersions: [awsError('InvalidLaunchTemplateId.NotFound')],
    }),
  });

  assert.deepEqual(records, []);
  assert.deepEqual(withheld, []);
});

test('when versions may not be read, the templates are there and no version goes', async () => {
  const { of, withheld } = await collectAll(ec2LaunchTemplate, {
    responses: region(['lt-1'], { DescribeLaunchTemplateVersions: [awsError('UnauthorizedOperation')] }),
  });

  assert.equal(of('ec2.LaunchTemplate').length, 1);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [['cartography.aws.ec2.LaunchTemplateVersion', undefined]],
  );
});

test('when templates may not be listed, the scope ends with that', async () => {
  const collected = collectAll(ec2LaunchTemplate, {
    responses: { DescribeLaunchTemplates: [awsError('UnauthorizedOperation')] },
  });

  await assert.rejects(collected, { name: 'UnauthorizedOperation' });
});

const incomplete: [string, Responses, RegExp][] = [
  [
    'a template without its id',
    region([], { DescribeLaunchTemplates: [{ LaunchTemplates: [{}] }] }),
    /LaunchTemplateId/,
  ],
  [
    'a version without its number',
    region(['lt-1'], { DescribeLaunchTemplateVersions: [{ LaunchTemplateVersions: [{}] }] }),
    /LaunchTemplateVersions\.VersionNumber/,
  ],
];
for (const [what, responses, message] of incomplete) {
  test(`${what} ends the scope with an error`, async () => {
    await assert.rejects(collectAll(ec2LaunchTemplate, { responses }), { code: 'CS_RECORD', message });
  });
}
