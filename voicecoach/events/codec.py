"""Records as JSON-ready dicts and back: what a line of the session log is."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from voicecoach.events import coaching, practice, session, talk
from voicecoach.events.base import Record

_RECORDS: dict[str, type[Record]] = {
    cls.type: cls
    for family in (session, talk, coaching, practice)
    for cls in vars(family).values()
    if isinstance(cls, type) and issubclass(cls, Record) and cls is not Record
}


def _fields(cls: type[Record]) -> tuple[tuple[str, Any], ...]:
    """Each field of ``cls`` with its type."""
    hints = typing.get_type_hints(cls)
    return tuple((f.name, hints[f.name]) for f in dataclasses.fields(cls))


_FIELDS = {name: _fields(cls) for name, cls in _RECORDS.items()}
"""Found out once: it takes longer than reading a record."""
LONGEST = 1e308
"""No number in a log is larger; not-a-number is not smaller either."""


class BadEventError(ValueError):
    """A line is not an event of this version; the message says why."""


def to_dict(event: Record) -> dict[str, Any]:
    """One record as a JSON-ready dict: ``type``, ``start``, ``end`` first, floats rounded to a millisecond or 1e-3."""
    out: dict[str, Any] = {"type": event.type}
    for f in dataclasses.fields(event):
        if f.name not in ("status", "partial"):
            out[f.name] = _plain(getattr(event, f.name))
    return out


def from_dict(data: Mapping[str, Any]) -> Record:
    """Inverse of `to_dict`. Unknown keys are ignored (a newer writer). Raises `BadEventError`."""
    cls = _RECORDS.get(str(data.get("type")))
    if cls is None:
        raise BadEventError(f"unknown event type {data.get('type')!r}")
    known = {name: _read(data[name], hint, f"{cls.type}.{name}") for name, hint in _FIELDS[cls.type] if name in data}
    try:
        event = cls(**known)
    except TypeError as error:
        raise BadEventError(f"{cls.type}: {error}") from error
    if not event.start <= event.end:
        raise BadEventError(f"{cls.type}: start {event.start} is after end {event.end}")
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) + 0.0  # + 0.0 turns -0.0 into 0.0, so the same log gives the same bytes
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


def _read(value: Any, hint: Any, where: str) -> Any:
    """Check one JSON value against a field's type; ints pass for floats. Raises `BadEventError`."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        ok = value in args
    elif origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _read(value, next(a for a in args if a is not type(None)), where)
    elif hint is float:
        ok = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LONGEST
        value = float(value) if ok else value
    elif origin is tuple:
        ok = isinstance(value, list) and all(isinstance(v, args[0]) for v in value)
        value = tuple(value) if ok else value
    elif origin is not None:
        ok = isinstance(value, Mapping) and all(isinstance(k, str) for k in value)
        value = {k: _read(v, args[1], where) for k, v in value.items()} if ok else value
    else:
        ok = isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    if not ok:
        raise BadEventError(f"{where}: {value!r} does not fit")
    return value
