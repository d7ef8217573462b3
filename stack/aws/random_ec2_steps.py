"""What the seed alone decides about routes, keys, machines, balancers and transit gateways. After `random_networks`, on request only."""
import json

from values import public_key, tags

_INSTANCE_TYPES = ["t3.nano", "m5.large", "c5.xlarge", "r6g.2xlarge"]
_SERVICES = ["ec2", "sts", "s3", "dynamodb"]
_KEY_SPECS = [{"KeySpec": "SYMMETRIC_DEFAULT"}, {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}, {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
              {"MultiRegion": True}]
_GRANTED = ["Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey", "CreateGrant"]


def random_routes(clients, context):
    """Subnets, and tables with whatever leads out of the VPC; several prefix lists may lead to one gateway."""
    api, dice, made = clients("ec2"), context.random, context.made
    vpc, prefix = made["random_vpc"]
    zones = [zone["ZoneName"] for zone in api.describe_availability_zones()["AvailabilityZones"]]
    subnets = made["random_subnets"] = [
        api.create_subnet(VpcId=vpc, CidrBlock=f"{prefix}.{number * 16}.0/20", AvailabilityZone=dice.choice(zones))["Subnet"]["SubnetId"]
        for number in range(dice.randrange(2, 6))]
    gateway = api.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    api.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ways = [{"GatewayId": gateway}]
    if dice.random() < 0.5:
        address = api.allocate_address(Domain="vpc")["AllocationId"]
        ways.append({"NatGatewayId": api.create_nat_gateway(SubnetId=dice.choice(subnets), AllocationId=address)["NatGateway"]["NatGatewayId"]})
    if dice.random() < 0.5:
        interface = api.create_network_interface(SubnetId=dice.choice(subnets), Groups=_some(dice, made["random_groups"]))
        ways.append({"NetworkInterfaceId": interface["NetworkInterface"]["NetworkInterfaceId"]})
    if dice.random() < 0.5:
        peering = api.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=dice.choice(made["vpcs"]))["VpcPeeringConnection"]
        decide = dice.choice([api.accept_vpc_peering_connection, api.reject_vpc_peering_connection, None])
        if decide:
            decide(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
        ways.append({"VpcPeeringConnectionId": peering["VpcPeeringConnectionId"]})
    lists = [
        api.create_managed_prefix_list(PrefixListName=f"random-{number}", AddressFamily="IPv4", MaxEntries=3, Entries=[
            {"Cidr": f"203.0.113.{dice.randrange(256)}/32"}])["PrefixList"]["PrefixListId"]
        for number in range(dice.randrange(3))]
    unassociated = list(subnets)
    tables = [api.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(dice.randrange(1, 4))]
    for table in tables:
        for number in range(dice.randrange(4)):
            api.create_route(RouteTableId=table, DestinationCidrBlock=f"198.51.{number}.0/24", **dice.choice(ways))
        # moto forgets the prefix list of a route to an interface.
        for list_ in _few(dice, lists):
            api.create_route(RouteTableId=table, DestinationPrefixListId=list_, **dice.choice([way for way in ways if "NetworkInterfaceId" not in way]))
        for subnet in _few(dice, unassociated):
            api.associate_route_table(RouteTableId=table, SubnetId=subnet)
            unassociated.remove(subnet)
    for service in dice.sample(_SERVICES, dice.randrange(3)):
        kind = dice.choice([
            {"VpcEndpointType": "Interface", "SubnetIds": _some(dice, subnets), "SecurityGroupIds": _some(dice, made["random_groups"])},
            {"VpcEndpointType": "Gateway", "RouteTableIds": _some(dice, tables)}])
        api.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{context.region}.{service}", **kind)


def random_keys(clients, context):
    api, dice = clients("kms"), context.random
    others = [region for region in context.regions if region != context.region]
    for index in range(context.scaled(4)):
        spec = dice.choice(_KEY_SPECS)
        key = api.create_key(Description=f"random {index}", Policy=_key_policy(context), **spec)["KeyMetadata"]["KeyId"]
        for number in range(dice.randrange(3)):
            api.create_alias(AliasName=f"alias/random-{index}-{number}", TargetKeyId=key)
        for number in range(dice.randrange(3)):
            api.create_grant(KeyId=key, Operations=_some(dice, _GRANTED), GranteePrincipal=dice.choice([
                f"arn:aws:iam::{context.account}:role/random-0", f"arn:aws:iam::{context.peers[0]}:root", "rds.amazonaws.com"]))
        if spec.get("MultiRegion") and others and dice.random() < 0.7:
            api.replicate_key(KeyId=key, ReplicaRegion=dice.choice(others))
        if dice.random() < 0.2:
            dice.choice([lambda: api.disable_key(KeyId=key), lambda: api.schedule_key_deletion(KeyId=key, PendingWindowInDays=9)])()
        context.count("kms_key")


def random_machines(clients, context):
    """Instances in any VPC with any groups of it, loose interfaces, addresses, volumes and snapshots; scaling groups of every kind."""
    api, dice, made = clients("ec2"), context.random, context.made
    places = [([subnet for subnet, owner in made["subnets"] if owner == vpc], groups) for vpc, groups in made["sgs"]]
    places += [(made["varied_subnets"], [made["varied_group"]]), (made["random_subnets"], made["random_groups"])]
    keys = [f"random-{index}" for index in range(dice.randrange(1, 4))]
    for key in keys:
        api.import_key_pair(KeyName=key, PublicKeyMaterial=public_key(f"{context.account}/{dice.randrange(3)}"))
    ids = []
    for index in range(context.scaled(6)):
        subnets, groups = dice.choice(places)
        launch = {"InstanceType": dice.choice(_INSTANCE_TYPES), "SubnetId": dice.choice(subnets), "SecurityGroupIds": _some(dice, groups)}
        if dice.random() < 0.5:
            launch["KeyName"] = dice.choice(keys)
        if dice.random() < 0.5:
            launch["IamInstanceProfile"] = {"Arn": dice.choice(made["profiles"])}
        if dice.random() < 0.3:
            launch["TagSpecifications"] = [{"ResourceType": "instance", "Tags": tags(index, "random")}]
        number = dice.randrange(1, 3)
        for instance in api.run_instances(ImageId=dice.choice(made["images"]), MinCount=number, MaxCount=number, **launch)["Instances"]:
            ids.append((instance["InstanceId"], instance["PrivateIpAddress"], instance["VpcId"]))
            context.count("instance")
        if dice.random() < 0.3:
            dice.choice([api.stop_instances, api.terminate_instances])(InstanceIds=[ids.pop()[0]])
    made["random_instances"] = ids
    for index in range(dice.randrange(4)):
        subnets, groups = dice.choice(places)
        # The same addresses in several VPCs.
        address = {"PrivateIpAddress": f"{made['random_vpc'][1]}.0.{10 + index}"} if subnets is made["random_subnets"] else {}
        subnet = subnets[0] if address else dice.choice(subnets)
        interface = api.create_network_interface(SubnetId=subnet, Groups=_some(dice, groups), **address)["NetworkInterface"]["NetworkInterfaceId"]
        if dice.random() < 0.5:
            api.associate_address(AllocationId=api.allocate_address(Domain="vpc")["AllocationId"], NetworkInterfaceId=interface)
    zone = api.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    for _ in range(dice.randrange(4)):
        volume = api.create_volume(Size=dice.randrange(1, 100), AvailabilityZone=zone, VolumeType=dice.choice(["gp2", "gp3", "standard"]))["VolumeId"]
        if dice.random() < 0.5:
            snapshot = api.create_snapshot(VolumeId=volume)["SnapshotId"]
            if dice.random() < 0.5:
                api.create_volume(SnapshotId=snapshot, AvailabilityZone=zone)
            if dice.random() < 0.5:
                api.delete_volume(VolumeId=volume)
    _random_scaling_groups(clients, context, keys)


def _random_scaling_groups(clients, context, keys):
    dice, made = context.random, context.made
    groups, ec2 = clients("autoscaling"), clients("ec2")
    common = {"ImageId": dice.choice(made["images"]), "InstanceType": "t3.micro"}
    templates = []
    for index in range(2):
        template = ec2.create_launch_template(LaunchTemplateName=f"random-{index}", LaunchTemplateData=common)["LaunchTemplate"]["LaunchTemplateId"]
        for _ in range(dice.randrange(3)):
            ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData={
                **common, "KeyName": dice.choice(keys), "SecurityGroupIds": _some(dice, made["random_groups"])})
        templates.append(template)
    groups.create_launch_configuration(LaunchConfigurationName="random", KeyName=dice.choice(keys), SecurityGroups=_some(dice, made["random_groups"]), **common)
    for index in range(dice.randrange(1, 4)):
        template = dice.choice(templates)
        overrides = [{"InstanceType": dice.choice(_INSTANCE_TYPES)}]
        start = dice.choice([
            {"LaunchConfigurationName": "random"}, {"LaunchTemplate": {"LaunchTemplateId": template, "Version": "$Latest"}},
            {"MixedInstancesPolicy": {"LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"}, "Overrides": overrides}}}])
        groups.create_auto_scaling_group(AutoScalingGroupName=f"random-{index}", MinSize=0, MaxSize=3, DesiredCapacity=dice.randrange(3),
                                         VPCZoneIdentifier=",".join(_some(dice, made["random_subnets"])), **start)


