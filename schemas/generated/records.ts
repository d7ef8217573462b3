// Made of the .avsc files by `npm run generate`: edit those.

/** Record types by full name, without the envelope, which the engine adds. */
export interface RecordTypes {
  'cartography.aws.Account': Account;
  'cartography.aws.RootPrincipal': RootPrincipal;
  'cartography.aws.ec2.AutoScalingGroup': Ec2AutoScalingGroup;
  'cartography.aws.ec2.AutoScalingInstance': Ec2AutoScalingInstance;
  'cartography.aws.ec2.AutoScalingSubnet': Ec2AutoScalingSubnet;
  'cartography.aws.ec2.ElasticIpAddress': Ec2ElasticIpAddress;
  'cartography.aws.ec2.Image': Ec2Image;
  'cartography.aws.ec2.Instance': Ec2Instance;
  'cartography.aws.ec2.InstanceKeyPair': Ec2InstanceKeyPair;
  'cartography.aws.ec2.InstanceNetworkInterface': Ec2InstanceNetworkInterface;
  'cartography.aws.ec2.InstanceRole': Ec2InstanceRole;
  'cartography.aws.ec2.InstanceSecurityGroup': Ec2InstanceSecurityGroup;
  'cartography.aws.ec2.InstanceSubnet': Ec2InstanceSubnet;
  'cartography.aws.ec2.InstanceVolume': Ec2InstanceVolume;
  'cartography.aws.ec2.InternetGateway': Ec2InternetGateway;
  'cartography.aws.ec2.IpPermissionInbound': Ec2IpPermissionInbound;
  'cartography.aws.ec2.IpRange': Ec2IpRange;
  'cartography.aws.ec2.IpRule': Ec2IpRule;
  'cartography.aws.ec2.Ipv6Address': Ec2Ipv6Address;
  'cartography.aws.ec2.KeyPair': Ec2KeyPair;
  'cartography.aws.ec2.LaunchConfiguration': Ec2LaunchConfiguration;
  'cartography.aws.ec2.LaunchTemplate': Ec2LaunchTemplate;
  'cartography.aws.ec2.LaunchTemplateVersion': Ec2LaunchTemplateVersion;
  'cartography.aws.ec2.LoadBalancer': Ec2LoadBalancer;
  'cartography.aws.ec2.LoadBalancerListener': Ec2LoadBalancerListener;
  'cartography.aws.ec2.LoadBalancerV2': Ec2LoadBalancerV2;
  'cartography.aws.ec2.LoadBalancerV2IpTargets': Ec2LoadBalancerV2IpTargets;
  'cartography.aws.ec2.LoadBalancerV2Listener': Ec2LoadBalancerV2Listener;
  'cartography.aws.ec2.LoadBalancerV2Targets': Ec2LoadBalancerV2Targets;
  'cartography.aws.ec2.NetworkAcl': Ec2NetworkAcl;
  'cartography.aws.ec2.NetworkAclEgressRule': Ec2NetworkAclEgressRule;
  'cartography.aws.ec2.NetworkAclInboundRule': Ec2NetworkAclInboundRule;
  'cartography.aws.ec2.NetworkInterface': Ec2NetworkInterface;
  'cartography.aws.ec2.NetworkInterfaceLoadBalancer': Ec2NetworkInterfaceLoadBalancer;
  'cartography.aws.ec2.NetworkInterfaceSecurityGroup': Ec2NetworkInterfaceSecurityGroup;
  'cartography.aws.ec2.NetworkInterfaceSubnet': Ec2NetworkInterfaceSubnet;
  'cartography.aws.ec2.PeeringAccount': Ec2PeeringAccount;
  'cartography.aws.ec2.PeeringCidrBlock': Ec2PeeringCidrBlock;
  'cartography.aws.ec2.PeeringConnection': Ec2PeeringConnection;
  'cartography.aws.ec2.PeeringVpc': Ec2PeeringVpc;
  'cartography.aws.ec2.PrivateIp': Ec2PrivateIp;
  'cartography.aws.ec2.Reservation': Ec2Reservation;
  'cartography.aws.ec2.ReservedInstance': Ec2ReservedInstance;
  'cartography.aws.ec2.Route': Ec2Route;
  'cartography.aws.ec2.RouteTable': Ec2RouteTable;
  'cartography.aws.ec2.RouteTableAssociation': Ec2RouteTableAssociation;
  'cartography.aws.ec2.SecurityGroup': Ec2SecurityGroup;
  'cartography.aws.ec2.Snapshot': Ec2Snapshot;
  'cartography.aws.ec2.SnapshotPermission': Ec2SnapshotPermission;
  'cartography.aws.ec2.Subnet': Ec2Subnet;
  'cartography.aws.ec2.TargetGroup': Ec2TargetGroup;
  'cartography.aws.ec2.TransitGateway': Ec2TransitGateway;
  'cartography.aws.ec2.TransitGatewayAttachment': Ec2TransitGatewayAttachment;
  'cartography.aws.ec2.TransitGatewayRoute': Ec2TransitGatewayRoute;
  'cartography.aws.ec2.TransitGatewayRouteTable': Ec2TransitGatewayRouteTable;
  'cartography.aws.ec2.TransitGatewayRouteTableAssociation': Ec2TransitGatewayRouteTableAssociation;
  'cartography.aws.ec2.TransitGatewayRouteTablePropagation': Ec2TransitGatewayRouteTablePropagation;
  'cartography.aws.ec2.TransitGatewayVpcAttachment': Ec2TransitGatewayVpcAttachment;
  'cartography.aws.ec2.Volume': Ec2Volume;
  'cartography.aws.ec2.Vpc': Ec2Vpc;
  'cartography.aws.ec2.VpcEndpoint': Ec2VpcEndpoint;
  'cartography.aws.ec2.VpcEndpointRouteTable': Ec2VpcEndpointRouteTable;
  'cartography.aws.ec2.VpcEndpointSecurityGroup': Ec2VpcEndpointSecurityGroup;
  'cartography.aws.ec2.VpcEndpointSubnet': Ec2VpcEndpointSubnet;
  'cartography.aws.ec2.VpcIpv4CidrBlock': Ec2VpcIpv4CidrBlock;
  'cartography.aws.ec2.VpcIpv6CidrBlock': Ec2VpcIpv6CidrBlock;
  'cartography.aws.iam.AccessKeyLastUsed': IamAccessKeyLastUsed;
  'cartography.aws.iam.AccountAccessKey': IamAccountAccessKey;
  'cartography.aws.iam.AccountSummary': IamAccountSummary;
  'cartography.aws.iam.FederatedPrincipal': IamFederatedPrincipal;
  'cartography.aws.iam.Group': IamGroup;
  'cartography.aws.iam.GroupLastAccessed': IamGroupLastAccessed;
  'cartography.aws.iam.InlinePolicy': IamInlinePolicy;
  'cartography.aws.iam.InstanceProfile': IamInstanceProfile;
  'cartography.aws.iam.ManagedPolicy': IamManagedPolicy;
  'cartography.aws.iam.MfaDevice': IamMfaDevice;
  'cartography.aws.iam.PolicyStatement': IamPolicyStatement;
  'cartography.aws.iam.Role': IamRole;
  'cartography.aws.iam.RoleLastAccessed': IamRoleLastAccessed;
  'cartography.aws.iam.SAMLProvider': IamSAMLProvider;
  'cartography.aws.iam.ServerCertificate': IamServerCertificate;
  'cartography.aws.iam.ServicePrincipal': IamServicePrincipal;
  'cartography.aws.iam.TrustedAccount': IamTrustedAccount;
  'cartography.aws.iam.TrustedRootPrincipal': IamTrustedRootPrincipal;
  'cartography.aws.iam.User': IamUser;
  'cartography.aws.iam.UserLastAccessed': IamUserLastAccessed;
  'cartography.aws.kms.Alias': KmsAlias;
  'cartography.aws.kms.Grant': KmsGrant;
  'cartography.aws.kms.Key': KmsKey;
  'cartography.aws.kms.KeyPolicy': KmsKeyPolicy;
  'cartography.aws.organizations.Account': OrganizationsAccount;
  'cartography.aws.organizations.Organization': OrganizationsOrganization;
  'cartography.aws.organizations.OrganizationalUnit': OrganizationsOrganizationalUnit;
  'cartography.aws.organizations.Root': OrganizationsRoot;
  'cartography.aws.organizations.RootPrincipal': OrganizationsRootPrincipal;
  'cartography.aws.s3.AccountPublicAccessBlock': S3AccountPublicAccessBlock;
  'cartography.aws.s3.Acl': S3Acl;
  'cartography.aws.s3.Bucket': S3Bucket;
  'cartography.aws.s3.BucketAcl': S3BucketAcl;
  'cartography.aws.s3.BucketEncryption': S3BucketEncryption;
  'cartography.aws.s3.BucketLogging': S3BucketLogging;
  'cartography.aws.s3.BucketNotification': S3BucketNotification;
  'cartography.aws.s3.BucketOwnership': S3BucketOwnership;
  'cartography.aws.s3.BucketPolicy': S3BucketPolicy;
  'cartography.aws.s3.BucketPublicAccessBlock': S3BucketPublicAccessBlock;
  'cartography.aws.s3.BucketVersioning': S3BucketVersioning;
  'cartography.aws.s3.PolicyStatement': S3PolicyStatement;
}

/** Markers by full name. */
export interface MarkerTypes {
  'cartography.aws.markers.AccountMarker': AccountMarker;
  'cartography.aws.markers.HierarchyMarker': HierarchyMarker;
  'cartography.aws.markers.RunMarker': RunMarker;
  'cartography.aws.markers.ScopeMarker': ScopeMarker;
  'cartography.aws.markers.ShardMarker': ShardMarker;
}

/** An account that a run covers, by the name of its profile. */
export interface Account {
  /** 12 digits */
  AccountId: string;
  /** Name of the profile that gives the credentials */
  Name?: string | null | undefined;
  /** Whether the run covers the account: true */
  InScope: boolean;
}

/** What a policy means by "the account": everyone in it whom the account itself allows. Not the root user; no API returns it. */
export interface RootPrincipal {
  /** arn:aws:iam::<account>:root */
  Arn: string;
}

/** A group that launches and replaces instances, from autoscaling DescribeAutoScalingGroups. */
export interface Ec2AutoScalingGroup {
  /** arn:<partition>:autoscaling:... */
  AutoScalingGroupARN: string;
  /** Unique in its account and region */
  AutoScalingGroupName?: string | null | undefined;
  /** Whether Spot Instances are replaced when AWS is about to take them back */
  CapacityRebalance?: boolean | null | undefined;
  /** e.g. 2024-01-31 09:30:00+00:00 */
  CreatedTime?: string | null | undefined;
  /** Seconds */
  DefaultCooldown?: number | null | undefined;
  /** How many instances it keeps */
  DesiredCapacity?: number | null | undefined;
  /** Seconds */
  HealthCheckGracePeriod?: number | null | undefined;
  /** e.g. EC2 or EC2,ELB */
  HealthCheckType?: string | null | undefined;
  /** Absent for a group with a launch template */
  LaunchConfigurationName?: string | null | undefined;
  /** Of the launch template, its own or its mixed instances policy's */
  LaunchTemplateName?: string | null | undefined;
  /** lt-... */
  LaunchTemplateId?: string | null | undefined;
  /** A number, $Latest or $Default */
  LaunchTemplateVersion?: string | null | undefined;
  /** Seconds; absent for no limit */
  MaxInstanceLifetime?: number | null | undefined;
  /** The most instances */
  MaxSize?: number | null | undefined;
  /** The least instances */
  MinSize?: number | null | undefined;
  /** Whether new instances stay when it shrinks */
  NewInstancesProtectedFromScaleIn?: boolean | null | undefined;
  /** Delete in progress, or absent */
  Status?: string | null | undefined;
  /** The launch template and those with which the mixed instances policy overrides it */
  LaunchTemplateIds?: readonly string[] | undefined;
  /** Of the launch configuration with that name, from DescribeLaunchConfigurations */
  LaunchConfigurationArn?: string | null | undefined;
  /** VPCZoneIdentifier */
  SubnetIds?: readonly string[] | undefined;
}

