"""Policies, roles, users, groups, instance profiles, keys; per account."""
import json

from values import assume_role_by, tags

_SERVICES = ["ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "eks.amazonaws.com"]


def iam(clients, context):
    api = clients("iam")
    made = context.made
    made["policies"] = [_policy(api, context, index) for index in range(context.scaled(10))]
    made["roles"] = [_role(api, context, index) for index in range(context.scaled(20))]
    made["profiles"] = [_instance_profile(api, context, index) for index in range(context.scaled(4))]
    for index in range(context.scaled(4)):
        api.create_group(GroupName=f"group-{index}")
        api.attach_group_policy(GroupName=f"group-{index}", PolicyArn=_pick(made["policies"], index))
        if index % 2 == 0:
            api.put_group_policy(GroupName=f"group-{index}", PolicyName="inline", PolicyDocument=_document(_allow("sns:*")))
        context.count("iam_group")
    for index in range(context.scaled(15)):
        _user(api, context, index)
    api.create_open_id_connect_provider(
        Url="https://token.example.test", ThumbprintList=["a" * 40], ClientIDList=["sts"])


def kms(clients, context):
    api = clients("kms")
    context.made["keys"] = []
    for index in range(context.scaled(4)):
        key = api.create_key(Description=f"k{index}", Tags=[{"TagKey": "env", "TagValue": "prod"}])["KeyMetadata"]
        api.create_alias(AliasName=f"alias/app-{index}", TargetKeyId=key["KeyId"])
        if context.made.get("roles"):
            api.create_grant(
                KeyId=key["KeyId"], GranteePrincipal=_pick(context.made["roles"], index), Operations=["Decrypt"])
        context.made["keys"].append(key["Arn"])
        context.count("kms_key")


def _policy(api, context, index):
    bucket = f"arn:aws:s3:::data-{context.account}-{index % 5}"
    statements = [
        {
            "Sid": "a",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:ListBucket"] if index % 2 else "dynamodb:*",
            "Resource": "*" if index % 3 == 0 else [bucket, f"{bucket}/*"],
        },
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    ]
    context.count("iam_policy")
    return api.create_policy(PolicyName=f"policy-{index}", PolicyDocument=_document(*statements))["Policy"]["Arn"]


def _role(api, context, index):
    service = _pick(_SERVICES, index)
    trust = assume_role_by(service)
    if index % 5 == 0:  # another account may assume it
        peer = _pick(context.peers, index)
        trust = _document({
            "Effect": "Allow",
            "Principal": {"AWS": [f"arn:aws:iam::{peer}:root"], "Service": service},
            "Action": "sts:AssumeRole",
        })
    name = f"role-{index}"
    arn = api.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=tags(index, "role"))["Role"]["Arn"]
    api.attach_role_policy(RoleName=name, PolicyArn=_pick(context.made["policies"], index))
    if index % 3 == 0:
        # A single statement outside a list, as AWS allows.
        inline = {"Version": "2012-10-17", "Statement": _allow("sqs:*")}
        api.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=json.dumps(inline))
    context.count("iam_role")
    return arn


def _instance_profile(api, context, index):
    name = f"profile-{index}"
    arn = api.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Arn"]
    role = f"role-{index * 4 % context.scaled(20)}"
    api.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    context.count("iam_instance_profile")
    return arn


def _user(api, context, index):
    name = f"user-{index}"
    api.create_user(UserName=name, Tags=tags(index, "user"))
    api.add_user_to_group(UserName=name, GroupName=f"group-{index % context.scaled(4)}")
    if index % 2 == 0:
        api.create_access_key(UserName=name)
    if index % 4 == 0:
        api.attach_user_policy(UserName=name, PolicyArn=_pick(context.made["policies"], index))
        api.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=_document(_allow("ec2:Describe*")))
    if index % 5 == 0:
        api.create_login_profile(UserName=name, Password="Passw0rd!x")
    context.count("iam_user")


def _allow(action):
    return {"Effect": "Allow", "Action": action, "Resource": "*"}


def _document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _pick(values, index):
    return values[index % len(values)]
