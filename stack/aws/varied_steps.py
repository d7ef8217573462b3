"""The rarer kinds of the core services: what a plain estate has none of. On request only."""
import json

from clients import MANAGEMENT_ACCOUNT, Clients
from values import assume_role_by, public_key, tags

_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBszCCARygAwIBAgIBATANBgkqhkiG9w0BAQsFADAU\n-----END CERTIFICATE-----"
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


def identities(clients, context):
    """Providers, federated and role-to-role trusts, conditions, NotAction, keys of a user, names with paths and accents."""
    api = clients("iam")
    account, peer = context.account, context.peers[0]
    saml = api.create_saml_provider(Name="okta", SAMLMetadataDocument="<EntityDescriptor/>" + "x" * 1000)["SAMLProviderArn"]
    oidc = api.create_open_id_connect_provider(
        Url="https://oidc.eks.us-east-1.amazonaws.com/id/ABC", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["b" * 40],
    )["OpenIDConnectProviderArn"]
    federated = {"saml": (saml, "sts:AssumeRoleWithSAML"), "oidc": (oidc, "sts:AssumeRoleWithWebIdentity"),
                 "web": ("accounts.google.com", "sts:AssumeRoleWithWebIdentity")}
    for name, (provider, action) in federated.items():
        api.create_role(RoleName=f"federated-{name}", Path="/federated/", Description=f"für {name}",
                        AssumeRolePolicyDocument=_policy({"Principal": {"Federated": provider}, "Action": action}))
    hub = api.create_role(RoleName="hub", AssumeRolePolicyDocument=assume_role_by("ec2.amazonaws.com"))["Role"]["Arn"]
    user = api.create_user(UserName="ops.müller", Path="/people/ops/")["User"]["Arn"]
    trusted = [hub, user, f"arn:aws:iam::{peer}:root", f"arn:aws:iam::{peer}:role/hub", "999988887777"]
    external = {"StringEquals": {"sts:ExternalId": "x"}}
    api.create_role(
        RoleName="spoke", PermissionsBoundary=context.made["policies"][0], MaxSessionDuration=7200, AssumeRolePolicyDocument=_policy(
            {"Principal": {"AWS": trusted}, "Action": "sts:AssumeRole", "Condition": external},
            {"Effect": "Deny", "Principal": {"AWS": hub}, "Action": ["sts:TagSession"]}))
    everything = {"Action": "*", "Resource": "*"}
    inline = {
        "assume-spoke": {"Action": ["sts:AssumeRole"], "Resource": [f"arn:aws:iam::{account}:role/spoke"]},
        "assume-any": {"Sid": "Any", "Action": "sts:*", "Resource": f"arn:aws:iam::{account}:role/s*"},
        "not-action": {"NotAction": ["iam:*", "organizations:*"], "Resource": "*"},
        "not-resource": {"Action": "s3:GetObject", "NotResource": "arn:aws:s3:::data-*/private/*"},
        "conditional": {**everything, "Action": ["s3:GetObject", "ec2:*"], "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        "wild": {"Action": "S3:Get?bject", "Resource": f"arn:aws:s3:::data-{account}-*"},
    }
    for name, statement in inline.items():
        api.put_role_policy(RoleName="hub", PolicyName=name, PolicyDocument=_policy(statement))
    api.put_user_policy(UserName="ops.müller", PolicyName="admin", PolicyDocument=_policy(everything, {
        "Sid": "No", "Effect": "Deny", "Action": "kms:*", "Resource": "*"}))
    for _ in range(2):
        api.create_access_key(UserName="ops.müller")
    device = api.create_virtual_mfa_device(VirtualMFADeviceName="ops")["VirtualMFADevice"]["SerialNumber"]
    api.enable_mfa_device(UserName="ops.müller", SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321")
    api.create_group(GroupName="empty", Path="/people/")
    for index in range(2):
        api.upload_server_certificate(
            ServerCertificateName=f"cert-{index}", Path="/cloudfront/", CertificateBody=_CERTIFICATE, PrivateKey="key")
    version = api.create_policy(PolicyName="versions", Path="/app/", PolicyDocument=_policy(everything))["Policy"]["Arn"]
    api.create_policy_version(PolicyArn=version, SetAsDefault=True, PolicyDocument=_policy(
        {"Sid": "", "Action": "sqs:*", "Resource": "*"}, {"Action": "sqs:*", "Resource": "*"}))
    for kind, name in (("role", "hub"), ("role", "spoke"), ("user", "ops.müller")):
        getattr(api, f"attach_{kind}_policy")(PolicyArn=version, **{f"{kind.capitalize()}Name": name})
    api.create_instance_profile(InstanceProfileName="no-role", Path="/empty/")
    context.count("iam_role", 5)


def keys(clients, context):
    """Aliases without number, grants with conditions, rotation, policies that let others in, keys that are off or going."""
    api = clients("kms")
    account, peer = context.account, context.peers[0]
    owner = {"Sid": "Owner", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    policies = [
        _policy(owner),
        _policy(owner, {"Principal": {"AWS": [f"arn:aws:iam::{peer}:root"]}, "Action": ["kms:Decrypt"], "Resource": "*"}),
        _policy(owner, {"Principal": "*", "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*"}),
        _policy({"Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*",
                 "Condition": {"StringEquals": {"kms:CallerAccount": account}}}),
    ]
    made = [api.create_key(Description=f"varied {index}", Policy=policy)["KeyMetadata"]["KeyId"]
            for index, policy in enumerate(policies)]
    made.append(api.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"])
    made.append(api.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"])
    api.enable_key_rotation(KeyId=made[0])
    for name in ("alias/one", "alias/two", "alias/path/three"):
        api.create_alias(AliasName=name, TargetKeyId=made[0])
    api.create_grant(KeyId=made[1], GranteePrincipal=f"arn:aws:iam::{peer}:role/hub", RetiringPrincipal=f"arn:aws:iam::{account}:role/hub",
                     Operations=["Decrypt", "GenerateDataKey"], Name="named", Constraints={"EncryptionContextSubset": {"app": "x"}})
    api.create_grant(KeyId=made[1], GranteePrincipal="ec2.amazonaws.com", Operations=["Encrypt"])
    api.disable_key(KeyId=made[2])
    api.schedule_key_deletion(KeyId=made[3], PendingWindowInDays=7)
    context.made["varied_keys"] = made
    context.count("kms_key", len(made))


def buckets(clients, context):
    """Public lists and policies, encryption with keys, logging, ownership, other accounts, names with dots."""
    api = clients("s3")
    account, region = context.account, context.region
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}

    def bucket(name):
        full = f"{name}.{account}.{region}"
        api.create_bucket(Bucket=full, **place)
        context.count("s3_bucket")
        return full

    for list_ in ("public-read", "public-read-write", "authenticated-read", "log-delivery-write"):
        name = bucket(f"acl-{list_}")
        api.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
        api.put_bucket_acl(Bucket=name, ACL=list_)
    owner = api.list_buckets()["Owner"]
    for group in (_ALL_USERS, _SIGNED_IN):
        for permission in ("READ_ACP", "WRITE_ACP", "FULL_CONTROL"):
            api.put_bucket_acl(Bucket=bucket(f"{permission.lower().replace('_', '-')}-{group[-8:].lower()}"), AccessControlPolicy={
                "Owner": owner, "Grants": [{"Grantee": {"Type": "Group", "URI": group}, "Permission": permission}]})
    statements = {
        "anyone": [{"Principal": {"AWS": "*"}, "Action": ["s3:GetObject", "s3:ListBucket"]}],
        "from-vpc": [{"Principal": "*", "Action": "s3:*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}],
        "from-address": [{"Principal": "*", "Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}],
        "from-anywhere": [{"Principal": "*", "Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}],
        "tls-only": [{"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                      "Condition": {"Bool": {"aws:SecureTransport": "false"}}}],
        "others": [{"Sid": "Other", "Principal": {"AWS": [f"arn:aws:iam::{context.peers[0]}:root", "999988887777"]}, "Action": "s3:Put*"},
                   {"Sid": "Service", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject"}],
        "not-principal": [{"Principal": "*", "NotAction": "s3:DeleteBucket"}],
    }
    for name, wanted in statements.items():
        full = bucket(name)
        both = [f"arn:aws:s3:::{full}", f"arn:aws:s3:::{full}/*"]
        api.put_bucket_policy(Bucket=full, Policy=_policy(*({**statement, "Resource": both} for statement in wanted)))
    encrypted = bucket("encrypted")
    key = context.made["varied_keys"][0]
    for name, value in ((encrypted, f"arn:aws:kms:{region}:{account}:key/{key}"), (bucket("encrypted-by-id"), key),
                        (bucket("encrypted-by-alias"), "alias/one"), (bucket("encrypted-by-default"), None)):
        rule = {"ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms", **({} if value is None else {"KMSMasterKeyID": value})}, "BucketKeyEnabled": True}
        api.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    logs = bucket("logs")
    api.put_bucket_acl(Bucket=logs, ACL="log-delivery-write")
    api.put_bucket_logging(Bucket=encrypted, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "a/"}})
    api.put_bucket_versioning(Bucket=encrypted, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})
    api.put_bucket_versioning(Bucket=logs, VersioningConfiguration={"Status": "Suspended"})
    for ownership in ("BucketOwnerPreferred", "BucketOwnerEnforced"):
        api.put_bucket_ownership_controls(
            Bucket=bucket(ownership.lower()), OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})
    clients("s3control").put_public_access_block(AccountId=account, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": True, "RestrictPublicBuckets": False})


def networks(clients, context):
    """Rules of every kind, IPv6, prefix lists, every target of a route, endpoints, peering with another account and region."""
    api = clients("ec2")
    made = context.made
    vpc = api.create_vpc(CidrBlock="172.20.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    api.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="172.21.0.0/16")
    ipv6 = api.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    zone = api.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    subnet = api.create_subnet(
        VpcId=vpc, CidrBlock="172.20.0.0/20", Ipv6CidrBlock=ipv6.replace("/56", "/64"), AvailabilityZone=zone)["Subnet"]["SubnetId"]
    other = api.create_subnet(VpcId=vpc, CidrBlock="172.20.16.0/20", AvailabilityZone=zone)["Subnet"]["SubnetId"]
    api.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    made["varied_vpc"], made["varied_subnets"] = vpc, [subnet, other]
    list_ = api.create_managed_prefix_list(
        PrefixListName="office", AddressFamily="IPv4", MaxEntries=5, Entries=[{"Cidr": "198.51.100.0/24"}])["PrefixList"]["PrefixListId"]
    group = api.create_security_group(GroupName="varied", Description="verschiedene", VpcId=vpc, TagSpecifications=[
        {"ResourceType": "security-group", "Tags": tags(1, "sg")}])["GroupId"]
    made["varied_group"] = group
    api.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "203.0.113.7/32", "Description": "büro"}, {"CidrIp": "10.0.0.0/8"}]},
        {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "UserIdGroupPairs": [{"GroupId": group}]},
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
        {"IpProtocol": "tcp", "FromPort": 9000, "ToPort": 9001, "PrefixListIds": [{"PrefixListId": list_}]}])
    api.authorize_security_group_egress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    gateway = api.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    api.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    api.create_internet_gateway()
    outward = api.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    address = api.allocate_address(Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": tags(2, "eip")}])
    nat = api.create_nat_gateway(SubnetId=subnet, AllocationId=address["AllocationId"])["NatGateway"]["NatGatewayId"]
    interface = api.create_network_interface(SubnetId=subnet, Groups=[group], Description="appliance")["NetworkInterface"]
    api.modify_network_interface_attribute(
        NetworkInterfaceId=interface["NetworkInterfaceId"], SourceDestCheck={"Value": False})
    peer_vpc = made["vpcs"][0]
    peering = api.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer_vpc)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    api.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    _peer_with_another_account(api, context, vpc)
    table = api.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for destination, target in {
        "0.0.0.0/0": {"GatewayId": gateway}, "192.0.2.0/24": {"NatGatewayId": nat},
        "198.51.100.0/25": {"NetworkInterfaceId": interface["NetworkInterfaceId"]}, "10.0.0.0/16": {"VpcPeeringConnectionId": peering},
    }.items():
        api.create_route(RouteTableId=table, DestinationCidrBlock=destination, **target)
    api.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId=outward)
    api.create_route(RouteTableId=table, DestinationPrefixListId=list_, GatewayId=gateway)
    api.associate_route_table(RouteTableId=table, SubnetId=subnet)
    _access_list(api, vpc, subnet)
    for kind, service, more in (
        ("Interface", "ec2", {"SubnetIds": [subnet, other], "SecurityGroupIds": [group], "PrivateDnsEnabled": True}),
        ("Gateway", "dynamodb", {"RouteTableIds": [table], "PolicyDocument": _policy(
            {"Principal": "*", "Action": "dynamodb:*", "Resource": "*"})}),
    ):
        api.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{context.region}.{service}", VpcEndpointType=kind,
                                TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": tags(0, service)}], **more)
    api.allocate_address(Domain="standard")
    context.count("vpc")


def _peer_with_another_account(api, context, vpc):
    """One connection that the other account has accepted, and one that waits."""
    peer = context.peers[0]
    other = Clients(context.region, None if peer == MANAGEMENT_ACCOUNT else peer)("ec2")
    peer_vpc = other.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    for accepts in (True, False):
        peering = api.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer_vpc, PeerOwnerId=peer)["VpcPeeringConnection"]
        if accepts:
            other.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])


def _access_list(api, vpc, subnet):
    acl = api.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    rules = [
        {"RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "PortRange": {"From": 22, "To": 22}, "CidrBlock": "10.0.0.0/8"},
        {"RuleNumber": 110, "Protocol": "6", "RuleAction": "deny", "PortRange": {"From": 0, "To": 65535}, "Ipv6CidrBlock": "::/0"},
        {"RuleNumber": 120, "Protocol": "1", "RuleAction": "allow", "IcmpTypeCode": {"Type": -1, "Code": -1}, "CidrBlock": "0.0.0.0/0"},
    ]
    for rule in rules:
        for egress in (False, True):
            api.create_network_acl_entry(NetworkAclId=acl, Egress=egress, **rule)
    for found in api.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"]:
        for association in found["Associations"]:
            if association["SubnetId"] == subnet:
                api.replace_network_acl_association(
                    AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl)


def machines(clients, context):
    """Terminated and stopped instances, several interfaces and volumes, IMDS settings, launch configurations, template versions."""
    api = clients("ec2")
    made = context.made
    image, group, subnets = made["images"][0], made["varied_group"], made["varied_subnets"]
    key = made["varied_keys"][0]
    disks = [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20, "VolumeType": "gp2", "Encrypted": True, "KmsKeyId": key}},
             {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 5, "DeleteOnTermination": True}}]
    public = [{"DeviceIndex": 0, "SubnetId": subnets[0], "Groups": [group], "AssociatePublicIpAddress": True}]
    launch = {"ImageId": image, "MinCount": 1, "MaxCount": 1}
    wanted = [
        {"NetworkInterfaces": public, "BlockDeviceMappings": disks, "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
         "Monitoring": {"Enabled": True}, "EbsOptimized": True, "InstanceType": "m5.large"},
        {"SubnetId": subnets[1], "SecurityGroupIds": [group], "HibernationOptions": {"Configured": True}},
        {"SubnetId": subnets[0], "InstanceType": "t3.nano", "UserData": "secret"},
        {"SubnetId": subnets[0]},
    ]
    ids = [api.run_instances(**launch, **one)["Instances"][0]["InstanceId"] for one in wanted]
    api.stop_instances(InstanceIds=[ids[2]])
    api.terminate_instances(InstanceIds=[ids[3]])
    interface = api.create_network_interface(SubnetId=subnets[0], Groups=[group], SecondaryPrivateIpAddressCount=2)["NetworkInterface"]
    api.attach_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"], InstanceId=ids[0], DeviceIndex=1)
    address = api.allocate_address(Domain="vpc")["AllocationId"]
    api.associate_address(AllocationId=address, NetworkInterfaceId=interface["NetworkInterfaceId"])
    zone = api.describe_subnets(SubnetIds=[subnets[0]])["Subnets"][0]["AvailabilityZone"]
    loose = api.create_volume(Size=1, AvailabilityZone=zone, VolumeType="gp3", Encrypted=True, KmsKeyId=key)["VolumeId"]
    snapshot = api.create_snapshot(VolumeId=loose, Description="frei")["SnapshotId"]
    api.create_volume(SnapshotId=snapshot, AvailabilityZone=zone)
    api.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"])
    for name in ("same-a", "same-b"):
        api.import_key_pair(KeyName=name, PublicKeyMaterial=public_key(f"{context.account}/same"))
    template = api.create_launch_template(LaunchTemplateName="versions", LaunchTemplateData={
        "ImageId": image, "InstanceType": "m5.large", "KeyName": "same-a", "UserData": "c2VjcmV0", "EbsOptimized": True,
        "SecurityGroupIds": [group], "Monitoring": {"Enabled": True}, "DisableApiTermination": True,
        "IamInstanceProfile": {"Arn": made["profiles"][0]}})["LaunchTemplate"]["LaunchTemplateId"]
    api.create_launch_template_version(
        LaunchTemplateId=template, VersionDescription="zwei", LaunchTemplateData={"InstanceType": "m5.xlarge"})
    groups = clients("autoscaling")
    groups.create_launch_configuration(
        LaunchConfigurationName="old", ImageId=image, InstanceType="t3.micro", KeyName="same-a", SecurityGroups=[group],
        IamInstanceProfile="profile-0", InstanceMonitoring={"Enabled": False}, AssociatePublicIpAddress=True,
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 9}}])
    common = {"MinSize": 0, "MaxSize": 2, "VPCZoneIdentifier": ",".join(subnets)}
    groups.create_auto_scaling_group(AutoScalingGroupName="by-configuration", LaunchConfigurationName="old", DesiredCapacity=1, **common,
                                     Tags=[{"Key": "Name", "Value": "alt", "PropagateAtLaunch": True}])
    groups.create_auto_scaling_group(AutoScalingGroupName="mixed", DesiredCapacity=1, **common, MixedInstancesPolicy={
        "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "$Latest"},
                           "Overrides": [{"InstanceType": "m5.large"}]}})
    groups.create_auto_scaling_group(AutoScalingGroupName="empty", LaunchConfigurationName="old", DesiredCapacity=0, **common)
    made["varied_instances"] = ids
    context.count("instance", 6)


