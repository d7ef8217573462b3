"""What AWS always answers and moto 5.2.5 does not have, leaves out, or sends with another type."""
import hashlib
import uuid
from datetime import datetime, timezone
from functools import wraps

_STAGE_TIME = 1_700_000_000


def patch_moto():
    import moto.kms.responses
    from moto.apigateway.models import Stage
    from moto.dynamodb.models.table import Table
    from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTableBackend
    from moto.ec2.responses.reserved_instances import ReservedInstances
    from moto.elb.models import ELBBackend
    from moto.elbv2.models import ELBv2Backend
    from moto.iam.responses import IamResponse
    from moto.kms.models import KmsBackend
    from moto.sqs.models import Queue
    from moto.ssm.models import Parameter, SimpleSystemManagerBackend

    _after(Queue, "_set_attributes", _whole_seconds)
    _after(Table, "describe", _index_arns)
    _after(SimpleSystemManagerBackend, "put_parameter", _remember_region)
    _after(Parameter, "describe_response_object", _parameter_arn)
    _after(Stage, "to_json", _stage_dates)
    _after(ELBBackend, "create_load_balancer", _own_dns_name)
    _after(ELBv2Backend, "create_load_balancer", _own_dns_name)
    _after(IamResponse, "list_server_certificates", _own_certificate_ids)
    _after(KmsBackend, "create_grant", _grant_key_arn)
    _after(KmsBackend, "replicate_key", _own_aliases_and_grants)
    # AWS names no key for the aliases that it keeps for itself, until it has made one.
    moto.kms.responses.RESERVED_ALIASE_TARGET_KEY_IDS = {}
    _all_routes(TransitGatewayRouteTableBackend)
    _no_target_groups(ELBv2Backend)
    ReservedInstances.describe_reserved_instances = _reserved_instances
    IamResponse.generate_service_last_accessed_details = _start_last_accessed_report
    IamResponse.get_service_last_accessed_details = _last_accessed_report


def _after(owner, name, change):
    """Makes `change(self, result, *arguments)` see, and complete, what the method returned."""
    original = getattr(owner, name)

    @wraps(original)
    def method(self, *arguments, **named):
        result = original(self, *arguments, **named)
        change(self, result, *arguments, **named)
        return result

    setattr(owner, name, method)


def _whole_seconds(queue, _result, *_arguments, **_named):
    queue.created_timestamp = int(queue.created_timestamp)
    queue.last_modified_timestamp = int(queue.last_modified_timestamp)


def _index_arns(table, result, *_arguments, **_named):
    description = result.get("Table") or result.get("TableDescription") or result
    indexes = [description.get(f"{kind}SecondaryIndexes") or [] for kind in ("Global", "Local")]
    for index in [*indexes[0], *indexes[1]]:
        index.setdefault("IndexArn", f"{table.table_arn}/index/{index['IndexName']}")
        index.setdefault("IndexSizeBytes", 0)
        index.setdefault("ItemCount", 0)


def _remember_region(backend, _result, name, *_arguments, **_named):
    for parameter in backend._parameters[name]:
        parameter.region = backend.region_name


def _parameter_arn(parameter, result, *_arguments, **_named):
    from moto.ssm.utils import parameter_arn

    region = getattr(parameter, "region", None) or "us-east-1"
    result["ARN"] = parameter_arn(parameter.account_id, region, parameter.name)


def _stage_dates(_stage, result, *_arguments, **_named):
    result.setdefault("createdDate", _STAGE_TIME)
    result.setdefault("lastUpdatedDate", _STAGE_TIME)


def _own_dns_name(backend, balancer, *_arguments, **_named):
    """moto gives balancers of one name the same DNS name, in whatever account and region."""
    number = _number(backend.account_id, backend.region_name, balancer.name)
    balancer.dns_name = f"{balancer.name}-{number % 10**10}.{backend.region_name}.elb.amazonaws.com"


def _own_certificate_ids(_response, result, *_arguments, **_named):
    for certificate in result.result["ServerCertificateMetadataList"]:
        certificate["ServerCertificateId"] = f"ASCA{_number(certificate['Arn']) % 16**16:016X}"


