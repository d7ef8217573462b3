"""Small values that the steps share."""
import base64
import hashlib
import io
import json
import zipfile


def tags(index, prefix="res"):
    return [
        {"Key": "env", "Value": ["prod", "stage", "dev"][index % 3]},
        {"Key": "team", "Value": f"team-{index % 7}"},
        {"Key": "Name", "Value": f"{prefix}-{index}"},
    ]


def assume_role_by(service):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


def public_key(name):
    """An ed25519 key line that repeats for a name: key pairs that moto makes up differ from run to run."""
    kind = b"ssh-ed25519"
    point = hashlib.sha256(name.encode()).digest()
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in (kind, point))
    return kind + b" " + base64.b64encode(blob)


def _zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), "def handler(e, c):\n    return 1\n")
    return buffer.getvalue()


ZIP = _zipped()