def balancers(clients, context):
    """Network and internal balancers, address and Lambda targets, several listeners, rules, classic ones with certificates."""
    made = context.made
    api, classic = clients("elbv2"), clients("elb")
    vpc, group, subnets = made["varied_vpc"], made["varied_group"], made["varied_subnets"]
    other = [subnet for subnet, owner in made["subnets"] if owner == made["vpcs"][0]][:2]
    certificate = f"arn:aws:iam::{context.account}:server-certificate/cloudfront/cert-0"
    network = api.create_load_balancer(Name="nlb", Subnets=subnets, Type="network", Scheme="internet-facing")["LoadBalancers"][0]
    app = api.create_load_balancer(Name="app", Subnets=other, SecurityGroups=made["sgs"][0][1][:2], Scheme="internal")["LoadBalancers"][0]
    api.create_load_balancer(Name="idle", Subnets=other, SecurityGroups=[made["sgs"][0][1][0]])

    def target_group(name, **more):
        return api.create_target_group(Name=name, **more)["TargetGroups"][0]["TargetGroupArn"]

    by_address = target_group("addresses", Protocol="TCP", Port=443, VpcId=vpc, TargetType="ip")
    private = clients("ec2").describe_instances(InstanceIds=made["varied_instances"][:1])["Reservations"][0]["Instances"][0]
    api.register_targets(TargetGroupArn=by_address, Targets=[{"Id": private["PrivateIpAddress"], "Port": 443}])
    machines_group = target_group("machines", Protocol="HTTP", Port=8080, VpcId=made["vpcs"][0], HealthCheckPath="/ok")
    api.register_targets(TargetGroupArn=machines_group, Targets=[{"Id": made["instance_ids"][0]}])
    target_group("unused", Protocol="HTTP", Port=80, VpcId=vpc)
    api.create_listener(LoadBalancerArn=network["LoadBalancerArn"], Protocol="TCP", Port=443,
                        DefaultActions=[{"Type": "forward", "TargetGroupArn": by_address}])
    api.create_listener(LoadBalancerArn=app["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=[
        {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}])
    listener = api.create_listener(
        LoadBalancerArn=app["LoadBalancerArn"], Protocol="HTTPS", Port=443, SslPolicy="ELBSecurityPolicy-2016-08",
        Certificates=[{"CertificateArn": certificate}], DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {
            "StatusCode": "404", "ContentType": "text/plain", "MessageBody": "no"}}])["Listeners"][0]["ListenerArn"]
    api.create_rule(ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/a/*"]}],
                    Actions=[{"Type": "forward", "TargetGroupArn": machines_group}])
    classic.create_load_balancer(
        LoadBalancerName="old-internal", Subnets=other, SecurityGroups=made["sgs"][0][1][:2], Scheme="internal", Listeners=[
            {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTP", "InstancePort": 80, "SSLCertificateId": certificate},
            {"Protocol": "TCP", "LoadBalancerPort": 22, "InstanceProtocol": "TCP", "InstancePort": 22}])
    classic.create_load_balancer(LoadBalancerName="old-public", Subnets=subnets, SecurityGroups=[group], Listeners=[
        {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 80}])
    classic.register_instances_with_load_balancer(
        LoadBalancerName="old-public", Instances=[{"InstanceId": made["varied_instances"][0]}])
    context.count("elbv2", 3)


def transit(clients, context):
    """Route tables with associations, propagations, static and blackhole routes; a gateway without attachments."""
    api = clients("ec2")
    made = context.made
    gateway = api.create_transit_gateway(Description="hub", Options={"AmazonSideAsn": 64999}, TagSpecifications=[
        {"ResourceType": "transit-gateway", "Tags": tags(0, "tgw")}])["TransitGateway"]["TransitGatewayId"]
    api.create_transit_gateway(Description="idle")
    attachments = [
        api.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=subnets)[
            "TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
        for vpc, subnets in ((made["varied_vpc"], made["varied_subnets"]), (made["vpcs"][0], [made["subnets"][0][0]]))]
    table = api.create_transit_gateway_route_table(TransitGatewayId=gateway)["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    api.associate_transit_gateway_route_table(TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=attachments[0])
    api.enable_transit_gateway_route_table_propagation(
        TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=attachments[1])
    api.create_transit_gateway_route(
        TransitGatewayRouteTableId=table, DestinationCidrBlock="10.1.0.0/16", TransitGatewayAttachmentId=attachments[1])
    api.create_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock="10.9.0.0/16", Blackhole=True)
    vpc_table = api.create_route_table(VpcId=made["varied_vpc"])["RouteTable"]["RouteTableId"]
    api.create_route(RouteTableId=vpc_table, DestinationCidrBlock="10.1.0.0/16", TransitGatewayId=gateway)
    context.count("tgw", 2)


def _policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]})


GLOBAL = {"identities": identities}
REGIONAL = {"keys": keys, "buckets": buckets, "networks": networks, "machines": machines, "balancers": balancers, "transit": transit}