/** An instance of an Auto Scaling group, as autoscaling DescribeAutoScalingGroups names it. */
export interface Ec2AutoScalingInstance {
  /** i-... */
  InstanceId: string;
  /** The group; an instance is in one at most */
  AutoScalingGroupARN: string;
}

/** A subnet that an Auto Scaling group launches into, as autoscaling DescribeAutoScalingGroups names it. */
export interface Ec2AutoScalingSubnet {
  /** subnet-... */
  SubnetId: string;
}

/** An Elastic IP address, from ec2 DescribeAddresses. */
export interface Ec2ElasticIpAddress {
  /** PublicIp; AllocationId for an address that has none: a carrier IP address, or a customer-owned one */
  Id: string;
  /** IPv4 address */
  PublicIp?: string | null | undefined;
  /** The instance that it is associated with; empty for none */
  InstanceId?: string | null | undefined;
  /** eipalloc-... */
  AllocationId?: string | null | undefined;
  /** eipassoc-... */
  AssociationId?: string | null | undefined;
  /** vpc */
  Domain?: string | null | undefined;
  /** The network interface that it is associated with */
  NetworkInterfaceId?: string | null | undefined;
  /** The account that owns the network interface */
  NetworkInterfaceOwnerId?: string | null | undefined;
  /** The private address that it stands for */
  PrivateIpAddress?: string | null | undefined;
  /** amazon, or the pool of an address that was brought along */
  PublicIpv4Pool?: string | null | undefined;
  /** The zones from which AWS advertises it */
  NetworkBorderGroup?: string | null | undefined;
  /** Address of an Outpost's own pool */
  CustomerOwnedIp?: string | null | undefined;
  /** That pool */
  CustomerOwnedIpv4Pool?: string | null | undefined;
  /** Address in the network of a Wavelength Zone's carrier */
  CarrierIp?: string | null | undefined;
  /** InstanceId, unless that is empty */
  AssociatedInstanceId?: string | null | undefined;
}

/** A machine image, from ec2 DescribeImages: the account's own, and others that its instances, launch configurations and launch templates use. */
export interface Ec2Image {
  /** <ImageId>|<region> */
  Id: string;
  /** ami-... */
  ImageId: string;
  /** Unique among the images of its owner */
  Name?: string | null | undefined;
  /** As AWS writes it: 2024-01-31T09:30:00.000Z */
  CreationDate?: string | null | undefined;
  /** i386, x86_64, arm64, x86_64_mac or arm64_mac */
  Architecture?: string | null | undefined;
  /** <owner>/<name>, or the manifest of an instance store image */
  ImageLocation?: string | null | undefined;
  /** machine, kernel or ramdisk */
  ImageType?: string | null | undefined;
  /** Whether anyone may launch it */
  Public?: boolean | null | undefined;
  /** windows, or absent */
  Platform?: string | null | undefined;
  /** e.g. Linux/UNIX */
  PlatformDetails?: string | null | undefined;
  /** Of the bill, e.g. RunInstances */
  UsageOperation?: string | null | undefined;
  /** e.g. available, pending, failed or disabled */
  State?: string | null | undefined;
  /** Free text */
  Description?: string | null | undefined;
  /** Whether enhanced networking with ENA is on */
  EnaSupport?: boolean | null | undefined;
  /** xen or ovm */
  Hypervisor?: string | null | undefined;
  /** e.g. /dev/sda1 */
  RootDeviceName?: string | null | undefined;
  /** ebs or instance-store */
  RootDeviceType?: string | null | undefined;
  /** hvm or paravirtual */
  VirtualizationType?: string | null | undefined;
  /** simple: enhanced networking with the Intel interface */
  SriovNetSupport?: string | null | undefined;
  /** legacy-bios, uefi or uefi-preferred */
  BootMode?: string | null | undefined;
  /** The account that owns it */
  OwnerId?: string | null | undefined;
  /** amazon, aws-backup-vault or aws-marketplace, or absent */
  ImageOwnerAlias?: string | null | undefined;
  /** aki-..., of paravirtual images */
  KernelId?: string | null | undefined;
  /** ari-..., of paravirtual images */
  RamdiskId?: string | null | undefined;
}

/** A virtual machine, from ec2 DescribeInstances; terminated ones as long as AWS lists them. */
export interface Ec2Instance {
  /** i-... */
  InstanceId: string;
  /** arn:<partition>:ec2:<region>:<account>:instance/<InstanceId> */
  Arn: string;
  /** The reservation that it was launched in */
  ReservationId: string;
  /** Empty when it has no public name */
  PublicDnsName?: string | null | undefined;
  /** Primary private IPv4 address */
  PrivateIpAddress?: string | null | undefined;
  /** Public IPv4 address, elastic or not */
  PublicIpAddress?: string | null | undefined;
  /** The primary interface's primary IPv6 address, or its first one */
  IPv6Address?: string | null | undefined;
  /** ami-... */
  ImageId?: string | null | undefined;
  /** e.g. t3.micro */
  InstanceType?: string | null | undefined;
  /** Monitoring.State: disabled, disabling, enabled or pending */
  MonitoringState?: string | null | undefined;
  /** State.Name: pending, running, shutting-down, terminated, stopping or stopped */
  State?: string | null | undefined;
  /** When it was last started */
  LaunchTime?: number | null | undefined;
  /** LaunchTime in seconds since the epoch, whole, as text with one decimal: 1704067200.0 */
  LaunchTimeUnix?: string | null | undefined;
  /** IamInstanceProfile.Arn */
  IamInstanceProfile?: string | null | undefined;
  /** Placement.AvailabilityZone */
  AvailabilityZone?: string | null | undefined;
  /** Placement.Tenancy: default, dedicated or host */
  Tenancy?: string | null | undefined;
  /** Placement.HostResourceGroupArn */
  HostResourceGroupArn?: string | null | undefined;
  /** windows, or absent */
  Platform?: string | null | undefined;
  /** e.g. x86_64 or arm64 */
  Architecture?: string | null | undefined;
  /** Whether it is optimised for EBS */
  EbsOptimized?: boolean | null | undefined;
  /** legacy-bios, uefi or uefi-preferred */
  BootMode?: string | null | undefined;
  /** spot, scheduled or capacity-block; absent for on-demand */
  InstanceLifecycle?: string | null | undefined;
  /** HibernationOptions.Configured */
  HibernationOption?: boolean | null | undefined;
  /** MetadataOptions.HttpTokens: optional or required */
  MetadataHttpTokens?: string | null | undefined;
  /** MetadataOptions.HttpPutResponseHopLimit */
  MetadataHttpPutResponseHopLimit?: number | null | undefined;
  /** MetadataOptions.HttpEndpoint: enabled or disabled */
  MetadataHttpEndpoint?: string | null | undefined;
  /** MetadataOptions.HttpProtocolIpv6: enabled or disabled */
  MetadataHttpProtocolIpv6?: string | null | undefined;
  /** MetadataOptions.InstanceMetadataTags: enabled or disabled */
  MetadataInstanceTags?: string | null | undefined;
  /** v2_only when MetadataHttpTokens is required, v1_or_v2 when it is optional */
  ImdsAccessMode?: string | null | undefined;
  /** Whether MetadataHttpTokens is optional */
  ImdsV1Enabled?: boolean | null | undefined;
  /** Whether MetadataHttpTokens is required */
  ImdsV2Required?: boolean | null | undefined;
  /** From the first tag that names a cluster: eks:cluster-name, alpha.eksctl.io/cluster-name, kubernetes.io/cluster/<name> */
  EksClusterName?: string | null | undefined;
  /** Absent once it is terminated */
  SubnetId?: string | null | undefined;
  /** SecurityGroups.GroupId */
  SecurityGroupIds?: readonly string[] | undefined;
  /** arn:<partition>:ec2:<region>:<account>:key-pair/<KeyName> */
  KeyPairArn?: string | null | undefined;
  /** BlockDeviceMappings.Ebs.VolumeId; a volume may be attached to several instances */
  VolumeIds?: readonly string[] | undefined;
}

/** A key pair that opens an instance, as ec2 DescribeInstances names it; it may have been deleted since. */
export interface Ec2InstanceKeyPair {
  /** arn:<partition>:ec2:<region>:<account>:key-pair/<KeyName> */
  KeyPairArn: string;
  /** The last part of the ARN */
  KeyName: string;
}

/** A network interface of an instance, from ec2 DescribeInstances. */
export interface Ec2InstanceNetworkInterface {
  /** eni-... */
  NetworkInterfaceId: string;
  /** available, associated, attaching, in-use or detaching */
  Status?: string | null | undefined;
  /** e.g. 02:42:ac:11:00:02 */
  MacAddress?: string | null | undefined;
  /** Free text, often empty */
  Description?: string | null | undefined;
  /** Private name of the primary address */
  PrivateDnsName?: string | null | undefined;
  /** Primary private IPv4 address */
  PrivateIpAddress?: string | null | undefined;
  /** The instance that it is attached to */
  InstanceId: string;
  /** The instance's subnet */
  SubnetId?: string | null | undefined;
  /** Groups.GroupId */
  GroupIds?: readonly string[] | undefined;
}

/** The roles that an instance can assume: its instance profile (ec2 DescribeInstances) joined with iam ListInstanceProfiles. Withheld for an instance while IAM cannot be read. */
export interface Ec2InstanceRole {
  /** i-... */
  InstanceId: string;
  /** Arns of the instance profile's roles */
  AssumedRoleArns?: readonly string[] | undefined;
  /** Label of the node that the edges belong to: AWSAccount */
  SubResourceLabel?: string | undefined;
}

/** A security group of an instance, as ec2 DescribeInstances names it. */
export interface Ec2InstanceSecurityGroup {
  /** sg-... */
  GroupId: string;
}

/** A subnet that an instance is in, as ec2 DescribeInstances names it. */
export interface Ec2InstanceSubnet {
  /** subnet-... */
  SubnetId: string;
}

/** A volume that is attached to an instance, from BlockDeviceMappings of ec2 DescribeInstances. */
export interface Ec2InstanceVolume {
  /** vol-... */
  VolumeId: string;
  /** arn:<partition>:ec2:<region>:<account>:volume/<VolumeId> */
  Arn: string;
  /** Whether it goes with the instance */
  DeleteOnTermination?: boolean | null | undefined;
}

/** An internet gateway, from ec2 DescribeInternetGateways. */
export interface Ec2InternetGateway {
  /** igw-... */
  InternetGatewayId: string;
  /** The account that owns it, 12 digits */
  OwnerId?: string | null | undefined;
  /** arn:<partition>:ec2:<region>:<OwnerId>:internet-gateway/<InternetGatewayId> */
  Arn: string;
  /** Attachments.VpcId: one VPC today, none while it is detached */
  VpcIds?: readonly string[] | undefined;
}

