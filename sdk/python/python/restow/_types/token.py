"""Tokens, and who uses them."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Scope = Literal["read", "upload", "commit", "delete", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, without its secret."""

    id: uuid.UUID
    name: str
    """What the token is called; empty in tokens of early releases."""
    principal: str
    """Name of the principal that the token belongs to."""
    scopes: tuple[Scope, ...]
    """What the token may be used for."""
    datasets: tuple[uuid.UUID, ...] | None
    """Ids of the datasets that the token is for; None for all that its principal may use."""
    created_with: uuid.UUID | None
    """Id of the token that created it, with which it is revoked; None where no token of this server did."""
    created_at: datetime
    expires_at: datetime | None
    """Time from which the token is no longer valid; None if it is valid until it is revoked."""
    last_used_at: datetime | None
    """Time of the last use, to within five minutes; None before the first one."""
    revoked_at: datetime | None
    """Time at which the token was revoked; None if it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedToken:
    """Result of `create_token`."""

    secret: str = field(repr=False)
    """The token itself, which the server returns only once. It is not part of the `repr`."""
    token: Token
    """What the token is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose a token is, and what it is for."""

    principal: str
    """Name of the principal."""
    is_admin: bool
    """Whether the principal administers the deployment."""
    token_id: uuid.UUID | None
    """None for a token that another issuer signed."""
    token_name: str
    scopes: tuple[Scope, ...]
    """What the token may be used for."""
    datasets: tuple[uuid.UUID, ...] | None
    """Ids of the datasets that the token is for; None for all that its principal may use."""
    expires_at: datetime | None
    """Time from which the token is no longer valid; None if it is valid until it is revoked."""
