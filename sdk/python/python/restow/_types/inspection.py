"""What an inspection says about the content of a file."""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from .diff import SchemaDiff

ColumnType = Literal[
    "null",
    "boolean",
    "integer",
    "float",
    "decimal",
    "date",
    "time",
    "timestamp",
    "string",
    "binary",
    "object",
    "array",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How a file is read; None where it is detected."""

    format: Literal["csv", "tsv", "ndjson", "json", "parquet"] | None = None
    compression: Literal["none", "gzip", "zstd"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    comment: str | None = None
    header: bool | None = None
    skip_lines: int | None = None
    """Lines before the header."""
    decimal: str | None = None
    """Decimal mark."""
    null_values: tuple[str, ...] | None = None
    """Texts that stand for no value."""
    inspect: bool | None = None
    """False to commit the file without reading it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctCount:
    """Number of distinct values."""

    value: int
    error: float
    """Relative standard error; 0 if the number is exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopValue:
    """A frequent value."""

    value: Any
    count: int
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Numbers of values in intervals of one width."""

    start: float
    width: float
    counts: tuple[int, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its statistics over every row; None where something is not known."""

    name: str
    type: ColumnType
    data_type: str | None
    """The full type of the format."""
    nullable: bool | None
    nulls: int | None
    distinct: DistinctCount | None
    min: Any | None
    max: Any | None
    mean: float | None
    stddev: float | None
    min_length: int | None
    max_length: int | None
    date_pattern: str | None
    top: tuple[TopValue, ...]
    histogram: Histogram | None
    fields: tuple["Column", ...]
    """Columns of an object, or of the items of an array."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that the inspection has to say about the content."""

    type: str
    """Machine code, such as `ragged_rows`."""
    severity: Literal["info", "warning", "error"]
    msg: str
    column: str | None
    line: int | None
    """Line of the file, from 1."""
    count: int | None
    examples: tuple[str, ...]
    suggestion: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Result of an inspection."""

    job_id: uuid.UUID
    format: str | None
    dialect: ReadOptions | None
    """How the content was read."""
    columns: tuple[Column, ...]
    row_count: int | None
    sample: tuple[tuple[Any, ...], ...]
    """The first rows, as the file has them."""
    findings: tuple[Finding, ...]
    findings_total: int
    schema_diff: SchemaDiff
