"""Fields that AWS always sends and moto 5.2.5 leaves out, or sends with another type."""
from functools import wraps

_STAGE_TIME = 1_700_000_000


def patch_moto():
    from moto.apigateway.models import Stage
    from moto.dynamodb.models.table import Table
    from moto.sqs.models import Queue
    from moto.ssm.models import Parameter, SimpleSystemManagerBackend

    _after(Queue, "_set_attributes", _whole_seconds)
    _after(Table, "describe", _index_arns)
    _after(SimpleSystemManagerBackend, "put_parameter", _remember_region)
    _after(Parameter, "describe_response_object", _parameter_arn)
    _after(Stage, "to_json", _stage_dates)


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
