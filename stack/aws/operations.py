"""Which AWS operation a request asks for, in the SDK's words: (account, region, service, action)."""
import re
from functools import lru_cache
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

# Services whose signing name is not the name of their model.
_MODEL_NAMES = {"elasticfilesystem": "efs", "elasticmapreduce": "emr", "execute-api": "apigatewaymanagementapi"}


def identify(environ, body):
    """None for a request that is not signed, e.g. one to this server's own pages."""
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]*)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return None
    key, region, service = scope.groups()
    from moto.iam.models import get_account_id_from

    return get_account_id_from(key), region, service, _action(environ, body, service)


def _action(environ, body, service):
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.split(".")[-1]
    rpc = re.search(r"/service/[^/]+/operation/([^/]+)$", environ["PATH_INFO"])
    if rpc:
        return rpc.group(1)
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = parse_qs(body.decode("utf-8", "replace"))
        if "Action" in form:
            return form["Action"][0]
    if "Action" in query:
        return query["Action"][0]
    path = environ["PATH_INFO"].rstrip("/") or "/"
    for name, method, pattern, literals in _rest_operations(service):
        matches = method == environ["REQUEST_METHOD"] and pattern.fullmatch(path)
        if matches and all(key in query and (value == "" or value in query[key]) for key, value in literals.items()):
            return name
    return "Unknown"


@lru_cache
def _rest_operations(service):
    """The operations of a REST service, the most specific first."""
    try:
        model = Loader().load_service_model(_MODEL_NAMES.get(service, service), "service-2")
    except UnknownServiceError:
        return []
    operations = []
    for name, operation in model["operations"].items():
        path, _, query = operation.get("http", {}).get("requestUri", "/").partition("?")
        # /{Bucket}/{Key+}: a label takes one segment, with a plus sign any number.
        parts = [
            part if not part.startswith("{") else (".+" if part.endswith("+}") else "[^/]+")
            for part in re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")
        ]
        pattern = re.compile("".join(part if part in (".+", "[^/]+") else re.escape(part) for part in parts))
        literals = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
        rank = (-len(literals), parts.count(".+"), parts.count("[^/]+"), operation.get("deprecated", False), name)
        operations.append((rank, (name, operation["http"]["method"], pattern, literals)))
    return [operation for _, operation in sorted(operations, key=lambda entry: entry[0])]
