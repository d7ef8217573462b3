"""Finds credentials as botocore does, once for each case on standard input; prints what it found as JSON."""

import json
import os
import sys

import botocore.exceptions
import botocore.session


def find(case):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(case["environment"])
    try:
        session = botocore.session.Session(profile=case.get("profile"))
        credentials = session.get_credentials()
        if credentials is None:
            return {"error": "NoCredentialsError"}
        return {"key": credentials.get_frozen_credentials().access_key}
    except botocore.exceptions.ClientError:
        return {"error": "ClientError"}
    except Exception as error:
        return {"error": type(error).__name__}


print("RESULT " + json.dumps([find(case) for case in json.load(sys.stdin)]))
