"""Events: what happened, and who did it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

EventOutcome = Literal["done", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventActor:
    """Who did something."""

    principal: str | None
    """Name of the principal at that time; None for a CI job whose token was not exchanged, which acts for no principal."""
    principal_id: uuid.UUID | None
    token_id: uuid.UUID | None
    """None if the server does not store the token."""
    token: str | None
    """Name of the token, or of the CI job; None if it has none."""
    address: str | None
    """Address of the client; None if it is not known, and in events of a dataset or a job."""
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened."""

    id: int
    """Number of the event. In a stream, numbers ascend; some are missing."""
    time: datetime
    type: str
    """What happened, such as `version.committed`. New types can be added; ignore those that you do not know."""
    dataset_id: uuid.UUID | None
    """Dataset that it happened to; None for events of tokens and principals."""
    job_id: uuid.UUID | None
    """Job that it happened to, or that led to the version."""
    version: int | None
    """Number of the version that it happened to."""
    actor: EventActor | None
    """Who did it; None if the server itself did."""
    outcome: EventOutcome
    reason: str | None
    """Machine code of the error that refused it; None if it was done."""
    before: Mapping[str, Any] | None
    """What was changed, as it was before."""
    after: Mapping[str, Any] | None
    """What was changed, as it is since, or what was tried."""