/** An inbound rule of a security group, from IpPermissions of ec2 DescribeSecurityGroups: one per protocol and ports. */
export interface Ec2IpPermissionInbound {
  /** <GroupId>/<IpPermissions or IpPermissionsEgress>/<FromPort><ToPort><Protocol>; a port that is not given reads None */
  RuleId: string;
  /** The group that it belongs to */
  GroupId: string;
  /** IpProtocol: tcp, udp, icmp, icmpv6, a number, or -1 for all */
  Protocol: string;
  /** First port, or ICMP type; absent for all */
  FromPort?: number | null | undefined;
  /** Last port, or ICMP code; absent for all */
  ToPort?: number | null | undefined;
  /** IpRanges.CidrIp */
  IpRanges?: readonly string[] | undefined;
}

/** An IPv4 range that a rule names, from ec2 DescribeSecurityGroups. One node for all groups and accounts. */
export interface Ec2IpRange {
  /** IpRanges.CidrIp, e.g. 10.0.0.0/8 */
  RangeId: string;
}

/** An outbound rule of a security group, from IpPermissionsEgress of ec2 DescribeSecurityGroups: one per protocol and ports. */
export interface Ec2IpRule {
  /** <GroupId>/<IpPermissions or IpPermissionsEgress>/<FromPort><ToPort><Protocol>; a port that is not given reads None */
  RuleId: string;
  /** The group that it belongs to */
  GroupId: string;
  /** IpProtocol: tcp, udp, icmp, icmpv6, a number, or -1 for all */
  Protocol: string;
  /** First port, or ICMP type; absent for all */
  FromPort?: number | null | undefined;
  /** Last port, or ICMP code; absent for all */
  ToPort?: number | null | undefined;
  /** IpRanges.CidrIp */
  IpRanges?: readonly string[] | undefined;
}

/** An IPv6 address of an instance's network interface, from ec2 DescribeInstances. */
export interface Ec2Ipv6Address {
  /** As AWS writes it */
  Ipv6Address: string;
  /** eni-... */
  NetworkInterfaceId: string;
  /** Whether it is the interface's primary IPv6 address; false when AWS does not say */
  IsPrimaryIpv6: boolean;
}

/** A key pair, from ec2 DescribeKeyPairs. */
export interface Ec2KeyPair {
  /** arn:<partition>:ec2:<region>:<account>:key-pair/<KeyName> */
  KeyPairArn: string;
  /** The last part of the ARN */
  KeyName: string;
  /** SHA-1 of the private key of an RSA key that AWS made, MD5 of the public key of one that was imported, SHA-256 for ED25519 */
  KeyFingerprint?: string | null | undefined;
}

/** A launch configuration, from autoscaling DescribeLaunchConfigurations. Its user data is never collected. */
export interface Ec2LaunchConfiguration {
  /** arn:<partition>:autoscaling:... */
  LaunchConfigurationARN: string;
  /** Unique in its account and region */
  LaunchConfigurationName?: string | null | undefined;
  /** ami-... */
  ImageId?: string | null | undefined;
  /** The key pair; empty for none */
  KeyName?: string | null | undefined;
  /** Ids */
  SecurityGroups?: readonly string[] | null | undefined;
  /** e.g. t3.micro */
  InstanceType?: string | null | undefined;
  /** aki-..., or empty */
  KernelId?: string | null | undefined;
  /** ari-..., or empty */
  RamdiskId?: string | null | undefined;
  /** InstanceMonitoring.Enabled: whether metrics come every minute */
  InstanceMonitoringEnabled?: boolean | null | undefined;
  /** The most that is paid for an hour of a Spot Instance, in dollars; absent for others */
  SpotPrice?: string | null | undefined;
  /** Name or ARN */
  IamInstanceProfile?: string | null | undefined;
  /** Whether instances are optimised for EBS */
  EbsOptimized?: boolean | null | undefined;
  /** Whether instances get a public IPv4 address; absent: as the subnet says */
  AssociatePublicIpAddress?: boolean | null | undefined;
  /** default or dedicated */
  PlacementTenancy?: string | null | undefined;
}

/** A launch template, from ec2 DescribeLaunchTemplates. */
export interface Ec2LaunchTemplate {
  /** lt-... */
  LaunchTemplateId: string;
  /** Unique in its account and region */
  LaunchTemplateName?: string | null | undefined;
  /** Seconds since the epoch, whole, as text: 1704067200 */
  CreateTime?: string | null | undefined;
  /** ARN of the principal */
  CreatedBy?: string | null | undefined;
  /** The version that is launched unless another one is asked for */
  DefaultVersionNumber?: number | null | undefined;
  /** The newest version */
  LatestVersionNumber?: number | null | undefined;
}

/** A version of a launch template, from ec2 DescribeLaunchTemplateVersions. Its user data is never collected. Withheld while the versions of a template cannot be read. */
export interface Ec2LaunchTemplateVersion {
  /** <LaunchTemplateId>-<VersionNumber> */
  Id: string;
  /** lt-... */
  LaunchTemplateId: string;
  /** Of the template */
  LaunchTemplateName?: string | null | undefined;
  /** Seconds since the epoch, whole, as text: 1704067200 */
  CreateTime?: string | null | undefined;
  /** ARN of the principal */
  CreatedBy?: string | null | undefined;
  /** Whether it is the template's default version */
  DefaultVersion?: boolean | null | undefined;
  /** 1, 2, ... */
  VersionNumber: number;
  /** Free text */
  VersionDescription?: string | null | undefined;
  /** aki-... */
  KernelId?: string | null | undefined;
  /** Whether instances are optimised for EBS */
  EbsOptimized?: boolean | null | undefined;
  /** IamInstanceProfile.Arn; a template names its profile by ARN or by name */
  IamInstanceProfileArn?: string | null | undefined;
  /** IamInstanceProfile.Name */
  IamInstanceProfileName?: string | null | undefined;
  /** ami-..., or resolve:ssm:<parameter> */
  ImageId?: string | null | undefined;
  /** e.g. t3.micro */
  InstanceType?: string | null | undefined;
  /** The key pair */
  KeyName?: string | null | undefined;
  /** Monitoring.Enabled: whether metrics come every minute */
  MonitoringEnabled?: boolean | null | undefined;
  /** ari-... */
  RamDiskId?: string | null | undefined;
  /** Whether instances are protected from being terminated */
  DisableApiTermination?: boolean | null | undefined;
  /** stop or terminate */
  InstanceInitiatedShutdownBehavior?: string | null | undefined;
  /** Ids of security groups; absent when network interfaces name theirs */
  SecurityGroupIds?: readonly string[] | null | undefined;
  /** Names of security groups of the default VPC */
  SecurityGroups?: readonly string[] | null | undefined;
}

/** A classic load balancer, from elasticloadbalancing DescribeLoadBalancers (2012-06-01). */
export interface Ec2LoadBalancer {
  /** As AWS writes it */
  DNSName: string;
  /** The same in lower case, as DNS records have it */
  LowerCaseDNSName: string;
  /** Unique in its account and region */
  LoadBalancerName?: string | null | undefined;
  /** The DNS name that aliases use */
  CanonicalHostedZoneName?: string | null | undefined;
  /** Its Route 53 hosted zone */
  CanonicalHostedZoneNameID?: string | null | undefined;
  /** internet-facing or internal */
  Scheme?: string | null | undefined;
  /** e.g. 2024-01-31 09:30:00.120000+00:00 */
  CreatedTime?: string | null | undefined;
  /** SourceSecurityGroup.GroupName: the one of SecurityGroups whose traffic instances see */
  SourceSecurityGroupName?: string | null | undefined;
  /** SecurityGroups */
  SecurityGroupIds?: readonly string[] | undefined;
  /** Instances.InstanceId */
  InstanceIds?: readonly string[] | undefined;
}

/** A listener of a classic load balancer, from ListenerDescriptions of elasticloadbalancing DescribeLoadBalancers (2012-06-01). */
export interface Ec2LoadBalancerListener {
  /** <LoadBalancerId><LoadBalancerPort><Protocol> */
  Id: string;
  /** DNSName of the load balancer */
  LoadBalancerId: string;
  /** 1 to 65535 */
  LoadBalancerPort: number;
  /** HTTP, HTTPS, TCP or SSL */
  Protocol: string;
  /** 1 to 65535 */
  InstancePort?: number | null | undefined;
  /** HTTP, HTTPS, TCP or SSL */
  InstanceProtocol?: string | null | undefined;
  /** Names of the policies that are enabled */
  PolicyNames?: readonly string[] | undefined;
}

/** An application or network load balancer, from elasticloadbalancing DescribeLoadBalancers (2015-12-01). Gateway Load Balancers have no DNS name and no node. */
export interface Ec2LoadBalancerV2 {
  /** As AWS writes it */
  DNSName: string;
  /** The same in lower case, as DNS records have it */
  LowerCaseDNSName: string;
  /** arn:<partition>:elasticloadbalancing:...:loadbalancer/<app or net>/<name>/<id> */
  LoadBalancerArn: string;
  /** Unique in its account and region */
  LoadBalancerName?: string | null | undefined;
  /** Its Route 53 hosted zone */
  CanonicalHostedZoneId?: string | null | undefined;
  /** application or network */
  Type?: string | null | undefined;
  /** internet-facing or internal */
  Scheme?: string | null | undefined;
  /** e.g. 2024-01-31 09:30:00.120000+00:00 */
  CreatedTime?: string | null | undefined;
  /** SecurityGroups */
  SecurityGroupIds?: readonly string[] | undefined;
  /** AvailabilityZones.SubnetId */
  SubnetIds?: readonly string[] | undefined;
}

/** The IPv4 addresses that a load balancer leads to, from elasticloadbalancing DescribeTargetHealth and ec2 DescribeNetworkInterfaces: each address once. Withheld for a load balancer while either cannot be read. */
export interface Ec2LoadBalancerV2IpTargets {
  /** Of the load balancer */
  DNSName: string;
  /** Addresses that an interface of the target group's VPC has */
  IpTargets?: readonly {
    /** <NetworkInterfaceId>:<address> */
    PrivateIpId: string;
    /** The target group's port */
    Port?: number | null | undefined;
    /** The target group's protocol */
    Protocol?: string | null | undefined;
    /** The target group */
    TargetGroupArn: string;
  }[] | undefined;
  /** Label of the node that the edges belong to: AWSAccount */
  SubResourceLabel?: string | undefined;
}

/** A listener of a load balancer, from elasticloadbalancing DescribeListeners. */
export interface Ec2LoadBalancerV2Listener {
  /** arn:<partition>:elasticloadbalancing:...:listener/... */
  ListenerArn: string;
  /** DNSName of the load balancer */
  LoadBalancerId: string;
  /** 1 to 65535 */
  Port?: number | null | undefined;
  /** HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, QUIC or TCP_QUIC */
  Protocol?: string | null | undefined;
  /** e.g. ELBSecurityPolicy-TLS13-1-2-2021-06 */
  SslPolicy?: string | null | undefined;
  /** Of the first default action that forwards to one target group */
  TargetGroupArn?: string | null | undefined;
  /** MutualAuthentication.Mode: off, passthrough or verify */
  MutualAuthenticationMode?: string | null | undefined;
  /** MutualAuthentication.TrustStoreArn */
  TrustStoreArn?: string | null | undefined;
  /** MutualAuthentication.IgnoreClientCertificateExpiry */
  IgnoreClientCertificateExpiry?: boolean | null | undefined;
  /** MutualAuthentication.TrustStoreAssociationStatus: active or removed */
  TrustStoreAssociationStatus?: string | null | undefined;
  /** MutualAuthentication.AdvertiseTrustStoreCaNames: on or off */
  AdvertiseTrustStoreCaNames?: string | null | undefined;
}

