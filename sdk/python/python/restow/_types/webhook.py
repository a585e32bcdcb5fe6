"""Webhooks: receivers of the events of a dataset."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

WebhookEventType = Literal[
    "job.ready",
    "job.rejected",
    "job.failed",
    "job.cancelled",
    "job.expired",
    "version.committed",
    "version.restored",
    "version.retired",
    "dataset.renamed",
    "dataset.policy_changed",
    "dataset.deleted",
    "dataset.undeleted",
]
DeliveryStatus = Literal["pending", "delivered", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A receiver of the events of a dataset."""

    id: uuid.UUID
    dataset_id: uuid.UUID
    url: str
    """URL that events are sent to."""
    types: tuple[str, ...]
    """Types of events that it receives."""
    created_by: str | None
    """Name of the principal that created it, with whose role on the dataset it ends; None for webhooks of early releases."""
    created_at: datetime
    disabled_at: datetime | None
    """Time since when an operator has disabled it; None if it is not disabled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecret:
    """Result of `create_webhook` and of `rotate_webhook_secret`."""

    webhook: Webhook
    secret: str = field(repr=False)
    """Secret by which the receiver verifies messages, as the libraries of Standard Webhooks take it. The server returns it
    only once. It is not part of the `repr`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one webhook."""

    id: uuid.UUID
    """Id, which is in the `webhook-id` of the message."""
    event_id: int
    """Number of the event."""
    type: str
    """Type of the event."""
    status: DeliveryStatus
    attempts: int
    """How often it was sent."""
    next_attempt_at: datetime | None
    """Time of the next attempt; None if there is none."""
    response_status: int | None
    """Status of the last response; None if there was none."""
    error: str | None
    """Why the last attempt got no response; None if it got one."""
    created_at: datetime
    """Time of the event."""
    delivered_at: datetime | None
    """Time at which the receiver accepted it; None if it has not."""
