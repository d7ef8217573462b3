import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { ec2LaunchTemplate } from '../../../../producers/syncs/ec2/launch-template.ts';
import type { SyncContext } from '../../../../producers/sync.ts';
import { collectAll } from '../../../support/collect.ts';

/* As EC2 sends it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html */

const templates = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeLaunchTemplatesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <launchTemplates>
    <item><launchTemplateId>lt-1</launchTemplateId><createTime>2024-01-31T09:30:00.000Z</createTime><latestVersionNumber>7</latestVersionNumber></item>
    <item><launchTemplateId>lt-gone</launchTemplateId></item>
  </launchTemplates>
</DescribeLaunchTemplatesResponse>`;
const versions = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeLaunchTemplateVersionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <launchTemplateVersionSet>
    <item>
      <launchTemplateId>lt-1</launchTemplateId><versionNumber>7</versionNumber><defaultVersion>true</defaultVersion>
      <launchTemplateData>
        <iamInstanceProfile><name>web</name></iamInstanceProfile><ramDiskId>ari-1</ramDiskId><userData>c2VjcmV0</userData>
        <securityGroupIdSet><item>sg-1</item><item>sg-2</item></securityGroupIdSet><monitoring><enabled>false</enabled></monitoring>
      </launchTemplateData>
    </item>
  </launchTemplateVersionSet>
</DescribeLaunchTemplateVersionsResponse>`;
const notFound = `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>InvalidLaunchTemplateId.NotFound</Code><Message>it does not exist</Message></Error></Errors><RequestID>1</RequestID></Response>`;

const wire = {
  handle({ body }: { body: string }) {
    const form = new URLSearchParams(body);
    const gone = form.get('LaunchTemplateId') === 'lt-gone';
    const text = form.get('Action') === 'DescribeLaunchTemplates' ? templates : gone ? notFound : versions;
    const response = {
      statusCode: gone ? 400 : 200,
      headers: { 'content-type': 'text/xml' },
      body: Readable.from([Buffer.from(text)]),
    };
    return Promise.resolve({ response });
  },
};

test("EC2's own XML and its error for a template that is gone come out as the collector expects them", async () => {
  const client: SyncContext['client'] = (constructor, region) => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return new constructor({ region, credentials, requestHandler: wire } as never);
  };
  const { of, withheld } = await collectAll(ec2LaunchTemplate, { client });

  assert.deepEqual(
    of('ec2.LaunchTemplate').map((one) => [one['LaunchTemplateId'], one['CreateTime'], one['LatestVersionNumber']]),
    [['lt-1', String(Date.UTC(2024, 0, 31, 9, 30) / 1000), 7]],
  );
  const [version, ...more] = of('ec2.LaunchTemplateVersion');
  assert.deepEqual(more, []);
  assert.deepEqual(
    [version!['Id'], version!['DefaultVersion'], version!['IamInstanceProfileName'], version!['RamDiskId']],
    ['lt-1-7', true, 'web', 'ari-1'],
  );
  assert.deepEqual([version!['SecurityGroupIds'], version!['MonitoringEnabled']], [['sg-1', 'sg-2'], false]);
  assert.ok(!JSON.stringify(version).includes('c2VjcmV0'));
  assert.deepEqual(withheld, []);
});