def _grant_key_arn(backend, result, key_id, *_arguments, **_named):
    """AWS lists a grant with its key's ARN."""
    key = backend.describe_key(key_id)
    key.grants[result[0]].key_id = key.arn


def _own_aliases_and_grants(_backend, replica, *_arguments, **_named):
    """moto lists those of a multi-Region key in each of its regions."""
    replica.aliases, replica.grants = {}, {}


def _all_routes(backend_class):
    """moto takes a slice of a dictionary, which fails, when a page size is given."""
    original = backend_class.search_transit_gateway_routes

    def search_transit_gateway_routes(self, transit_gateway_route_table_id, filters, max_results=None):
        return original(self, transit_gateway_route_table_id, filters)

    backend_class.search_transit_gateway_routes = search_transit_gateway_routes


def _no_target_groups(backend_class):
    """A balancer without target groups has none: moto answers with an error, on which the reference waits for ten minutes."""
    original = backend_class.describe_target_groups

    def describe_target_groups(self, load_balancer_arn, target_group_arns, names):
        groups = [group for group in self.target_groups.values() if load_balancer_arn in group.load_balancer_arns]
        if load_balancer_arn in self.load_balancers and not groups:
            return []
        return original(self, load_balancer_arn, target_group_arns, names)

    backend_class.describe_target_groups = describe_target_groups


def _number(*parts):
    return int.from_bytes(hashlib.sha256("/".join(parts).encode()).digest()[:8], "big")


def _reserved_instances(response):
    """One purchase for each account and region."""
    from moto.core.responses import ActionResult

    purchase = {
        "ReservedInstancesId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{response.current_account}/{response.region}")),
        "InstanceType": "m5.large", "InstanceCount": 2, "ProductDescription": "Linux/UNIX", "State": "active",
        "Start": datetime(2026, 1, 1, tzinfo=timezone.utc), "End": datetime(2027, 1, 1, tzinfo=timezone.utc), "Duration": 31_536_000,
        "CurrencyCode": "USD", "InstanceTenancy": "default", "OfferingClass": "standard", "OfferingType": "All Upfront",
        "Scope": "Region", "FixedPrice": 1234.5, "UsagePrice": 0.0,
    }
    return ActionResult({"ReservedInstances": [purchase]})


_reported_arns = {}


def _start_last_accessed_report(response):
    arn = response.querystring["Arn"][0]
    job = str(uuid.uuid5(uuid.NAMESPACE_URL, arn))
    _reported_arns[job] = arn
    return _iam_answer("GenerateServiceLastAccessedDetails", f"<JobId>{job}</JobId>")


def _last_accessed_report(response):
    """Every principal used one service, the same one at the same time whenever it is asked for."""
    job = response.querystring["JobId"][0]
    service = ["ec2", "s3", "sqs", "kms"][int(job[0], 16) % 4]
    used = f"2026-01-{1 + int(job[1:3], 16) % 28:02d}T08:00:00Z"
    return _iam_answer(
        "GetServiceLastAccessedDetails",
        "<JobStatus>COMPLETED</JobStatus><JobType>SERVICE_LEVEL</JobType><IsTruncated>false</IsTruncated>"
        f"<JobCreationDate>{used}</JobCreationDate><JobCompletionDate>{used}</JobCompletionDate><ServicesLastAccessed>"
        "<member><ServiceName>Amazon Simple Notification Service</ServiceName><ServiceNamespace>sns</ServiceNamespace>"
        "<TotalAuthenticatedEntities>0</TotalAuthenticatedEntities></member>"
        f"<member><ServiceName>{service.upper()}</ServiceName><ServiceNamespace>{service}</ServiceNamespace>"
        f"<LastAuthenticated>{used}</LastAuthenticated><LastAuthenticatedEntity>{_reported_arns[job]}"
        "</LastAuthenticatedEntity><LastAuthenticatedRegion>us-east-1</LastAuthenticatedRegion>"
        "<TotalAuthenticatedEntities>1</TotalAuthenticatedEntities></member></ServicesLastAccessed>")


def _iam_answer(operation, result):
    return (f'<{operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><{operation}Result>{result}'
            f"</{operation}Result><ResponseMetadata><RequestId>stand-in</RequestId></ResponseMetadata></{operation}Response>")
