"""A clock that stands still while an estate is seeded, so that the same options give the same times too.

`install` comes before moto and boto3 are imported: they take `datetime` by name.
"""
import contextlib
import datetime
import time

_real_datetime = datetime.datetime
_real_time = time.time
_stopped_at = None


class _AnyDatetime(type(_real_datetime)):
    def __instancecheck__(cls, value):
        return isinstance(value, _real_datetime)


class _Datetime(_real_datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz=None):
        return _real_datetime.fromtimestamp(_time(), tz)

    @classmethod
    def utcnow(cls):
        return _real_datetime.fromtimestamp(_time(), datetime.timezone.utc).replace(tzinfo=None)


def install():
    datetime.datetime = _Datetime
    time.time = _time


@contextlib.contextmanager
def stopped(at):
    """`at` is an ISO date-time with an offset, or None for the real time."""
    global _stopped_at
    _stopped_at = None if at is None else _real_datetime.fromisoformat(at).timestamp()
    try:
        yield
    finally:
        _stopped_at = None


def _time():
    return _real_time() if _stopped_at is None else _stopped_at
