import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { ec2Instance } from '../../../../producers/syncs/ec2/instance.ts';
import type { SyncContext } from '../../../../producers/sync.ts';
import { collectAll } from '../../../support/collect.ts';

/** As EC2 sends it: empty elements for what is not there. */
const page = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>1</requestId>
  <reservationSet>
    <item>
      <reservationId>r-1</reservationId><ownerId>111122223333</ownerId><groupSet/>
      <instancesSet>
        <item>
          <instanceId>i-1</instanceId><imageId>ami-1</imageId>
          <instanceState><code>48</code><name>terminated</name></instanceState>
          <privateDnsName/><dnsName/><reason>User initiated &amp; done</reason><amiLaunchIndex>0</amiLaunchIndex><productCodes/>
          <instanceType>t3.micro</instanceType><launchTime>2024-01-01T00:00:00.000Z</launchTime>
          <placement><availabilityZone>eu-west-1a</availabilityZone><groupName/><tenancy>default</tenancy></placement>
          <monitoring><state>disabled</state></monitoring>
          <groupSet/><blockDeviceMapping/><networkInterfaceSet/>
          <tagSet><item><key>kubernetes.io/cluster/büro</key><value/></item></tagSet>
          <ebsOptimized>false</ebsOptimized><hibernationOptions><configured>true</configured></hibernationOptions>
          <metadataOptions><state>pending</state><httpTokens>optional</httpTokens><httpPutResponseHopLimit>1</httpPutResponseHopLimit></metadataOptions>
        </item>
      </instancesSet>
    </item>
  </reservationSet>
</DescribeInstancesResponse>`;

class Wire {
  readonly bodies: string[] = [];
  handle(request: { body: string }) {
    this.bodies.push(request.body);
    return Promise.resolve({
      response: { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: Readable.from([Buffer.from(page)]) },
    });
  }
}

test("EC2's own XML comes out with empty text, whole numbers, dates and nulls where they belong", async () => {
  const wire = new Wire();
  const client: SyncContext['client'] = (constructor, region) => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return new constructor({ region, credentials, requestHandler: wire } as never);
  };
  const { of } = await collectAll(ec2Instance, { client });

  const [instance] = of('ec2.Instance');
  const {
    PublicDnsName,
    PrivateIpAddress,
    SubnetId,
    LaunchTime,
    MetadataHttpPutResponseHopLimit,
    EbsOptimized,
    HibernationOption,
    EksClusterName,
    SecurityGroupIds,
  } = instance!;
  assert.deepEqual([PublicDnsName, PrivateIpAddress, SubnetId], ['', null, null]);
  assert.deepEqual([LaunchTime, MetadataHttpPutResponseHopLimit], [Date.UTC(2024, 0, 1), 1]);
  assert.deepEqual([EbsOptimized, HibernationOption, EksClusterName, SecurityGroupIds], [false, true, 'büro', []]);
  assert.equal(new URLSearchParams(wire.bodies[0]).get('MaxResults'), '1000');
  assert.equal(wire.bodies.length, 1);
});
