"""Datasets and their policies."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PolicyAction = Literal["allow", "refuse"]


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
    owner: str
    """Name of the principal that owns it."""
    current_version: int | None
    """Number of the current version; None before the first."""
    policy: Policy
    created_at: datetime
    updated_at: datetime
