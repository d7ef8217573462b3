/** How many instances share a subnet, a security group and a key pair. */
const SHARED_BY = 100;

export interface EstateSize {
  /** Instances per account and region. */
  instances: number;
  /** Instances per page; AWS's most is 1000. */
  pageSize: number;
}

/** One reservation with one instance, one interface and two volumes, as EC2's Query protocol writes it. */
export function reservationXml(account: string, region: string, index: number): string {
  const place = `${account.slice(-4)}${[...region]
    .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 4096, 0)
    .toString(16)
    .padStart(3, '0')}`;
  const own = `${place}${index.toString(16).padStart(10, '0')}`;
  const shared = `${place}${Math.floor(index / SHARED_BY)
    .toString(16)
    .padStart(10, '0')}`;
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const name = `ip-${address.replaceAll('.', '-')}`;
  const groups = `<groupSet><item><groupId>sg-${shared}</groupId><groupName>web</groupName></item></groupSet>`;
  const volume = (device: string, id: string): string =>
    `<item><deviceName>${device}</deviceName><ebs><volumeId>vol-${id}${own}</volumeId><status>attached</status><attachTime>2026-01-12T08:11:04.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item>`;
  return `<item><reservationId>r-${own}</reservationId><ownerId>${account}</ownerId><groupSet/><instancesSet><item>
<instanceId>i-${own}</instanceId><imageId>ami-0abcdef1234567890</imageId><instanceState><code>16</code><name>running</name></instanceState>
<privateDnsName>${name}.${region}.compute.internal</privateDnsName><dnsName>ec2-${name}.${region}.compute.amazonaws.com</dnsName><reason/>
<keyName>key-${shared}</keyName><amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>m6i.large</instanceType><launchTime>2026-01-12T08:11:02.000Z</launchTime>
<placement><availabilityZone>${region}a</availabilityZone><groupName/><tenancy>default</tenancy></placement><monitoring><state>disabled</state></monitoring>
<subnetId>subnet-${shared}</subnetId><vpcId>vpc-${place}</vpcId><privateIpAddress>${address}</privateIpAddress><ipAddress>198.51.${(index >> 8) & 255}.${index & 255}</ipAddress>
<sourceDestCheck>true</sourceDestCheck>${groups}<architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>
<blockDeviceMapping>${volume('/dev/xvda', 'a')}${volume('/dev/xvdb', 'b')}</blockDeviceMapping><virtualizationType>hvm</virtualizationType><clientToken>${own}</clientToken>
<tagSet><item><key>Name</key><value>web-${index}</value></item><item><key>team</key><value>platform</value></item><item><key>environment</key><value>production</value></item></tagSet>
<hypervisor>xen</hypervisor><networkInterfaceSet><item><networkInterfaceId>eni-${own}</networkInterfaceId><subnetId>subnet-${shared}</subnetId><vpcId>vpc-${place}</vpcId><description/>
<ownerId>${account}</ownerId><status>in-use</status><macAddress>02:42:${[24, 16, 8, 0].map((shift) => ((index >> shift) & 255).toString(16).padStart(2, '0')).join(':')}</macAddress><privateIpAddress>${address}</privateIpAddress>
<privateDnsName>${name}.${region}.compute.internal</privateDnsName><sourceDestCheck>true</sourceDestCheck>${groups}
<attachment><attachmentId>eni-attach-${own}</attachmentId><deviceIndex>0</deviceIndex><status>attached</status><attachTime>2026-01-12T08:11:02.000Z</attachTime><deleteOnTermination>true</deleteOnTermination><networkCardIndex>0</networkCardIndex></attachment>
<privateIpAddressesSet><item><privateIpAddress>${address}</privateIpAddress><privateDnsName>${name}.${region}.compute.internal</privateDnsName><primary>true</primary></item></privateIpAddressesSet><ipv6AddressesSet/><interfaceType>interface</interfaceType></item></networkInterfaceSet>
<iamInstanceProfile><arn>arn:aws:iam::${account}:instance-profile/web</arn><id>AIPA000000000000WEB0</id></iamInstanceProfile><ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport>
<cpuOptions><coreCount>1</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions><capacityReservationSpecification><capacityReservationPreference>open</capacityReservationPreference></capacityReservationSpecification>
<hibernationOptions><configured>false</configured></hibernationOptions><metadataOptions><state>applied</state><httpTokens>required</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint><httpProtocolIpv6>disabled</httpProtocolIpv6><instanceMetadataTags>disabled</instanceMetadataTags></metadataOptions>
<enclaveOptions><enabled>false</enabled></enclaveOptions><bootMode>uefi-preferred</bootMode><maintenanceOptions><autoRecovery>default</autoRecovery></maintenanceOptions><privateDnsNameOptions><hostnameType>ip-name</hostnameType><enableResourceNameDnsARecord>false</enableResourceNameDnsARecord><enableResourceNameDnsAAAARecord>false</enableResourceNameDnsAAAARecord></privateDnsNameOptions>
</item></instancesSet></item>`;
}

/** One page of DescribeInstances. The token is the index of the page's first instance. */
export function instancesPage(account: string, region: string, size: EstateSize, token: string | null): string {
  const first = Number(token ?? 0);
  const last = Math.min(first + size.pageSize, size.instances);
  let items = '';
  for (let index = first; index < last; index++) items += reservationXml(account, region, index);
  const next = last < size.instances ? `<nextToken>${last}</nextToken>` : '';
  return `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>bench</requestId><reservationSet>${items}</reservationSet>${next}</DescribeInstancesResponse>`;
}
