"""Uploads and downloads: their progress, and their results."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .dataset import Dataset
from .inspection import Preview
from .job import Job
from .version import Version

Commit = Literal["always", "if_compatible", "never"]


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
