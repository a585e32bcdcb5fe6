"""Jobs: uploads, from the request for URLs to their end."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

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
