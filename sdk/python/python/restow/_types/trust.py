"""Trust rules: which CI jobs may publish to a dataset without a stored secret."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustRule:
    """Which CI jobs may publish to a dataset: those whose token has all of these values. None does not matter."""

    id: uuid.UUID
    issuer: str
    """URL of the issuer of the CI job's token."""
    repository: str
    """Repository of the CI job, such as `octo/weather`."""
    repository_owner_id: str | None
    """Number of the repository's owner."""
    workflow: str | None
    """File of the workflow."""
    branch: str | None
    environment: str | None
    created_by: str | None
    """Name of the principal that created the rule, which ends with the principal's role; None for rules of early releases."""
    created_at: datetime
    last_used_at: datetime | None
    """Time at which a CI job last got a token by the rule; None if none has."""
