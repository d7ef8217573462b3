"""Networks and instances; per account and region."""
from values import public_key, tags

_INSTANCE_TYPES = ["t3.micro", "m5.large", "c5.xlarge"]
_INSTANCES_PER_RESERVATION = 10
_INSTANCES_PER_GROUP = 2


def network(clients, context):
    api = clients("ec2")
    zones = [zone["ZoneName"] for zone in api.describe_availability_zones()["AvailabilityZones"]][:3]
    made = context.made
    made["vpcs"], made["subnets"], made["sgs"] = [], [], []
    for index in range(context.scaled(2)):
        vpc = _vpc(api, context, index, zones)
        made["sgs"].append((vpc, _security_groups(api, context, index, vpc)))
        made["vpcs"].append(vpc)
    if len(made["vpcs"]) > 1:
        requester, accepter = made["vpcs"][:2]
        peering = api.create_vpc_peering_connection(VpcId=requester, PeerVpcId=accepter)["VpcPeeringConnection"]
        api.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
    address = api.allocate_address(Domain="vpc")["AllocationId"]
    api.create_nat_gateway(SubnetId=made["subnets"][0][0], AllocationId=address)
    context.count("nat_gateway")


def instances(clients, context):
    api = clients("ec2")
    made = context.made
    keys = [f"key-{index}" for index in range(context.scaled(3))]
    for name in keys:
        api.import_key_pair(KeyName=name, PublicKeyMaterial=public_key(f"{context.account}/{context.region}/{name}"))
    images = [api.register_image(Name=f"base-{index}", Architecture="x86_64")["ImageId"] for index in range(2)]
    made["images"], made["instance_ids"] = images, []
    for index in range(-(-context.instances // _INSTANCES_PER_RESERVATION)):
        _run_instances(api, context, index, keys)
    context.count("instance", context.instances)
    some = made["instance_ids"][: context.scaled(2)]
    for index, instance in enumerate(some):
        api.create_image(InstanceId=instance, Name=f"img-{index}")
        address = api.allocate_address(Domain="vpc")["AllocationId"]
        api.associate_address(AllocationId=address, InstanceId=instance)
        context.count("image")
    for volume in api.describe_volumes()["Volumes"][: context.scaled(5)]:
        api.create_snapshot(VolumeId=volume["VolumeId"], Description="s")
        context.count("snapshot")
    for index in range(context.scaled(3)):
        api.create_network_interface(SubnetId=_pick(made["subnets"], index)[0], Description="eni")
    for index in range(context.scaled(2)):
        _auto_scaling_group(clients, context, index)


def _vpc(api, context, index, zones):
    prefix = f"10.{index % 250}"
    vpc = api.create_vpc(CidrBlock=f"{prefix}.0.0/16", TagSpecifications=_tagged("vpc", index, "vpc"))["Vpc"]["VpcId"]
    gateway = api.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    api.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = api.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    api.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    for number in range(4):
        subnet = api.create_subnet(
            VpcId=vpc, CidrBlock=f"{prefix}.{number * 32}.0/19", AvailabilityZone=_pick(zones, number),
            TagSpecifications=_tagged("subnet", number, "subnet"))["Subnet"]["SubnetId"]
        if number < 2:
            api.associate_route_table(RouteTableId=table, SubnetId=subnet)
        context.made["subnets"].append((subnet, vpc))
        context.count("subnet")
    acl = api.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    api.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=False, CidrBlock="0.0.0.0/0")
    api.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{context.region}.s3", VpcEndpointType="Gateway", RouteTableIds=[table])
    context.count("vpc")
    return vpc


def _security_groups(api, context, vpc_index, vpc):
    groups = []
    for index in range(context.scaled(10)):
        group = api.create_security_group(GroupName=f"sg-{vpc_index}-{index}", Description="d", VpcId=vpc)["GroupId"]
        cidr = "0.0.0.0/0" if index % 4 == 0 else f"10.{vpc_index}.0.0/16"
        permissions = [
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}
            for port in (22, 443, 8080)[: 1 + index % 3]
        ]
        if groups:
            permissions.append({
                "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": groups[-1]}]})
        api.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)
        groups.append(group)
        context.count("security_group")
    return groups


def _run_instances(api, context, index, keys):
    made = context.made
    number = min(_INSTANCES_PER_RESERVATION, context.instances - index * _INSTANCES_PER_RESERVATION)
    subnet, vpc = _pick(made["subnets"], index)
    groups = next(groups for owner, groups in made["sgs"] if owner == vpc)
    profile = {}
    if made.get("profiles") and index % 2 == 0:
        profile = {"IamInstanceProfile": {"Arn": _pick(made["profiles"], index)}}
    disk = {"VolumeSize": 8 + index % 5, "Encrypted": index % 2 == 0}
    reservation = api.run_instances(
        ImageId=_pick(made["images"], index), MinCount=number, MaxCount=number, InstanceType=_pick(_INSTANCE_TYPES, index),
        KeyName=_pick(keys, index), SubnetId=subnet, SecurityGroupIds=[_pick(groups, index), _pick(groups, index + 3)],
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}],
        TagSpecifications=_tagged("instance", index, "vm"), **profile)
    made["instance_ids"] += [instance["InstanceId"] for instance in reservation["Instances"]]


def _auto_scaling_group(clients, context, index):
    name = f"lt-{index}"
    clients("ec2").create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": context.made["images"][0], "InstanceType": "t3.micro"})
    clients("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=f"asg-{index}", MinSize=1, MaxSize=3, DesiredCapacity=_INSTANCES_PER_GROUP,
        LaunchTemplate={"LaunchTemplateName": name, "Version": "1"}, VPCZoneIdentifier=context.made["subnets"][0][0])
    context.count("asg")
    context.count("instance", _INSTANCES_PER_GROUP)


def _tagged(kind, index, prefix):
    return [{"ResourceType": kind, "Tags": tags(index, prefix)}]


def _pick(values, index):
    return values[index % len(values)]
