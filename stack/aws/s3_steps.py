"""Buckets, dealt out to the estate's regions; per account."""
import json

from values import tags

_ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


def s3(clients, context):
    for index in range(context.scaled(10)):
        region = context.regions[index % len(context.regions)]
        api = clients.at(region)("s3")
        bucket = f"data-{context.account}-{index}"
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        api.create_bucket(Bucket=bucket, **place)
        api.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags(index, "bucket")})
        if index % 2 == 0:
            api.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
            api.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=_ENCRYPTED)
        if index % 3 == 0:
            peer = {"AWS": f"arn:aws:iam::{context.peers[0]}:root"}
            statement = {
                "Sid": "Read",
                "Effect": "Allow",
                "Principal": "*" if index % 6 == 0 else peer,
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
            policy = {"Version": "2012-10-17", "Statement": [statement]}
            api.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        if index % 4 == 0:
            api.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={
                "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True})
        context.count("s3_bucket")
