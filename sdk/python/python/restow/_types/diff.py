"""What differs between two versions, for their readers."""

from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal[
    "column_added",
    "column_removed",
    "column_renamed",
    "type_fits",
    "type_breaks",
    "nulls_appeared",
    "order_changed",
    "format_changed",
    "dialect_changed",
    "rows_lost",
]
Acceptance = Literal[ChangeKind, "uninspected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference between two versions, for their readers."""

    kind: ChangeKind
    breaking: bool
    msg: str
    column: str | None
    from_: Any | None
    to: Any | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A number before and after."""

    from_: int | None
    to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaDiff:
    """What differs for readers."""

    verdict: Literal["identical", "compatible", "breaking"]
    changes: tuple[Change, ...]
    current_version: int | None
    """The version that was compared; None if there was none."""
    row_count: Difference
    file_size: Difference