/** What a load balancer leads to, from elasticloadbalancing DescribeTargetHealth of its target groups: each target once. Withheld for a load balancer while that cannot be read. */
export interface Ec2LoadBalancerV2Targets {
  /** Of the load balancer */
  DNSName: string;
  /** Instances */
  InstanceTargets?: readonly {
    /** i-... */
    TargetId: string;
    /** The target group's port */
    Port?: number | null | undefined;
    /** The target group's protocol */
    Protocol?: string | null | undefined;
    /** The target group */
    TargetGroupArn: string;
  }[] | undefined;
  /** Lambda functions */
  LambdaTargets?: readonly {
    /** ARN of the function, without version or alias */
    TargetId: string;
    /** The target group's port */
    Port?: number | null | undefined;
    /** The target group's protocol */
    Protocol?: string | null | undefined;
    /** The target group */
    TargetGroupArn: string;
  }[] | undefined;
  /** Application load balancers behind a network load balancer */
  LoadBalancerTargets?: readonly {
    /** ARN of the application load balancer */
    TargetId: string;
    /** The target group's port */
    Port?: number | null | undefined;
    /** The target group's protocol */
    Protocol?: string | null | undefined;
    /** The target group */
    TargetGroupArn: string;
  }[] | undefined;
  /** Label of the node that the edges belong to: AWSAccount */
  SubResourceLabel?: string | undefined;
}

/** A network access control list, from ec2 DescribeNetworkAcls. */
export interface Ec2NetworkAcl {
  /** arn:<partition>:ec2:<region>:<OwnerId>:network-acl/<NetworkAclId> */
  Arn: string;
  /** acl-... */
  NetworkAclId: string;
  /** Whether it is its VPC's default list */
  IsDefault?: boolean | null | undefined;
  /** The VPC that it belongs to */
  VpcId?: string | null | undefined;
  /** Associations.SubnetId: the subnets that it guards */
  SubnetIds?: readonly string[] | undefined;
}

/** An outbound rule of a network access control list, from Entries of ec2 DescribeNetworkAcls. */
export interface Ec2NetworkAclEgressRule {
  /** <NetworkAclId>/<inbound or egress>/<RuleNumber> */
  Id: string;
  /** The list that it belongs to, acl-... */
  NetworkAclId: string;
  /** The same list's ARN */
  NetworkAclArn: string;
  /** A number: 6 is TCP, 17 is UDP, -1 is all */
  Protocol?: string | null | undefined;
  /** PortRange.From; absent but for TCP and UDP */
  FromPort?: number | null | undefined;
  /** PortRange.To; absent but for TCP and UDP */
  ToPort?: number | null | undefined;
  /** IPv4 range */
  CidrBlock?: string | null | undefined;
  /** IPv6 range */
  Ipv6CidrBlock?: string | null | undefined;
  /** Whether it is for outbound traffic */
  Egress: boolean;
  /** Rules are evaluated in this order; 32767 and 32768 are the final denials */
  RuleNumber: number;
  /** allow or deny */
  RuleAction?: string | null | undefined;
}

/** An inbound rule of a network access control list, from Entries of ec2 DescribeNetworkAcls. */
export interface Ec2NetworkAclInboundRule {
  /** <NetworkAclId>/<inbound or egress>/<RuleNumber> */
  Id: string;
  /** The list that it belongs to, acl-... */
  NetworkAclId: string;
  /** The same list's ARN */
  NetworkAclArn: string;
  /** A number: 6 is TCP, 17 is UDP, -1 is all */
  Protocol?: string | null | undefined;
  /** PortRange.From; absent but for TCP and UDP */
  FromPort?: number | null | undefined;
  /** PortRange.To; absent but for TCP and UDP */
  ToPort?: number | null | undefined;
  /** IPv4 range */
  CidrBlock?: string | null | undefined;
  /** IPv6 range */
  Ipv6CidrBlock?: string | null | undefined;
  /** Whether it is for outbound traffic */
  Egress: boolean;
  /** Rules are evaluated in this order; 32767 and 32768 are the final denials */
  RuleNumber: number;
  /** allow or deny */
  RuleAction?: string | null | undefined;
}

/** A network interface, whoever made it, from ec2 DescribeNetworkInterfaces. */
export interface Ec2NetworkInterface {
  /** eni-... */
  NetworkInterfaceId: string;
  /** Free text, often empty; services write what they use it for */
  Description?: string | null | undefined;
  /** e.g. 02:42:ac:11:00:02 */
  MacAddress?: string | null | undefined;
  /** Private name of the primary address */
  PrivateDnsName?: string | null | undefined;
  /** Primary private IPv4 address; absent for an IPv6-only interface */
  PrivateIpAddress?: string | null | undefined;
  /** available, associated, attaching, in-use or detaching */
  Status?: string | null | undefined;
  /** e.g. interface, nat_gateway, lambda or network_load_balancer */
  InterfaceType?: string | null | undefined;
  /** Association.PublicIp: the public address of the primary one */
  PublicIp?: string | null | undefined;
  /** The account or service that made it */
  RequesterId?: string | null | undefined;
  /** Whether a service manages it */
  RequesterManaged?: boolean | null | undefined;
  /** Whether traffic must be from or to it */
  SourceDestCheck?: boolean | null | undefined;
  /** The subnet that it is in */
  SubnetId?: string | null | undefined;
  /** Attachment.AttachTime */
  AttachTime?: number | null | undefined;
  /** Attachment.DeviceIndex: 0 is the primary interface of an instance */
  DeviceIndex?: number | null | undefined;
  /** Attachment.InstanceId; absent unless an instance of the account has it */
  InstanceId?: string | null | undefined;
  /** Groups.GroupId */
  GroupIds?: readonly string[] | undefined;
  /** The application, network or gateway load balancer that the description names */
  LoadBalancerArn?: string | null | undefined;
}

/** The classic load balancer of a network interface: its description names it, elasticloadbalancing DescribeLoadBalancers gives its id. Withheld for an interface while that cannot be read. */
export interface Ec2NetworkInterfaceLoadBalancer {
  /** eni-... */
  NetworkInterfaceId: string;
  /** Of the load balancer, which is its id */
  DNSName: string;
}

/** A security group of a network interface, as ec2 DescribeNetworkInterfaces names it. */
export interface Ec2NetworkInterfaceSecurityGroup {
  /** sg-... */
  GroupId: string;
}

/** A subnet that a network interface is in, as ec2 DescribeNetworkInterfaces names it. */
export interface Ec2NetworkInterfaceSubnet {
  /** subnet-... */
  SubnetId: string;
}

/** An account at one end of a peering connection: all that is known of it is its id. */
export interface Ec2PeeringAccount {
  /** 12 digits */
  OwnerId: string;
}

/** An IPv4 range of a VPC of a peering connection, from CidrBlockSet of ec2 DescribeVpcPeeringConnections. */
export interface Ec2PeeringCidrBlock {
  /** <VpcId>|<CidrBlock> */
  Id: string;
  /** vpc-... */
  VpcId: string;
  /** e.g. 10.0.0.0/16 */
  CidrBlock: string;
}

/** A peering connection of two VPCs, from ec2 DescribeVpcPeeringConnections. */
export interface Ec2PeeringConnection {
  /** pcx-... */
  VpcPeeringConnectionId: string;
  /** RequesterVpcInfo.PeeringOptions */
  AllowDnsResolutionFromRemoteVpc?: boolean | null | undefined;
  /** RequesterVpcInfo.PeeringOptions */
  AllowEgressFromLocalClassicLinkToRemoteVpc?: boolean | null | undefined;
  /** RequesterVpcInfo.PeeringOptions */
  AllowEgressFromLocalVpcToRemoteClassicLink?: boolean | null | undefined;
  /** RequesterVpcInfo.Region */
  RequesterRegion?: string | null | undefined;
  /** AccepterVpcInfo.Region */
  AccepterRegion?: string | null | undefined;
  /** Status.Code: active, pending-acceptance, deleted, expired and so on */
  StatusCode?: string | null | undefined;
  /** Status.Message */
  StatusMessage?: string | null | undefined;
  /** AccepterVpcInfo.VpcId */
  AccepterVpcId?: string | null | undefined;
  /** RequesterVpcInfo.VpcId */
  RequesterVpcId?: string | null | undefined;
  /** Ids of the nodes of AccepterVpcInfo.CidrBlockSet */
  AccepterCidrBlockIds?: readonly string[] | undefined;
  /** Ids of the nodes of RequesterVpcInfo.CidrBlockSet */
  RequesterCidrBlockIds?: readonly string[] | undefined;
}

/** A VPC of a peering connection, of this or another account and region: all that DescribeVpcPeeringConnections says of it. */
export interface Ec2PeeringVpc {
  /** vpc-... */
  VpcId: string;
  /** The region that it is in */
  Region?: string | null | undefined;
  /** The account that it belongs to, 12 digits */
  OwnerId?: string | null | undefined;
}

/** A private IPv4 address of a network interface, from ec2 DescribeNetworkInterfaces. */
export interface Ec2PrivateIp {
  /** <NetworkInterfaceId>:<PrivateIpAddress> */
  Id: string;
  /** eni-... */
  NetworkInterfaceId: string;
  /** Whether it is the interface's primary address */
  Primary?: boolean | null | undefined;
  /** IPv4 address */
  PrivateIpAddress: string;
  /** Association.PublicIp: the public address that stands for it */
  PublicIp?: string | null | undefined;
  /** Association.IpOwnerId: the account that owns the public address, or amazon */
  IpOwnerId?: string | null | undefined;
}

/** One launch of one or more instances, from ec2 DescribeInstances. */
export interface Ec2Reservation {
  /** r-... */
  ReservationId: string;
  /** The account that owns the reservation */
  OwnerId?: string | null | undefined;
  /** The account or service that launched on behalf of the owner */
  RequesterId?: string | null | undefined;
}

/** Reserved Instances that were bought together, from ec2 DescribeReservedInstances. */
export interface Ec2ReservedInstance {
  /** UUID */
  ReservedInstancesId: string;
  /** Absent when they hold for the whole region */
  AvailabilityZone?: string | null | undefined;
  /** Seconds */
  Duration?: number | null | undefined;
  /** e.g. 2025-01-31 09:30:00+00:00 */
  End?: string | null | undefined;
  /** e.g. 2024-01-31 09:30:00+00:00 */
  Start?: string | null | undefined;
  /** How many */
  InstanceCount?: number | null | undefined;
  /** e.g. m5.large */
  InstanceType?: string | null | undefined;
  /** e.g. Linux/UNIX */
  ProductDescription?: string | null | undefined;
  /** payment-pending, active, payment-failed, retired, queued or queued-deleted */
  State?: string | null | undefined;
  /** e.g. USD */
  CurrencyCode?: string | null | undefined;
  /** default, dedicated or host */
  InstanceTenancy?: string | null | undefined;
  /** standard or convertible */
  OfferingClass?: string | null | undefined;
  /** No Upfront, Partial Upfront or All Upfront */
  OfferingType?: string | null | undefined;
  /** Availability Zone or Region */
  Scope?: string | null | undefined;
  /** What was paid at once, in CurrencyCode */
  FixedPrice?: number | null | undefined;
}

