"""What the client returns and takes. The members and their meanings are those of the API."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
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
Commit = Literal["always", "if_compatible", "never"]
PolicyAction = Literal["allow", "refuse"]
JobStatus = Literal[
    "awaiting_upload",
    "completing",
    "inspecting",
    "ready",
    "rejected",
    "committed",
    "failed",
    "cancelled",
    "expired",
]
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
class Policy:
    """Which changes may be committed to a dataset; None where it depends on whether they break readers."""

    auto_commit: bool | None = None
    """Whether jobs are committed as soon as they are inspected."""
    column_added: PolicyAction | None = None
    column_removed: PolicyAction | None = None
    column_renamed: PolicyAction | None = None
    type_fits: PolicyAction | None = None
    type_breaks: PolicyAction | None = None
    nulls_appeared: PolicyAction | None = None
    order_changed: PolicyAction | None = None
    format_changed: PolicyAction | None = None
    dialect_changed: PolicyAction | None = None
    rows_lost: PolicyAction | None = None
    max_row_loss: float | None = None
    """Largest share of the rows that may be lost, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A named thing that has versions."""

    id: uuid.UUID
    name: str
    current_version: int | None
    """Number of the current version; None before the first."""
    policy: Policy
    created_at: datetime
    updated_at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An immutable version of a dataset."""

    dataset_id: uuid.UUID
    version: int
    """Number, from 1."""
    job_id: uuid.UUID
    filename: str
    content_type: str
    file_size: int
    """Size in bytes."""
    etag: str
    row_count: int | None
    columns: tuple[Column, ...]
    dialect: ReadOptions | None
    created_at: datetime
    committed_by: str | None
    """Name of the principal, which versions of early releases do not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """Progress of a job, as the server sees it."""

    phase: Literal["upload", "complete", "inspect", "done"]
    bytes_done: int
    bytes_total: int
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobError:
    """Why a job failed, was rejected, or was not committed."""

    type: str
    msg: str
    ctx: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One upload, from the request for URLs to its end."""

    id: uuid.UUID
    dataset_id: uuid.UUID
    status: JobStatus
    filename: str
    content_type: str
    file_size: int
    part_size: int | None
    base_version: int | None
    """The version that was current when the job began."""
    version: int | None
    """The version that it became."""
    progress: JobProgress
    error: JobError | None
    created_at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDetail:
    """One error of a request."""

    type: str
    loc: tuple[str | int, ...]
    """Where in the request."""
    msg: str
    input: Any | None
    ctx: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadProgress:
    """Progress of `push`."""

    job_id: uuid.UUID
    phase: Literal["upload", "complete", "inspect", "commit"]
    bytes_done: int
    """Bytes that were sent, or that S3 already held."""
    bytes_confirmed: int
    """Bytes that S3 has confirmed: what an interruption keeps."""
    bytes_total: int
    bytes_held: int
    """Bytes that S3 already held, from an earlier call."""
    parts_done: int
    parts_total: int
    bytes_per_second: int
    retries: int
    bytes_inspected: int
    rows_inspected: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadProgress:
    """Progress of `pull` and `read`."""

    bytes_done: int
    bytes_total: int
    bytes_held: int
    """Bytes that an earlier call has written."""
    bytes_per_second: int
    retries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PushResult:
    """Result of `push`."""

    dataset: Dataset
    """The dataset, as it was before."""
    job: Job
    preview: Preview
    version: Version | None
    """The current version; None only with `commit="never"`."""
    is_unchanged: bool
    """Whether the version was current before, since the content has the same bytes."""
    bytes_sent: int
    bytes_held: int
    """Bytes that S3 already held, from an earlier call."""
    retries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PullResult:
    """Result of `pull`."""

    path: Path
    """The file."""
    version: Version
    bytes_held: int
    """Bytes that an earlier call has written."""
    is_verified: bool
    """Whether the data was verified by MD5, and not only by its length."""
