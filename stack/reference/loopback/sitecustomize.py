"""Python runs this file by itself when its folder is on PYTHONPATH: names such as 123456789012.127.0.0.1 mean 127.0.0.1.

S3 Control puts the account in front of the endpoint's host name, which no resolver knows for an address.
"""
import socket

_SUFFIX = ".127.0.0.1"
_resolve = socket.getaddrinfo


def _resolve_loopback(host, *arguments, **named):
    if isinstance(host, str) and host.endswith(_SUFFIX):
        host = _SUFFIX[1:]
    return _resolve(host, *arguments, **named)


socket.getaddrinfo = _resolve_loopback