/** A route of a route table, from Routes of ec2 DescribeRouteTables. */
export interface Ec2Route {
  /** <RouteTableId>|<destination>: an IPv4 range, an IPv6 range or a prefix list */
  Id: string;
  /** Where it leads: the first of the gateways, interfaces and networks that it names */
  Target?: string | null | undefined;
  /** IPv4 range */
  DestinationCidrBlock?: string | null | undefined;
  /** IPv6 range */
  DestinationIpv6CidrBlock?: string | null | undefined;
  /** pl-... */
  DestinationPrefixListId?: string | null | undefined;
  /** cagw-... */
  CarrierGatewayId?: string | null | undefined;
  /** Of a Cloud WAN core network */
  CoreNetworkArn?: string | null | undefined;
  /** eigw-... */
  EgressOnlyInternetGatewayId?: string | null | undefined;
  /** igw-..., vgw-..., vpce-... or local */
  GatewayId?: string | null | undefined;
  /** GatewayId if it is an internet gateway's */
  InternetGatewayId?: string | null | undefined;
  /** GatewayId if it is a VPC endpoint's */
  VpcEndpointId?: string | null | undefined;
  /** i-..., of a NAT instance */
  InstanceId?: string | null | undefined;
  /** The account that owns the instance, 12 digits */
  InstanceOwnerId?: string | null | undefined;
  /** lgw-..., of an Outpost */
  LocalGatewayId?: string | null | undefined;
  /** nat-... */
  NatGatewayId?: string | null | undefined;
  /** eni-... */
  NetworkInterfaceId?: string | null | undefined;
  /** tgw-... */
  TransitGatewayId?: string | null | undefined;
  /** pcx-... */
  VpcPeeringConnectionId?: string | null | undefined;
  /** CreateRouteTable, CreateRoute, EnableVgwRoutePropagation or Advertisement */
  Origin?: string | null | undefined;
  /** active, blackhole or filtered */
  State?: string | null | undefined;
}

/** A route table, from ec2 DescribeRouteTables. */
export interface Ec2RouteTable {
  /** rtb-... */
  RouteTableId: string;
  /** The account that owns it, 12 digits */
  OwnerId?: string | null | undefined;
  /** The VPC that it belongs to */
  VpcId?: string | null | undefined;
  /** Whether it is its VPC's main route table: one of Associations is Main */
  Main: boolean;
  /** Ids of its routes' nodes */
  RouteIds?: readonly string[] | undefined;
  /** Associations.RouteTableAssociationId */
  RouteTableAssociationIds?: readonly string[] | undefined;
  /** PropagatingVgws.GatewayId: virtual private gateways that add routes */
  VpnGatewayIds?: readonly string[] | undefined;
}

/** What a route table is associated with, from Associations of ec2 DescribeRouteTables. */
export interface Ec2RouteTableAssociation {
  /** rtbassoc-... */
  RouteTableAssociationId: string;
  /** The route table */
  RouteTableId: string;
  /** The subnet, for a subnet's association */
  SubnetId?: string | null | undefined;
  /** The internet or virtual private gateway, for a gateway's association */
  GatewayId?: string | null | undefined;
  /** GatewayId if it is an internet gateway's */
  InternetGatewayId?: string | null | undefined;
  /** Whether it makes the table its VPC's main one */
  Main: boolean;
  /** SubnetId or GatewayId; main without either */
  Target?: string | null | undefined;
  /** AssociationState.State: associating, associated, disassociating, disassociated or failed */
  AssociationState?: string | null | undefined;
  /** AssociationState.StatusMessage */
  AssociationStateMessage?: string | null | undefined;
}

/** A security group, from ec2 DescribeSecurityGroups. */
export interface Ec2SecurityGroup {
  /** sg-... */
  GroupId: string;
  /** Unique in its VPC */
  GroupName?: string | null | undefined;
  /** Free text */
  Description?: string | null | undefined;
  /** The VPC that it belongs to */
  VpcId?: string | null | undefined;
  /** Groups that its rules name (UserIdGroupPairs.GroupId), inbound and outbound, of this or a peered account */
  SourceGroupIds?: readonly string[] | undefined;
}

/** An EBS snapshot, from ec2 DescribeSnapshots: the account's own, and others that its volumes were created from. */
export interface Ec2Snapshot {
  /** snap-... */
  SnapshotId: string;
  /** Free text, often empty */
  Description?: string | null | undefined;
  /** The account that owns it */
  OwnerId?: string | null | undefined;
  /** Whether it is encrypted */
  Encrypted?: boolean | null | undefined;
  /** In percent: 100% */
  Progress?: string | null | undefined;
  /** When its creation began */
  StartTime?: number | null | undefined;
  /** pending, completed, error, recoverable or recovering */
  State?: string | null | undefined;
  /** Why a copy of an encrypted snapshot failed */
  StateMessage?: string | null | undefined;
  /** The volume that it was taken of; vol-ffffffff for a copy */
  VolumeId?: string | null | undefined;
  /** GiB */
  VolumeSize?: number | null | undefined;
  /** The Outpost that it is on */
  OutpostArn?: string | null | undefined;
  /** Equal for snapshots of one encrypted volume and its descendants */
  DataEncryptionKeyId?: string | null | undefined;
  /** ARN of the KMS key; absent unless it is encrypted */
  KmsKeyId?: string | null | undefined;
}

/** Whether anyone may create a volume from one of the account's own snapshots, from ec2 DescribeSnapshotAttribute. Withheld for a snapshot while that cannot be read. */
export interface Ec2SnapshotPermission {
  /** snap-... */
  SnapshotId: string;
  /** Whether createVolumePermission names the group all */
  Public: boolean;
}

/** A subnet, from ec2 DescribeSubnets. */
export interface Ec2Subnet {
  /** subnet-... */
  SubnetId: string;
  /** As AWS gives it */
  SubnetArn?: string | null | undefined;
  /** IPv4 range; absent for an IPv6-only subnet */
  CidrBlock?: string | null | undefined;
  /** Unused private IPv4 addresses */
  AvailableIpAddressCount?: number | null | undefined;
  /** Whether it is its availability zone's default subnet */
  DefaultForAz?: boolean | null | undefined;
  /** Whether interfaces get a customer-owned IPv4 address */
  MapCustomerOwnedIpOnLaunch?: boolean | null | undefined;
  /** pending, available or unavailable */
  State?: string | null | undefined;
  /** Whether interfaces get an IPv6 address */
  AssignIpv6AddressOnCreation?: boolean | null | undefined;
  /** Whether interfaces get a public IPv4 address */
  MapPublicIpOnLaunch?: boolean | null | undefined;
  /** e.g. eu-west-1a */
  AvailabilityZone?: string | null | undefined;
  /** e.g. euw1-az1 */
  AvailabilityZoneId?: string | null | undefined;
  /** The VPC that it belongs to */
  VpcId?: string | null | undefined;
}

/** A target group that a load balancer uses, from elasticloadbalancing DescribeTargetGroups. */
export interface Ec2TargetGroup {
  /** arn:<partition>:elasticloadbalancing:...:targetgroup/... */
  TargetGroupArn: string;
  /** Unique in its account and region */
  TargetGroupName?: string | null | undefined;
  /** instance, ip, lambda or alb */
  TargetType?: string | null | undefined;
  /** HTTP, HTTPS, TCP and so on; absent for Lambda functions */
  Protocol?: string | null | undefined;
  /** 1 to 65535; absent for Lambda functions */
  Port?: number | null | undefined;
  /** The VPC of the targets; absent for Lambda functions */
  VpcId?: string | null | undefined;
  /** DNSNames of the load balancers */
  LoadBalancerIds?: readonly string[] | undefined;
}

/** A transit gateway, own or shared with the account, from ec2 DescribeTransitGateways. */
export interface Ec2TransitGateway {
  /** arn:<partition>:ec2:<region>:<OwnerId>:transit-gateway/<TransitGatewayId> */
  TransitGatewayArn: string;
  /** tgw-... */
  TransitGatewayId: string;
  /** The account that owns it, 12 digits */
  OwnerId?: string | null | undefined;
  /** The account that was read, if another one owns it */
  SharedWithAccountId?: string | null | undefined;
  /** pending, available, modifying, deleting or deleted */
  State?: string | null | undefined;
  /** Free text */
  Description?: string | null | undefined;
}

/** An attachment of a transit gateway, from ec2 DescribeTransitGatewayAttachments. */
export interface Ec2TransitGatewayAttachment {
  /** tgw-attach-... */
  TransitGatewayAttachmentId: string;
  /** The transit gateway */
  TransitGatewayId?: string | null | undefined;
  /** vpc, vpn, direct-connect-gateway, connect, peering and so on */
  ResourceType?: string | null | undefined;
  /** available, pendingAcceptance, deleted and so on */
  State?: string | null | undefined;
}

/** A route of a transit gateway's route table, from ec2 SearchTransitGatewayRoutes. */
export interface Ec2TransitGatewayRoute {
  /** <TransitGatewayRouteTableId>|<destination> */
  Id: string;
  /** tgw-rtb-... */
  TransitGatewayRouteTableId: string;
  /** The transit gateway of the route table */
  TransitGatewayId?: string | null | undefined;
  /** DestinationCidrBlock: an IPv4 or IPv6 range */
  DestinationCidrBlock?: string | null | undefined;
  /** The same if it is an IPv6 range */
  DestinationIpv6CidrBlock?: string | null | undefined;
  /** The first of AttachmentIds */
  Target?: string | null | undefined;
  /** TransitGatewayAttachments.TransitGatewayAttachmentId, several for equal-cost paths, none for a blackhole */
  AttachmentIds?: readonly string[] | undefined;
  /** active, blackhole and so on */
  State?: string | null | undefined;
  /** static or propagated */
  Type?: string | null | undefined;
}

/** A route table of a transit gateway, from ec2 DescribeTransitGatewayRouteTables. */
export interface Ec2TransitGatewayRouteTable {
  /** tgw-rtb-... */
  TransitGatewayRouteTableId: string;
  /** The transit gateway */
  TransitGatewayId?: string | null | undefined;
  /** pending, available, deleting or deleted */
  State?: string | null | undefined;
}

/** An attachment whose traffic a route table routes, from ec2 GetTransitGatewayRouteTableAssociations. */
export interface Ec2TransitGatewayRouteTableAssociation {
  /** <TransitGatewayRouteTableId>|<TransitGatewayAttachmentId> */
  Id: string;
  /** tgw-rtb-... */
  TransitGatewayRouteTableId: string;
  /** tgw-attach-... */
  TransitGatewayAttachmentId?: string | null | undefined;
  /** What is attached, e.g. a VPC */
  ResourceId?: string | null | undefined;
  /** vpc, vpn, direct-connect-gateway, connect, peering and so on */
  ResourceType?: string | null | undefined;
  /** associating, associated, disassociating or disassociated */
  State?: string | null | undefined;
}

/** An attachment whose routes a route table takes over, from ec2 GetTransitGatewayRouteTablePropagations. */
export interface Ec2TransitGatewayRouteTablePropagation {
  /** <TransitGatewayRouteTableId>|<TransitGatewayAttachmentId> */
  Id: string;
  /** tgw-rtb-... */
  TransitGatewayRouteTableId: string;
  /** tgw-attach-... */
  TransitGatewayAttachmentId?: string | null | undefined;
  /** enabling, enabled, disabling or disabled */
  State?: string | null | undefined;
}

/** What a transit gateway's attachment connects: a VPC by way of subnets, from ec2 DescribeTransitGatewayVpcAttachments. The gateway's owner sees those of other accounts. */
export interface Ec2TransitGatewayVpcAttachment {
  /** tgw-attach-... */
  TransitGatewayAttachmentId: string;
  /** The transit gateway */
  TransitGatewayId?: string | null | undefined;
  /** available, pendingAcceptance, deleted and so on */
  State?: string | null | undefined;
  /** The VPC */
  VpcId?: string | null | undefined;
  /** One for each availability zone */
  SubnetIds?: readonly string[] | undefined;
}

