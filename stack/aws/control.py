"""Sits in front of moto: makes chosen calls fail and remembers which calls were made.

PUT /stand-in/faults     a list of rules; the first that matches a call applies. A rule has
                         account, region, service, action (each optional: any), effect (deny, throttle, error, delay),
                         seconds (of a delay), times (default: for ever), code and status (in place of the service's own)
GET /stand-in/calls      what was called, as a list of {account, region, service, action, count}
DELETE /stand-in/calls   forgets that
"""
import io
import json
import sys
import threading
import time

from flask import request as flask_request
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.http import HTTP_STATUS_CODES

from operations import identify
from wire_errors import wire_error

_FIELDS = ("account", "region", "service", "action")


class Control:
    def __init__(self, moto):
        self._moto = moto
        self._lock = threading.Lock()
        self._rules = []
        self._calls = {}

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path.startswith("/stand-in/") and "HTTP_AUTHORIZATION" not in environ:
            return _answer(start_response, *self._manage(environ, path))
        call = identify(environ, _read_body(environ))
        if call is None:
            return self._moto(environ, start_response)
        environ["stand_in.call"] = call
        rule = self._note(call)
        if rule is not None and rule["effect"] == "delay":
            time.sleep(rule["seconds"])
        elif rule is not None:
            message = f"{call[2]}:{call[3]} was made to fail by a rule of this test server"
            return _answer(start_response, *wire_error(
                environ, call[2], rule["effect"], message, rule.get("code"), rule.get("status")))
        return self._moto(environ, start_response)

    def _note(self, call):
        with self._lock:
            self._calls[call] = self._calls.get(call, 0) + 1
            for rule in self._rules:
                if rule.get("times") != 0 and all(rule.get(f) in (None, v) for f, v in zip(_FIELDS, call)):
                    if "times" in rule:
                        rule["times"] -= 1
                    return rule
        return None

    def _manage(self, environ, path):
        method = environ["REQUEST_METHOD"]
        with self._lock:
            if (method, path) == ("PUT", "/stand-in/faults"):
                self._rules = json.loads(_read_body(environ))
                return 204, {}, ""
            if (method, path) == ("GET", "/stand-in/calls"):
                calls = [{**dict(zip(_FIELDS, call)), "count": count} for call, count in self._calls.items()]
                return 200, {"Content-Type": "application/json"}, json.dumps(calls)
            if (method, path) == ("DELETE", "/stand-in/calls"):
                self._calls = {}
                return 204, {}, ""
        return 404, {}, "no such page"


def create_app(service):
    """moto's application of one service, but what moto lacks is answered as AWS answers what is not allowed.

    Plain moto sends HTML pages with status 500 and 404, which SDKs retry again and again. A call that fails may have been
    disturbed by another thread of moto: it is denied only when it goes on failing.
    """
    app = create_backend_app(service)
    app.register_error_handler(Exception, _answer_failure)
    return app


_FORGIVEN = 2
_failures = {}


def _answer_failure(error):
    is_missing = isinstance(error, (NotImplementedError, NotFound, MethodNotAllowed))
    if isinstance(error, HTTPException) and not is_missing:
        return error
    call = flask_request.environ.get("stand_in.call", ("", "", "unknown", "unknown"))
    name = f"{call[2]}:{call[3]}"
    failures = _failures[call] = _failures.get(call, 0) + 1
    if failures == 1:
        print(f"not available: {name}: {type(error).__name__} {str(error)[:200]}", file=sys.stderr, flush=True)
    effect = "deny" if is_missing or failures > _FORGIVEN else "error"
    status, headers, body = wire_error(
        flask_request.environ, call[2], effect, f"not available in this test server: {name}")
    return body, status, headers


def _read_body(environ):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    if length:
        environ["wsgi.input"] = io.BytesIO(body)
    return body


def _answer(start_response, status, headers, body):
    encoded = body.encode()
    start_response(
        f"{status} {HTTP_STATUS_CODES.get(status, 'Unknown')}",
        [*headers.items(), ("Content-Length", str(len(encoded)))])
    return [encoded]
