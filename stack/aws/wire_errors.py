"""Errors in the words and the wire format of the service that was asked."""
import json

_XML_SERVICES = {"route53", "cloudfront"}
# What each protocol family calls the same thing, and the HTTP status that goes with it.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and each service's "Common Errors".
_CODES = {
    "ec2": {"deny": ("UnauthorizedOperation", 403), "throttle": ("RequestLimitExceeded", 503), "error": ("InternalError", 500)},
    "s3": {"deny": ("AccessDenied", 403), "throttle": ("SlowDown", 503), "error": ("InternalError", 500)},
    "xml": {"deny": ("AccessDenied", 403), "throttle": ("Throttling", 400), "error": ("InternalFailure", 500)},
    "json": {
        "deny": ("AccessDeniedException", 400),
        "throttle": ("ThrottlingException", 400),
        "error": ("InternalServerException", 500),
    },
}


def wire_error(environ, service, effect, message, code=None, status=None):
    """An HTTP answer (status, headers, body). `effect` is `deny`, `throttle` or `error`; code and status replace its own."""
    family = _family(environ, service)
    default_code, default_status = _CODES[family][effect]
    code, status = code or default_code, status or default_status
    if family == "json":
        body = json.dumps({"__type": code, "message": message})
        return status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    if family == "ec2":
        body = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>0</RequestID></Response>"
    elif family == "s3":
        body = f"<Error>{inner}<RequestId>0</RequestId></Error>"
    else:
        body = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error><RequestId>0</RequestId></ErrorResponse>"
    return status, {"Content-Type": "text/xml"}, body


def _family(environ, service):
    if service in ("ec2", "s3"):
        return service
    form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    return "xml" if form or service in _XML_SERVICES else "json"