/** An EBS volume, from ec2 DescribeVolumes. */
export interface Ec2Volume {
  /** vol-... */
  VolumeId: string;
  /** arn:<partition>:ec2:<region>:<account>:volume/<VolumeId> */
  Arn: string;
  /** e.g. eu-west-1a */
  AvailabilityZone?: string | null | undefined;
  /** When its creation began */
  CreateTime?: number | null | undefined;
  /** Whether it is encrypted */
  Encrypted?: boolean | null | undefined;
  /** GiB */
  Size?: number | null | undefined;
  /** creating, available, in-use, deleting, deleted or error */
  State?: string | null | undefined;
  /** The Outpost that it is on */
  OutpostArn?: string | null | undefined;
  /** The snapshot that it was created from; empty for none */
  SnapshotId?: string | null | undefined;
  /** I/O operations per second; absent for magnetic and throughput-optimised volumes */
  Iops?: number | null | undefined;
  /** Whether it was created with fast snapshot restore */
  FastRestored?: boolean | null | undefined;
  /** Whether several instances may attach it at once */
  MultiAttachEnabled?: boolean | null | undefined;
  /** standard, io1, io2, gp2, gp3, sc1 or st1 */
  VolumeType?: string | null | undefined;
  /** ARN of the KMS key; absent unless it is encrypted */
  KmsKeyId?: string | null | undefined;
  /** SnapshotId, unless that is empty */
  SourceSnapshotId?: string | null | undefined;
  /** Attachments.InstanceId of those that are attached */
  InstanceIds?: readonly string[] | undefined;
}

/** A virtual private cloud, from ec2 DescribeVpcs. */
export interface Ec2Vpc {
  /** vpc-... */
  VpcId: string;
  /** CidrBlock of DescribeVpcs */
  PrimaryCIDRBlock?: string | null | undefined;
  /** default, dedicated or host */
  InstanceTenancy?: string | null | undefined;
  /** pending or available */
  State?: string | null | undefined;
  /** Whether it is the region's default VPC */
  IsDefault?: boolean | null | undefined;
  /** dopt-... */
  DhcpOptionsId?: string | null | undefined;
}

/** A VPC endpoint, from ec2 DescribeVpcEndpoints. */
export interface Ec2VpcEndpoint {
  /** vpce-... */
  VpcEndpointId: string;
  /** The VPC that it belongs to */
  VpcId?: string | null | undefined;
  /** e.g. com.amazonaws.eu-west-1.s3 */
  ServiceName?: string | null | undefined;
  /** The region of the service */
  ServiceRegion?: string | null | undefined;
  /** Interface, Gateway, GatewayLoadBalancer, Resource or ServiceNetwork */
  VpcEndpointType?: string | null | undefined;
  /** available, pending, deleting, failed and so on */
  State?: string | null | undefined;
  /** JSON, as AWS gives it */
  PolicyDocument?: string | null | undefined;
  /** Of a gateway endpoint */
  RouteTableIds?: readonly string[] | undefined;
  /** Of an interface or Gateway Load Balancer endpoint */
  SubnetIds?: readonly string[] | undefined;
  /** Groups.GroupId: security groups of its interfaces */
  GroupIds?: readonly string[] | undefined;
  /** Its interfaces */
  NetworkInterfaceIds?: readonly string[] | undefined;
  /** JSON: a list of {"DnsName", "HostedZoneId"}; absent without any */
  DnsEntries?: string | null | undefined;
  /** Whether the VPC has a private hosted zone for the service */
  PrivateDnsEnabled?: boolean | null | undefined;
  /** Whether the service manages it */
  RequesterManaged?: boolean | null | undefined;
  /** ipv4, dualstack or ipv6 */
  IpAddressType?: string | null | undefined;
  /** The account that owns it, 12 digits */
  OwnerId?: string | null | undefined;
  /** e.g. 2024-01-31T09:30:00+00:00 */
  CreationTimestamp?: string | null | undefined;
}

/** A route table of a gateway endpoint, as ec2 DescribeVpcEndpoints names it. Its node is another than that of ec2:route_table. */
export interface Ec2VpcEndpointRouteTable {
  /** rtb-... */
  RouteTableId: string;
}

/** A security group of a VPC endpoint, as ec2 DescribeVpcEndpoints names it. */
export interface Ec2VpcEndpointSecurityGroup {
  /** sg-... */
  GroupId: string;
}

/** A subnet that a VPC endpoint is in, as ec2 DescribeVpcEndpoints names it. */
export interface Ec2VpcEndpointSubnet {
  /** subnet-... */
  SubnetId: string;
}

/** An IPv4 range of a VPC, from CidrBlockAssociationSet of ec2 DescribeVpcs. */
export interface Ec2VpcIpv4CidrBlock {
  /** <VpcId>|<CidrBlock> */
  Id: string;
  /** vpc-... */
  VpcId: string;
  /** e.g. 10.0.0.0/16 */
  CidrBlock: string;
  /** vpc-cidr-assoc-... */
  AssociationId?: string | null | undefined;
  /** associating, associated, disassociating, disassociated, failing or failed */
  BlockState?: string | null | undefined;
  /** The state's StatusMessage */
  BlockStateMessage?: string | null | undefined;
}

/** An IPv6 range of a VPC, from Ipv6CidrBlockAssociationSet of ec2 DescribeVpcs. */
export interface Ec2VpcIpv6CidrBlock {
  /** <VpcId>|<CidrBlock> */
  Id: string;
  /** vpc-... */
  VpcId: string;
  /** Ipv6CidrBlock, e.g. 2001:db8:1234:1a00::/56 */
  CidrBlock: string;
  /** vpc-cidr-assoc-... */
  AssociationId?: string | null | undefined;
  /** associating, associated, disassociating, disassociated, failing or failed */
  BlockState?: string | null | undefined;
  /** The state's StatusMessage */
  BlockStateMessage?: string | null | undefined;
}

/** The last use of an access key, from iam GetAccessKeyLastUsed. Withheld for a key while that cannot be read. */
export interface IamAccessKeyLastUsed {
  /** AKIA... */
  AccessKeyId: string;
  /** null: never used, or before April 2015 */
  LastUsedDate?: number | null | undefined;
  /** LastUsedDate as text; None if there is none */
  LastUsedDateText: string;
  /** e.g. s3; N/A if never used */
  LastUsedService?: string | null | undefined;
  /** e.g. eu-west-1; N/A if never used */
  LastUsedRegion?: string | null | undefined;
}

/** An access key of a user, from iam ListAccessKeys. The secret is not in the answer. */
export interface IamAccountAccessKey {
  /** AKIA... */
  AccessKeyId: string;
  /** When the key was made */
  CreateDate?: number | null | undefined;
  /** CreateDate as text: 2024-01-31 09:30:00+00:00 */
  CreateDateText?: string | null | undefined;
  /** Active, Inactive or Expired */
  Status?: string | null | undefined;
  /** The user that has it */
  UserArn: string;
}

/** Counts and security facts of the account, from iam GetAccountSummary. */
export interface IamAccountSummary {
  /** 12 digits */
  AccountId: string;
  /** 1 if the root user has multi-factor authentication */
  AccountMFAEnabled?: number | null | undefined;
  /** Number of MFA devices */
  MFADevices?: number | null | undefined;
  /** Number of MFA devices that a user has */
  MFADevicesInUse?: number | null | undefined;
  /** Number of access keys of the root user */
  AccountAccessKeysPresent?: number | null | undefined;
  /** Number of signing certificates of the root user */
  AccountSigningCertificatesPresent?: number | null | undefined;
  /** Number of users */
  Users?: number | null | undefined;
  /** Number of groups */
  Groups?: number | null | undefined;
  /** Number of roles */
  Roles?: number | null | undefined;
  /** Number of managed policies of the account */
  Policies?: number | null | undefined;
  /** Number of instance profiles */
  InstanceProfiles?: number | null | undefined;
  /** Number of identity providers */
  Providers?: number | null | undefined;
  /** Number of server certificates */
  ServerCertificates?: number | null | undefined;
  /** Number of policy versions in use */
  PolicyVersionsInUse?: number | null | undefined;
}

/** An identity provider that a role trusts. */
export interface IamFederatedPrincipal {
  /** ARN of the provider in IAM, or a name such as accounts.google.com */
  Arn: string;
  /** Federated */
  Type: string;
}

/** An IAM group, from iam GetAccountAuthorizationDetails. Its members name it, not it them. */
export interface IamGroup {
  /** arn:aws:iam::<account>:group/<path><name> */
  Arn: string;
  /** AGPA... */
  GroupId?: string | null | undefined;
  /** Unique in the account */
  GroupName?: string | null | undefined;
  /** / or /division/team/ */
  Path?: string | null | undefined;
  /** When the group was made */
  CreateDate?: number | null | undefined;
  /** CreateDate as text: 2024-01-31 09:30:00+00:00 */
  CreateDateText?: string | null | undefined;
  /** Ids of its inline policies, ARNs of its attached ones */
  PolicyIds?: readonly string[] | undefined;
}

/** The service that a group used last, from iam GetServiceLastAccessedDetails. Withheld for a group while IAM's report is not there. */
export interface IamGroupLastAccessed {
  /** Arn of the group */
  Arn: string;
  /** e.g. Amazon S3 */
  ServiceName?: string | null | undefined;
  /** e.g. s3 */
  ServiceNamespace?: string | null | undefined;
  /** When, as text: 2024-01-31 09:30:00+00:00 */
  LastAuthenticated: string;
  /** Arn of who did, of a group a member; may be empty */
  LastAuthenticatedEntity?: string | undefined;
  /** e.g. eu-west-1; may be empty */
  LastAuthenticatedRegion?: string | undefined;
}

/** A policy that is part of one user, group or role, from iam GetAccountAuthorizationDetails. Its principal names it. */
export interface IamInlinePolicy {
  /** <ARN of the principal>/inline_policy/<name> */
  Id: string;
  /** Unique in the principal */
  Name: string;
  /** inline */
  Type: string;
  /** null: inline policies have none */
  Arn?: string | null | undefined;
}

/** What gives an instance its role, from iam ListInstanceProfiles. */
export interface IamInstanceProfile {
  /** arn:<partition>:iam::<account>:instance-profile/<path><name> */
  Arn: string;
  /** AIPA... */
  InstanceProfileId?: string | null | undefined;
  /** Unique in the account */
  InstanceProfileName?: string | null | undefined;
  /** / or /<path>/ */
  Path?: string | null | undefined;
  /** When it was made */
  CreateDate?: number | null | undefined;
  /** Roles.Arn; at most one, today */
  RoleArns?: readonly string[] | undefined;
}

/** A managed policy, of the account or of AWS, that a user, group or role has attached, from iam GetAccountAuthorizationDetails. One of AWS is one node for all accounts. */
export interface IamManagedPolicy {
  /** arn:aws:iam::<account or "aws">:policy/<path><name> */
  Arn: string;
  /** Last part of the ARN */
  Name: string;
  /** managed */
  Type: string;
}

/** A device for multi-factor authentication of a user, from iam ListMFADevices. */
export interface IamMfaDevice {
  /** An ARN; for hardware tokens the number on the device */
  SerialNumber: string;
  /** The user that has it */
  UserName?: string | null | undefined;
  /** The user that has it */
  UserArn: string;
  /** When the user got it */
  EnableDate?: number | null | undefined;
  /** EnableDate as text: 2024-01-31 09:30:00+00:00 */
  EnableDateText?: string | null | undefined;
}

/** A statement of a managed or inline policy. */
export interface IamPolicyStatement {
  /** <policy id>/statement/<Sid, or the position among those without one, from 1> */
  Id: string;
  /** The policy that it is part of */
  PolicyId: string;
  /** Unique in the policy */
  Sid?: string | null | undefined;
  /** Allow or Deny */
  Effect?: string | null | undefined;
  /** e.g. s3:GetObject; a single one is a list too */
  Action?: readonly string[] | null | undefined;
  /** All but these */
  NotAction?: readonly string[] | null | undefined;
  /** ARNs, with wildcards */
  Resource?: readonly string[] | null | undefined;
  /** All but these */
  NotResource?: readonly string[] | null | undefined;
  /** JSON text: a list of one condition block */
  Condition?: string | null | undefined;
}

