"""What the seed alone decides: policies, security group rules, access lists and public buckets nobody thought of. On request only."""
import json

_ACTIONS = ["*", "s3:*", "S3:GetObject", "s3:Get*", "s3:?etBucketAcl", "ec2:Describe*", "iam:PassRole", "sts:AssumeRole", "kms:Decrypt",
            "dynamodb:Query", "s3:PutBucketPolicy", "ec2:RunInstances", "kms:*", "s3:ListBucket", "sqs:SendMessage"]
_CONDITIONS = [
    {"StringEquals": {"aws:SourceVpc": "vpc-1"}}, {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}}, {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"Bool": {"aws:SecureTransport": "true"}}, {"ArnLike": {"aws:SourceArn": "arn:aws:iam::111122223333:role/*"}},
    {"StringEquals": {"aws:PrincipalAccount": "111122223333"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, {"StringEqualsIfExists": {"aws:SourceAccount": ["111122223333"]}},
]
_PORTS = [(22, 22), (80, 80), (0, 65535), (443, 443), (1024, 65535), (3306, 3306)]
_GROUPS = [f"http://acs.amazonaws.com/groups/{name}" for name in ("global/AllUsers", "global/AuthenticatedUsers", "s3/LogDelivery")]
_PERMISSIONS = ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"]


def random_identities(clients, context):
    api, dice = clients("iam"), context.random
    policies = [
        api.create_policy(PolicyName=f"random-{index}", PolicyDocument=_identity_policy(context))["Policy"]["Arn"]
        for index in range(context.scaled(6))]
    for index in range(context.scaled(6)):
        for kind in ("Role", "User", "Group"):
            named = {f"{kind}Name": f"random-{index}"}
            trust = {"AssumeRolePolicyDocument": _trust_policy(context)} if kind == "Role" else {}
            getattr(api, f"create_{kind.lower()}")(**named, **trust)
            for policy in dice.sample(policies, dice.randrange(3)):
                getattr(api, f"attach_{kind.lower()}_policy")(PolicyArn=policy, **named)
            for number in range(dice.randrange(3)):
                getattr(api, f"put_{kind.lower()}_policy")(
                    PolicyName=f"inline {number}", PolicyDocument=_identity_policy(context), **named)
        for group in dice.sample(range(index + 1), min(index + 1, dice.randrange(3))):
            api.add_user_to_group(UserName=f"random-{index}", GroupName=f"random-{group}")


def random_networks(clients, context):
    api, dice = clients("ec2"), context.random
    # Few, so that VPCs of several regions and accounts have the same addresses.
    prefix = f"10.{dice.randrange(100, 103)}"
    vpc = api.create_vpc(CidrBlock=f"{prefix}.0.0/16")["Vpc"]["VpcId"]
    groups = [api.create_security_group(GroupName=f"random-{index}", Description="random", VpcId=vpc)["GroupId"]
              for index in range(context.scaled(5))]
    context.made["random_vpc"], context.made["random_groups"] = (vpc, prefix), groups
    for group in groups:
        for authorize in (api.authorize_security_group_ingress, api.authorize_security_group_egress):
            permissions = {}
            for _ in range(dice.randrange(5)):
                permission = _permission(dice, groups)
                permissions[json.dumps(permission, sort_keys=True)] = permission
            # One at a time: those that AWS would call duplicates of an earlier one are left out.
            for permission in permissions.values():
                _unless_duplicate(authorize, GroupId=group, IpPermissions=[permission])
    acl = api.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for number in dice.sample(range(1, 32766), 6):
        first, last = dice.choice(_PORTS)
        protocol = dice.choice([{"Protocol": "-1"}, {"Protocol": "17", "PortRange": {"From": first, "To": last}},
                                {"Protocol": "6", "PortRange": {"From": first, "To": last}}])
        target = dice.choice([{"CidrBlock": _cidr(dice)}, {"Ipv6CidrBlock": "2001:db8::/32"}])
        api.create_network_acl_entry(NetworkAclId=acl, RuleNumber=number, Egress=dice.random() < 0.5,
                                     RuleAction=dice.choice(["allow", "deny"]), **protocol, **target)


def random_buckets(clients, context):
    api, dice = clients("s3"), context.random
    place = {} if context.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
    for index in range(context.scaled(8)):
        bucket = f"random-{context.account}-{context.region}-{index}"
        api.create_bucket(Bucket=bucket, **place)
        context.count("s3_bucket")
        if dice.random() < 0.8:
            api.put_bucket_policy(Bucket=bucket, Policy=_bucket_policy(context, bucket))
        if dice.random() < 0.5:
            grants = [{"Grantee": {"Type": "Group", "URI": group}, "Permission": dice.choice(_PERMISSIONS)}
                      for group in dice.sample(_GROUPS, dice.randrange(1, 3))]
            api.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Owner": api.list_buckets()["Owner"], "Grants": grants})


def _identity_policy(context):
    dice = context.random
    resources = ["*", f"arn:aws:s3:::data-{context.account}-{dice.randrange(10)}", "arn:aws:s3:::*/*", "arn:aws:s3:::data-*",
                 f"arn:aws:iam::{context.account}:role/random-*", f"arn:aws:iam::*:role/role-{dice.randrange(20)}"]
    return _document([
        {"Effect": "Allow" if dice.random() < 0.8 else "Deny",
         dice.choice(["Action", "Action", "Action", "NotAction"]): _some(dice, _ACTIONS),
         dice.choice(["Resource", "Resource", "Resource", "NotResource"]): _some(dice, resources),
         **_sid_and_condition(dice, index)}
        for index in range(dice.randrange(1, 4))], single=dice.random() < 0.1)


def _trust_policy(context):
    dice, account = context.random, context.account
    principals = [
        {"Service": _some(dice, ["ec2.amazonaws.com", "lambda.amazonaws.com", "eks.amazonaws.com"])},
        {"AWS": _some(dice, [f"arn:aws:iam::{account}:root", f"arn:aws:iam::{context.peers[0]}:root", "111122223333",
                             f"arn:aws:iam::{account}:role/role-1", f"arn:aws:iam::{account}:user/user-1"])},
        {"Federated": "cognito-identity.amazonaws.com"}, {"AWS": "*"}]
    return _document([
        {"Effect": "Allow" if dice.random() < 0.9 else "Deny", "Action": _some(dice, ["sts:AssumeRole", "sts:TagSession"]),
         "Principal": dice.choice(principals), **_sid_and_condition(dice, index)}
        for index in range(dice.randrange(1, 3))])


def _bucket_policy(context, bucket):
    dice = context.random
    principals = ["*", {"AWS": "*"}, {"AWS": [f"arn:aws:iam::{context.peers[0]}:root", "*"]}, {"Service": "cloudtrail.amazonaws.com"},
                  {"AWS": f"arn:aws:iam::{context.account}:role/role-1"}, {"CanonicalUser": "a" * 64}, {"AWS": "111122223333"}]
    return _document([
        {"Effect": "Allow" if dice.random() < 0.8 else "Deny", "Principal": dice.choice(principals),
         dice.choice(["Action", "Action", "Action", "NotAction"]): _some(dice, [a for a in _ACTIONS if a.lower().startswith("s3")]),
         "Resource": _some(dice, [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]), **_sid_and_condition(dice, index)}
        for index in range(dice.randrange(1, 4))])


def _sid_and_condition(dice, index):
    sid = {"Sid": f"S{index}"} if dice.random() < 0.5 else {}
    return {**sid, **({"Condition": dice.choice(_CONDITIONS)} if dice.random() < 0.4 else {})}


def _some(dice, values):
    """One value, as AWS allows, or a list."""
    return dice.choice(values) if dice.random() < 0.4 else dice.sample(values, dice.randrange(1, min(4, len(values) + 1)))


def _document(statements, single=False):
    """`single`: the first statement outside a list, as AWS allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements[0] if single else statements})


def _permission(dice, groups):
    first, last = dice.choice(_PORTS)
    protocol = dice.choice([{"IpProtocol": "-1"}, {"IpProtocol": "tcp", "FromPort": first, "ToPort": last},
                            {"IpProtocol": "udp", "FromPort": first, "ToPort": last}])
    target = dice.choice([
        {"IpRanges": [{"CidrIp": cidr} for cidr in sorted({_cidr(dice) for _ in range(3)})]}, {"Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]},
        {"UserIdGroupPairs": [{"GroupId": dice.choice(groups)}]}])
    return {**protocol, **target}


def _cidr(dice):
    return dice.choice(["0.0.0.0/0", "10.0.0.0/8", f"10.{dice.randrange(256)}.0.0/16", f"192.0.2.{dice.randrange(256)}/32"])


def _unless_duplicate(call, **parameters):
    try:
        call(**parameters)
    except Exception as error:
        if "InvalidPermission.Duplicate" not in str(error):
            raise


GLOBAL = {"random_identities": random_identities}
REGIONAL = {"random_networks": random_networks, "random_buckets": random_buckets}
