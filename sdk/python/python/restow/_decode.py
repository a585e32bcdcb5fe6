"""Builds the immutable objects of `_types` from JSON."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

T = TypeVar("T")
Decoder = Callable[[Any], Any]

NANOSECONDS = re.compile(r"(\.\d{6})\d+")


def decode(kind: type[T], value: Any) -> T:
    """An object of the dataclass `kind`. Members that it does not have are ignored: a newer server may send them."""
    built: T = _object(kind, value)
    return built


def _object(kind: Any, value: Mapping[str, Any]) -> Any:
    members = {}
    for name, (key, decoder, missing) in _members(kind).items():
        members[name] = decoder(value[key]) if key in value else missing()
    return kind(**members)


@cache
def _members(kind: Any) -> dict[str, tuple[str, Decoder, Callable[[], Any]]]:
    hints = get_type_hints(kind)
    return {
        # `from` is a keyword, so its attribute is `from_`.
        field.name: (field.name.removesuffix("_"), _decoder(hints[field.name]), _missing(hints[field.name]))
        for field in dataclasses.fields(kind)
    }


def _missing(hint: Any) -> Callable[[], Any]:
    """Makes what stands for a member that is left out: an empty collection, or None."""
    origin = get_origin(hint)
    if origin is tuple:
        return tuple
    return dict if origin is Mapping else lambda: None


@cache
def _decoder(hint: Any) -> Decoder:
    if hint is datetime:
        return _time
    if hint is UUID:
        return UUID
    if dataclasses.is_dataclass(hint):
        return lambda value: _object(hint, value)
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        item = _decoder(arguments[0])
        return lambda values: tuple(map(item, values))
    if NoneType in arguments:
        (inner,) = (_decoder(argument) for argument in arguments if argument is not NoneType)
        return lambda value: None if value is None else inner(value)
    return lambda value: value


def _time(text: str) -> datetime:
    # Python 3.10 knows no `Z`, and no version knows nanoseconds.
    return datetime.fromisoformat(NANOSECONDS.sub(r"\1", text.replace("Z", "+00:00")))
