"""Tokens, and whose the client's own is."""

from collections.abc import Iterable
from uuid import UUID

from ._calls import AsyncCalls, Calls
from ._request import DatasetReference, Request, dataset_argument, many, nothing, one, operation, texts
from ._types.dataset import Dataset
from ._types.token import Caller, CreatedToken, Scope, Token

TokenReference = str | UUID | Token | CreatedToken

DEFAULT_LIFETIME = 90 * 86_400
"""Lifetime of a new token in seconds: 90 days."""


class TokenCalls(Calls):
    """The methods of `Client` on tokens."""

    def caller(self) -> Caller:
        """Returns whose the token of this client is, and what it is for. Every valid token suffices."""
        return self._run(_caller())

    def tokens(self, *, principal: str | None = None) -> list[Token]:
        """Returns the tokens of the caller, oldest first, without their secrets.

        `principal` is the name of another principal, for administrators. Raises `Forbidden` if the token lacks the scope
        `admin`, or the caller is no administrator and names another principal, and `NotFound` if there is no such principal.
        """
        return self._run(_tokens(principal))

    def create_token(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        datasets: Iterable[DatasetReference] | None = None,
        expires_in: int = DEFAULT_LIFETIME,
        principal: str | None = None,
    ) -> CreatedToken:
        """Creates a token that may do no more than that of this client. Its secret is in the result only.

        Args:
            name: What the token is called, so that its owner knows what uses it.
            scopes: What the token may be used for.
            datasets: Names or ids of the datasets that the token is for; by default all that its principal may use, or those
                of the token of this client.
            expires_in: Lifetime in seconds, from one minute to one year; by default 90 days.
            principal: Name of the principal that the token belongs to, for administrators; by default the caller's own.

        Raises:
            Forbidden: The token of this client lacks the scope `admin` or one of `scopes`, or the caller is no administrator
                and names another principal.
            NotFound: There is no such dataset or principal.
            ValidationError: An argument is invalid, such as the lifetime.
        """
        return self._run(_create_token(name, scopes, datasets, expires_in, principal))

    def revoke_token(self, token: TokenReference) -> None:
        """Revokes a token, given by its id, a `Token` or a `CreatedToken`. It is refused within five seconds.

        URLs that were issued before stay valid until they expire. Raises `NotFound` if there is no such token of the caller;
        administrators revoke those of all principals.
        """
        return self._run(_revoke_token(token))


class AsyncTokenCalls(AsyncCalls):
    """The methods of `AsyncClient` on tokens."""

    async def caller(self) -> Caller:
        """Like `Client.caller`."""
        return await self._run(_caller())

    async def tokens(self, *, principal: str | None = None) -> list[Token]:
        """Like `Client.tokens`."""
        return await self._run(_tokens(principal))

    async def create_token(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        datasets: Iterable[DatasetReference] | None = None,
        expires_in: int = DEFAULT_LIFETIME,
        principal: str | None = None,
    ) -> CreatedToken:
        """Like `Client.create_token`."""
        return await self._run(_create_token(name, scopes, datasets, expires_in, principal))

    async def revoke_token(self, token: TokenReference) -> None:
        """Like `Client.revoke_token`."""
        return await self._run(_revoke_token(token))


def _caller() -> Request[Caller]:
    return Request(operation("token", "caller"), one(Caller))


def _tokens(principal: str | None) -> Request[list[Token]]:
    return Request(operation("token", "list", principal=principal), many(Token))


def _create_token(
    name: str,
    scopes: Iterable[Scope],
    datasets: Iterable[DatasetReference] | None,
    expires_in: int,
    principal: str | None,
) -> Request[CreatedToken]:
    arguments = {
        "name": name,
        "scopes": texts(scopes),
        "datasets": None if datasets is None else _datasets(datasets),
        "expires_in": expires_in,
        "principal": principal,
    }
    return Request(operation("token", "create", **arguments), one(CreatedToken))


def _revoke_token(reference: TokenReference) -> Request[None]:
    if isinstance(reference, CreatedToken):
        reference = reference.token
    token = str(reference.id if isinstance(reference, Token) else reference)
    return Request(operation("token", "revoke", token=token), nothing)


def _datasets(references: Iterable[DatasetReference]) -> list[str]:
    # One dataset is accepted, too: a name is an iterable of its characters.
    if isinstance(references, str | UUID | Dataset):
        references = [references]
    return [dataset_argument(reference) for reference in references]