/** An IAM role, from iam GetAccountAuthorizationDetails. */
export interface IamRole {
  /** arn:aws:iam::<account>:role/<path><name> */
  Arn: string;
  /** AROA... */
  RoleId?: string | null | undefined;
  /** Unique in the account */
  RoleName?: string | null | undefined;
  /** / or /service-role/ */
  Path?: string | null | undefined;
  /** When the role was made */
  CreateDate?: number | null | undefined;
  /** CreateDate as text: 2024-01-31 09:30:00+00:00 */
  CreateDateText?: string | null | undefined;
  /** Every principal that the trust policy names: ARNs, service names, provider names */
  TrustedPrincipals?: readonly string[] | undefined;
  /** Ids of its inline policies, ARNs of its attached ones */
  PolicyIds?: readonly string[] | undefined;
}

/** The service that a role used last, from iam GetServiceLastAccessedDetails. Withheld for a role while IAM's report is not there. */
export interface IamRoleLastAccessed {
  /** Arn of the role */
  Arn: string;
  /** e.g. Amazon S3 */
  ServiceName?: string | null | undefined;
  /** e.g. s3 */
  ServiceNamespace?: string | null | undefined;
  /** When, as text: 2024-01-31 09:30:00+00:00 */
  LastAuthenticated: string;
  /** Arn of who did, of a group a member; may be empty */
  LastAuthenticatedEntity?: string | undefined;
  /** e.g. eu-west-1; may be empty */
  LastAuthenticatedRegion?: string | undefined;
}

/** A SAML identity provider, from iam ListSAMLProviders. */
export interface IamSAMLProvider {
  /** arn:aws:iam::<account>:saml-provider/<name> */
  Arn: string;
  /** Last part of the ARN */
  Name: string;
  /** When it was made */
  CreateDate?: number | null | undefined;
  /** When its metadata expires */
  ValidUntil?: number | null | undefined;
}

/** A certificate kept in IAM, from iam ListServerCertificates. */
export interface IamServerCertificate {
  /** ASCA... */
  ServerCertificateId: string;
  /** Unique in the account */
  ServerCertificateName?: string | null | undefined;
  /** arn:aws:iam::<account>:server-certificate/<path><name> */
  Arn?: string | null | undefined;
  /** / or /cloudfront/ */
  Path?: string | null | undefined;
  /** When it expires */
  Expiration?: number | null | undefined;
  /** When it was uploaded */
  UploadDate?: number | null | undefined;
}

/** A service that a role trusts. One node for all accounts. */
export interface IamServicePrincipal {
  /** Not an ARN: ec2.amazonaws.com */
  Arn: string;
  /** Service */
  Type: string;
}

/** Another account that a role trusts: all that is known of it is its id. */
export interface IamTrustedAccount {
  /** 12 digits */
  TrustedAccountId: string;
}

/** The root principal of another account that a role trusts. */
export interface IamTrustedRootPrincipal {
  /** arn:aws:iam::<trusted account>:root */
  Arn: string;
  /** 12 digits */
  TrustedAccountId: string;
}

/** An IAM user, from iam GetAccountAuthorizationDetails and ListUsers. */
export interface IamUser {
  /** arn:aws:iam::<account>:user/<path><name> */
  Arn: string;
  /** AIDA... */
  UserId?: string | null | undefined;
  /** Unique in the account */
  UserName?: string | null | undefined;
  /** / or /division/team/ */
  Path?: string | null | undefined;
  /** When the user was made */
  CreateDate?: number | null | undefined;
  /** CreateDate as text: 2024-01-31 09:30:00+00:00 */
  CreateDateText?: string | null | undefined;
  /** Last sign-in with the password; null without a password or sign-in */
  PasswordLastUsed?: number | null | undefined;
  /** PasswordLastUsed as text; empty if there is none */
  PasswordLastUsedText: string;
  /** Groups that the user is in */
  GroupArns?: readonly string[] | undefined;
  /** Ids of its inline policies, ARNs of its attached ones */
  PolicyIds?: readonly string[] | undefined;
}

/** The service that a user used last, from iam GetServiceLastAccessedDetails. Withheld for a user while IAM's report is not there. */
export interface IamUserLastAccessed {
  /** Arn of the user */
  Arn: string;
  /** e.g. Amazon S3 */
  ServiceName?: string | null | undefined;
  /** e.g. s3 */
  ServiceNamespace?: string | null | undefined;
  /** When, as text: 2024-01-31 09:30:00+00:00 */
  LastAuthenticated: string;
  /** Arn of who did, of a group a member; may be empty */
  LastAuthenticatedEntity?: string | undefined;
  /** e.g. eu-west-1; may be empty */
  LastAuthenticatedRegion?: string | undefined;
}

/** A name of a key, from kms ListAliases. Withheld while that cannot be read. */
export interface KmsAlias {
  /** arn:<partition>:kms:<region>:<account>:alias/<name> */
  AliasArn: string;
  /** alias/<name>; AWS's own begin with alias/aws/ */
  AliasName?: string | null | undefined;
  /** KeyId of the key */
  TargetKeyId: string;
  /** Id of the key's record */
  KeyNodeId: string;
  /** Seconds since the epoch, whole */
  CreationDate?: number | null | undefined;
  /** When it was last given another key: seconds since the epoch, whole */
  LastUpdatedDate?: number | null | undefined;
}

/** A permission to use a key, beside its policy, from kms ListGrants. Withheld while that cannot be read for some key. */
export interface KmsGrant {
  /** 64 hexadecimal digits */
  GrantId: string;
  /** Free text; mostly absent */
  Name?: string | null | undefined;
  /** ARN of a principal or name of a service: who may use the key */
  GranteePrincipal?: string | null | undefined;
  /** Seconds since the epoch, whole */
  CreationDate?: number | null | undefined;
  /** The key, as ListGrants names it: its ARN */
  KeyId?: string | null | undefined;
  /** Id of the key's record */
  KeyNodeId: string;
  /** arn:<partition>:iam::<account>:root: the account that made it */
  IssuingAccount?: string | null | undefined;
  /** What it permits, e.g. Decrypt and GenerateDataKey */
  Operations?: readonly string[] | undefined;
}

/** A key, from kms ListKeys and DescribeKey. Withheld while the latter cannot be read. */
export interface KmsKey {
  /** KeyId; of a multi-Region key the Arn, since it has the same KeyId in every region */
  Id: string;
  /** arn:<partition>:kms:<region>:<account>:key/<KeyId> */
  Arn: string;
  /** A UUID; mrk-... if it is a multi-Region key */
  KeyId: string;
  /** Free text, often empty */
  Description?: string | null | undefined;
  /** Whether KeyState is Enabled */
  Enabled?: boolean | null | undefined;
  /** e.g. Enabled, Disabled, PendingDeletion or PendingImport */
  KeyState?: string | null | undefined;
  /** ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or KEY_AGREEMENT */
  KeyUsage?: string | null | undefined;
  /** AWS or CUSTOMER */
  KeyManager?: string | null | undefined;
  /** AWS_KMS, EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE */
  Origin?: string | null | undefined;
  /** Seconds since the epoch, whole */
  CreationDate?: number | null | undefined;
  /** When it is going to be deleted: seconds since the epoch, whole */
  DeletionDate?: number | null | undefined;
  /** When imported key material expires: seconds since the epoch, whole */
  ValidTo?: number | null | undefined;
  /** cks-..., of a key in a custom key store */
  CustomKeyStoreId?: string | null | undefined;
  /** cluster-..., of a key in a CloudHSM key store */
  CloudHsmClusterId?: string | null | undefined;
  /** KEY_MATERIAL_EXPIRES or KEY_MATERIAL_DOES_NOT_EXPIRE; of imported key material */
  ExpirationModel?: string | null | undefined;
  /** AWS has renamed it KeySpec and sends both: e.g. SYMMETRIC_DEFAULT or RSA_2048 */
  CustomerMasterKeySpec?: string | null | undefined;
  /** e.g. SYMMETRIC_DEFAULT; of keys for encryption */
  EncryptionAlgorithms?: readonly string[] | null | undefined;
  /** e.g. RSASSA_PSS_SHA_256; of keys for signatures */
  SigningAlgorithms?: readonly string[] | null | undefined;
}

/** What a key's policy allows to anyone, from kms GetKeyPolicy. Withheld for a key while that cannot be read. */
export interface KmsKeyPolicy {
  /** As in Key */
  Id: string;
  /** Whether the policy lets the internet in */
  AnonymousAccess: boolean;
  /** The actions of the statements that do, sorted */
  AnonymousActions?: readonly string[] | undefined;
}

/** A member of an organization, from organizations ListAccountsForParent. Only an active one has a place in the tree. */
export interface OrganizationsAccount {
  /** 12 digits */
  Id: string;
  /** arn:<partition>:organizations::<management account>:account/<organization>/<Id> */
  Arn?: string | null | undefined;
  /** The root user's e-mail address */
  Email?: string | null | undefined;
  /** As given by the user */
  Name?: string | null | undefined;
  /** State: PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED; where AWS does not send it, Status */
  State?: string | null | undefined;
  /** Status, which AWS replaces by State: ACTIVE, SUSPENDED or PENDING_CLOSURE */
  Status?: string | null | undefined;
  /** INVITED or CREATED */
  JoinedMethod?: string | null | undefined;
  /** When it became a member */
  JoinedTimestamp?: number | null | undefined;
  /** <organization>/<root> when an active account is there */
  ParentRootId?: string | null | undefined;
  /** <organization>/<organizational unit> when an active account is there */
  ParentOrganizationalUnitId?: string | null | undefined;
}

/** An organization, from organizations DescribeOrganization. */
export interface OrganizationsOrganization {
  /** o-... */
  Id: string;
  /** arn:<partition>:organizations::<management account>:organization/<Id> */
  Arn?: string | null | undefined;
  /** ALL or CONSOLIDATED_BILLING */
  FeatureSet?: string | null | undefined;
  /** The management account's ARN */
  MasterAccountArn?: string | null | undefined;
  /** The management account, 12 digits */
  MasterAccountId?: string | null | undefined;
  /** The management account's e-mail address */
  MasterAccountEmail?: string | null | undefined;
}

/** An organizational unit, from organizations ListOrganizationalUnitsForParent. Its root has a RESOURCE edge to it at any depth, its parent too. */
export interface OrganizationsOrganizationalUnit {
  /** <organization>/<organizational unit> */
  Id: string;
  /** OrganizationalUnits.Id, ou-... */
  OrganizationalUnitId: string;
  /** arn:<partition>:organizations::<management account>:ou/<organization>/<organizational unit> */
  Arn?: string | null | undefined;
  /** As given by the user */
  Name?: string | null | undefined;
  /** <organization>/<root> of the tree that it is in */
  RootId: string;
  /** <organization>/<root> when that is its parent */
  ParentRootId?: string | null | undefined;
  /** <organization>/<organizational unit> when that is its parent */
  ParentOrganizationalUnitId?: string | null | undefined;
}

/** The top of an organization's tree, from organizations ListRoots. */
export interface OrganizationsRoot {
  /** <organization>/<root> */
  Id: string;
  /** Roots.Id, r-... */
  RootId: string;
  /** arn:<partition>:organizations::<management account>:root/<organization>/<root> */
  Arn?: string | null | undefined;
  /** Root */
  Name?: string | null | undefined;
}

