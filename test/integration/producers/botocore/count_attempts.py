"""Calls a failing STS as botocore does, one caller for each item on standard input, all at once."""

import concurrent.futures
import json
import sys

import botocore.config
import botocore.session


def call(item):
    client = botocore.session.Session().create_client(
        "sts",
        region_name="eu-west-1",
        endpoint_url=item["url"],
        aws_access_key_id=item["caller"],
        aws_secret_access_key="s",
        config=botocore.config.Config(
            read_timeout=item["readTimeoutSeconds"],
            retries={"mode": item["mode"], "max_attempts": item["maxRetries"]},
        ),
    )
    try:
        client.get_caller_identity()
    except Exception as error:
        return type(error).__name__


items = json.load(sys.stdin)
with concurrent.futures.ThreadPoolExecutor(len(items)) as pool:
    print("RESULT " + json.dumps(list(pool.map(call, items))))
