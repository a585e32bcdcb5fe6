"""Grants: what principals may do with datasets that others own."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["reader", "writer", "owner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a principal may do with a dataset that another principal owns."""

    dataset_id: uuid.UUID
    principal: str
    """Name of the principal."""
    role: Role
    created_at: datetime
    """Time at which the role was granted."""
