"""Versions of a dataset."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from .inspection import Column, ReadOptions


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
