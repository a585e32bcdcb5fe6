"""Errors of a request, as the API describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDetail:
    """One error of a request."""

    type: str
    loc: tuple[str | int, ...]
    """Where in the request."""
    msg: str
    input: Any | None
    ctx: Mapping[str, Any]