/** The root user of an organization's active account, as policies name it. */
export interface OrganizationsRootPrincipal {
  /** arn:aws:iam::<AccountId>:root */
  Arn: string;
  /** 12 digits */
  AccountId: string;
}

/** What an account forbids all its buckets, from s3control GetPublicAccessBlock. Absent if nothing is configured. */
export interface S3AccountPublicAccessBlock {
  /** <account>:<region> */
  Id: string;
  /** 12 digits */
  AccountId: string;
  /** Whether ACLs that let the public in are refused */
  BlockPublicAcls?: boolean | null | undefined;
  /** Whether such ACLs have no effect */
  IgnorePublicAcls?: boolean | null | undefined;
  /** Whether policies that let the public in are refused */
  BlockPublicPolicy?: boolean | null | undefined;
  /** Whether such policies let in the account and AWS services only */
  RestrictPublicBuckets?: boolean | null | undefined;
}

/** An entry of an access control list, from s3 GetBucketAcl. Buckets with the same owner, grantee and permission share it. */
export interface S3Acl {
  /** SHA-256 over account and content, hexadecimal */
  Id: string;
  /** Display name of the bucket's owner, where S3 still tells it */
  OwnerDisplayName?: string | null | undefined;
  /** Canonical id of the bucket's owner */
  OwnerId?: string | null | undefined;
  /** CanonicalUser or Group */
  GranteeType: string;
  /** Of a canonical user, where S3 still tells it */
  GranteeDisplayName?: string | null | undefined;
  /** Canonical id of a canonical user */
  GranteeId?: string | null | undefined;
  /** Of a group, e.g. http://acs.amazonaws.com/groups/global/AllUsers */
  GranteeURI?: string | null | undefined;
  /** FULL_CONTROL, READ, WRITE, READ_ACP or WRITE_ACP */
  Permission?: string | null | undefined;
}

/** A general purpose bucket, from s3 ListBuckets. */
export interface S3Bucket {
  /** Unique among all accounts */
  Name: string;
  /** arn:aws:s3:::<name> */
  Arn: string;
  /** Where the bucket is; null if S3 did not say */
  BucketRegion?: string | null | undefined;
  /** As text: 2024-01-31 09:30:00+00:00. S3 also changes it with the policy. */
  CreationDate?: string | null | undefined;
}

/** The entries of a bucket's access control list, from s3 GetBucketAcl. Withheld for a bucket while that cannot be read. */
export interface S3BucketAcl {
  /** Unique among all accounts */
  Name: string;
  /** Ids of cartography.aws.s3.Acl */
  AclIds?: readonly string[] | undefined;
}

/** A bucket's default encryption, from s3 GetBucketEncryption. Withheld for a bucket while that cannot be read. */
export interface S3BucketEncryption {
  /** Unique among all accounts */
  Name: string;
  /** Whether there is one */
  DefaultEncryption: boolean;
  /** AES256, aws:kms or aws:kms:dsse */
  SSEAlgorithm?: string | null | undefined;
  /** Key id, ARN or alias */
  KMSMasterKeyID?: string | null | undefined;
  /** Whether a bucket key saves calls of KMS */
  BucketKeyEnabled?: boolean | null | undefined;
}

/** A bucket's access log, from s3 GetBucketLogging. Withheld for a bucket while that cannot be read. */
export interface S3BucketLogging {
  /** Unique among all accounts */
  Name: string;
  /** Whether there is one */
  LoggingEnabled: boolean;
  /** The bucket that it is written to */
  TargetBucket?: string | null | undefined;
}

/** The topics that a bucket's events go to, from s3 GetBucketNotificationConfiguration. Withheld for a bucket while that cannot be read. */
export interface S3BucketNotification {
  /** Unique among all accounts */
  Name: string;
  /** TopicConfigurations.TopicArn */
  TopicArns?: readonly string[] | undefined;
  /** Label of the node that the edges belong to: AWSS3Bucket */
  SubResourceLabel: string;
}

/** A bucket's rule for who owns its objects, from s3 GetBucketOwnershipControls. Withheld for a bucket while that cannot be read. */
export interface S3BucketOwnership {
  /** Unique among all accounts */
  Name: string;
  /** BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter; null: not configured */
  ObjectOwnership?: string | null | undefined;
}

/** What a bucket's policy allows to anyone, from s3 GetBucketPolicy. Withheld for a bucket while that cannot be read. */
export interface S3BucketPolicy {
  /** Unique among all accounts */
  Name: string;
  /** Whether the policy lets the internet in */
  AnonymousAccess: boolean;
  /** The actions of the statements that do, sorted */
  AnonymousActions?: readonly string[] | undefined;
}

/** A bucket's block of public access, from s3 GetPublicAccessBlock. All null: not configured. Withheld for a bucket while that cannot be read. */
export interface S3BucketPublicAccessBlock {
  /** Unique among all accounts */
  Name: string;
  /** Whether calls that set public ACLs fail */
  BlockPublicAcls?: boolean | null | undefined;
  /** Whether public ACLs have no effect */
  IgnorePublicAcls?: boolean | null | undefined;
  /** Whether calls that set a public policy fail */
  BlockPublicPolicy?: boolean | null | undefined;
  /** Whether a public policy lets only the account and AWS services in */
  RestrictPublicBuckets?: boolean | null | undefined;
}

/** A bucket's versioning, from s3 GetBucketVersioning. Withheld for a bucket while that cannot be read. */
export interface S3BucketVersioning {
  /** Unique among all accounts */
  Name: string;
  /** Enabled or Suspended; null: never enabled */
  Status?: string | null | undefined;
  /** Enabled or Disabled; null: never configured */
  MFADelete?: string | null | undefined;
}

/** A statement of a bucket policy, from s3 GetBucketPolicy. */
export interface S3PolicyStatement {
  /** <bucket>/policy_statement/<position, from 1>[/<Sid>] */
  Id: string;
  /** Name of the bucket */
  Bucket: string;
  /** Id of the policy, if it has one */
  PolicyId?: string | null | undefined;
  /** Version of the policy language: 2012-10-17 or 2008-10-17 */
  PolicyVersion?: string | null | undefined;
  /** Free text */
  Sid?: string | null | undefined;
  /** Allow or Deny */
  Effect?: string | null | undefined;
  /** A string or a list, as the policy has it */
  Action?: string | readonly string[] | null | undefined;
  /** A string or a list, as the policy has it */
  Resource?: string | readonly string[] | null | undefined;
  /** JSON text */
  Principal?: string | null | undefined;
  /** JSON text */
  Condition?: string | null | undefined;
}

/** All scopes of an account have ended. Key: account|<account>|<updateTag>. */
export interface AccountMarker {
  /** 12 digits */
  accountId: string;
  /** The run's update tag: seconds, whole */
  updateTag: number;
  /** Sync identifiers */
  requestedSyncs: readonly string[];
  /** The outcome of each scope */
  scopes: readonly {
    /** <account>/<region or global>/<sync> */
    scope: string;
    /** How the scope ended */
    outcome: 'complete' | 'denied' | 'unsupported' | 'failed' | 'skipped';
  }[];
  /** The offset vector: where the account's records end in the log */
  offsets: readonly {
    /** Name of the topic */
    topic: string;
    /** Number of the partition */
    partition: number;
    /** The offset after the last record in this partition */
    offset: number;
  }[];
  /** When the account's last scope had ended */
  endedAt: number;
}

/** The enumeration of an organization has ended. Key: hierarchy|<organization or account>|<updateTag>|<endedAt>. */
export interface HierarchyMarker {
  /** o-...; null where no organization could be named */
  organizationId?: string | null | undefined;
  /** The account that enumerated, or that was asked last */
  accountId?: string | null | undefined;
  /** The run's update tag: seconds, whole */
  updateTag: number;
  /** Only complete lets anything be deleted */
  outcome: 'complete' | 'access_denied' | 'incomplete' | 'not_in_org';
  /** For people: why it is not complete */
  reason?: string | null | undefined;
  /** Every record type of the hierarchy, those without records too */
  recordTypes: readonly {
    /** Full name of the record type */
    name: string;
    /** Number of distinct records */
    records: number;
    /** Whether all of this type was read; false withholds the cleanup of this type */
    complete: boolean;
    /** Ids of nodes whose record of this type could not be read and stays as it was */
    withheld?: readonly string[] | undefined;
  }[];
  /** The offset vector: where the hierarchy's records end in the log */
  offsets: readonly {
    /** Name of the topic */
    topic: string;
    /** Number of the partition */
    partition: number;
    /** The offset after the last record in this partition */
    offset: number;
  }[];
  /** When the enumeration had ended */
  endedAt: number;
}

/** A run has started, or all its accounts have ended. Key: run|<updateTag>|<state>. */
export interface RunMarker {
  /** The run's update tag: seconds, whole */
  updateTag: number;
  /** Which of the two this marker says */
  state: 'started' | 'ended';
  /** The accounts that the run plans to collect */
  accounts: readonly string[];
  /** Sync identifiers */
  requestedSyncs: readonly string[];
  /** Number of scopes by outcome; empty when started */
  outcomes: Record<string, number>;
  /** The offset vector over all accounts and hierarchies; empty when started */
  offsets: readonly {
    /** Name of the topic */
    topic: string;
    /** Number of the partition */
    partition: number;
    /** The offset after the last record in this partition */
    offset: number;
  }[];
  /** When the run started or ended */
  at: number;
}

/** A scope has ended: sent after the last of its records was acknowledged. Key: scope|<scope>|<updateTag>|<endedAt>. */
export interface ScopeMarker {
  /** <account>/<region or global>/<sync> */
  scope: string;
  /** 12 digits */
  accountId: string;
  /** Region name, or global */
  region: string;
  /** Sync identifier, e.g. ec2:instance */
  sync: string;
  /** The run's update tag: seconds, whole */
  updateTag: number;
  /** Only complete lets anything be deleted */
  outcome: 'complete' | 'denied' | 'unsupported' | 'failed' | 'skipped';
  /** For people: why it is not complete */
  reason?: string | null | undefined;
  /** Every record type that the sync can emit, those without records too */
  recordTypes: readonly {
    /** Full name of the record type */
    name: string;
    /** Number of distinct records */
    records: number;
    /** Whether all of this type was read; false withholds the cleanup of this type in this scope */
    complete: boolean;
    /** Ids of nodes whose record of this type could not be read and stays as it was */
    withheld?: readonly string[] | undefined;
  }[];
  /** The offset vector: where the scope's records end in the log */
  offsets: readonly {
    /** Name of the topic */
    topic: string;
    /** Number of the partition */
    partition: number;
    /** The offset after the last record in this partition */
    offset: number;
  }[];
  /** When the scope began */
  startedAt: number;
  /** When the scope had ended */
  endedAt: number;
}

/** A shard of a run has started, or all its accounts have ended. Collectors read it to know when the run has ended. Topic: shards. Key: <updateTag>|<shard>/<shards>. */
export interface ShardMarker {
  /** The run's update tag: seconds, whole */
  updateTag: number;
  /** Number of the shard, from 1 */
  shard: number;
  /** How many shards the run has */
  shards: number;
  /** Which of the two this marker says */
  state: 'started' | 'ended';
  /** The accounts of this shard */
  accounts: readonly string[];
  /** Sync identifiers; the same for all shards of a run */
  requestedSyncs: readonly string[];
  /** Number of scopes by outcome; empty when started */
  outcomes: Record<string, number>;
  /** The offset vector over the shard's accounts and hierarchies; empty when started */
  offsets: readonly {
    /** Name of the topic */
    topic: string;
    /** Number of the partition */
    partition: number;
    /** The offset after the last record in this partition */
    offset: number;
  }[];
  /** When the shard started or ended */
  at: number;
}