def random_balancers(clients, context):
    api, classic, dice, made = clients("elbv2"), clients("elb"), context.random, context.made
    vpc, subnets, groups, instances = made["random_vpc"][0], made["random_subnets"], made["random_groups"], made["random_instances"]
    for index in range(dice.randrange(1, 4)):
        kind = dice.choice([{"Type": "network", "Scheme": "internet-facing"}, {"Type": "application", "SecurityGroups": _some(dice, groups)},
                            {"Type": "application", "Scheme": "internal", "SecurityGroups": _some(dice, groups)}])
        balancer = api.create_load_balancer(Name=f"random-{index}", Subnets=subnets[:2], **kind)["LoadBalancers"][0]["LoadBalancerArn"]
        protocol = "TCP" if kind["Type"] == "network" else "HTTP"
        for port in dice.sample([22, 80, 443, 8080], dice.randrange(3)):
            target_type = dice.choice(["instance", "ip"])
            group = api.create_target_group(Name=f"random-{index}-{port}", Protocol=protocol, Port=port, VpcId=vpc, TargetType=target_type)
            group = group["TargetGroups"][0]["TargetGroupArn"]
            targets = [{"Id": address if target_type == "ip" else instance} for instance, address, owner in _few(dice, instances) if owner == vpc]
            if target_type == "ip" and dice.random() < 0.5:
                targets.append({"Id": f"{made['random_vpc'][1]}.0.10"})
            if targets:
                api.register_targets(TargetGroupArn=group, Targets=targets)
            api.create_listener(LoadBalancerArn=balancer, Protocol=protocol, Port=port, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
        context.count("elbv2")
    for index in range(dice.randrange(3)):
        classic.create_load_balancer(
            LoadBalancerName=f"random-classic-{index}", Subnets=_some(dice, subnets), SecurityGroups=_some(dice, groups),
            Scheme=dice.choice(["internal", "internet-facing"]), Listeners=[
                {"Protocol": "TCP", "LoadBalancerPort": port, "InstanceProtocol": "TCP", "InstancePort": port}
                for port in dice.sample([22, 80, 3306], dice.randrange(1, 3))])
        chosen = [{"InstanceId": instance} for instance, _, owner in _few(dice, instances) if owner == vpc]
        if chosen:
            classic.register_instances_with_load_balancer(LoadBalancerName=f"random-classic-{index}", Instances=chosen)
        context.count("elb")


def random_transit(clients, context):
    api, dice, made = clients("ec2"), context.random, context.made
    for _ in range(dice.randrange(3)):
        gateway = api.create_transit_gateway(Description="random")["TransitGateway"]["TransitGatewayId"]
        context.count("tgw")
        attachments = [
            api.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=subnets)[
                "TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
            for vpc, subnets in _few(dice, [(made["random_vpc"][0], made["random_subnets"][:1]), (made["varied_vpc"], made["varied_subnets"])])]
        for number in range(dice.randrange(2)):
            table = api.create_transit_gateway_route_table(TransitGatewayId=gateway)["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
            for attachment in attachments:
                way = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": attachment}
                if number == 0:
                    api.associate_transit_gateway_route_table(**way)
                if dice.random() < 0.5:
                    api.enable_transit_gateway_route_table_propagation(**way)
                if dice.random() < 0.7:
                    api.create_transit_gateway_route(DestinationCidrBlock=f"10.{dice.randrange(200, 250)}.0.0/16", **way)


def _key_policy(context):
    dice = context.random
    owner = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{context.account}:root"}, "Action": "kms:*", "Resource": "*"}
    principals = ["*", {"AWS": "*"}, {"AWS": f"arn:aws:iam::{context.peers[0]}:root"}, {"Service": "logs.amazonaws.com"}]
    conditions = [{}, {}, {"Condition": {"StringEquals": {"kms:CallerAccount": context.account}}},
                  {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}]
    more = [{"Effect": "Allow" if dice.random() < 0.85 else "Deny", "Principal": dice.choice(principals),
             "Action": _some(dice, ["kms:Decrypt", "kms:Encrypt", "kms:*", "kms:Describe*"]), "Resource": "*", **dice.choice(conditions)}
            for _ in range(dice.randrange(3))]
    return json.dumps({"Version": "2012-10-17", "Statement": [owner, *more]})


def _some(dice, values):
    """One to three."""
    return dice.sample(values, dice.randrange(1, min(3, len(values)) + 1))


def _few(dice, values):
    """Any number, none too."""
    return dice.sample(values, dice.randrange(len(values) + 1))


REGIONAL = {"random_routes": random_routes, "random_keys": random_keys, "random_machines": random_machines, "random_balancers": random_balancers,
            "random_transit": random_transit}
