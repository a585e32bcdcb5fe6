"""Grants: what other principals may do with a dataset."""

from ._calls import AsyncCalls, Calls
from ._request import DatasetReference, Request, dataset_argument, many, nothing, one, operation
from ._types.grant import Grant, Role


class GrantCalls(Calls):
    """The methods of `Client` on grants. They take the scope `admin` and the role `owner`."""

    def grants(self, dataset: DatasetReference) -> list[Grant]:
        """Returns what other principals may do with a dataset. Takes the scope `admin` and the role `owner`."""
        return self._run(_grants(dataset))

    def share(self, dataset: DatasetReference, principal: str, role: Role) -> Grant:
        """Gives a principal a role on a dataset, in place of the one that it had. Takes effect within five seconds.

        A `"reader"` may read and download, a `"writer"` upload and commit too, and an `"owner"` everything. Takes the scope
        `admin` and the role `owner`. Raises `NotFound` if there is no such principal, and `Forbidden` if it owns the dataset.
        """
        return self._run(_share(dataset, principal, role))

    def unshare(self, dataset: DatasetReference, principal: str) -> None:
        """Stops sharing a dataset with a principal. Takes effect within five seconds.

        URLs that were issued before stay valid until they expire. Takes the scope `admin` and the role `owner`. Raises
        `NotFound` if the principal has no role.
        """
        return self._run(_unshare(dataset, principal))


class AsyncGrantCalls(AsyncCalls):
    """The methods of `AsyncClient` on grants."""

    async def grants(self, dataset: DatasetReference) -> list[Grant]:
        """Like `Client.grants`."""
        return await self._run(_grants(dataset))

    async def share(self, dataset: DatasetReference, principal: str, role: Role) -> Grant:
        """Like `Client.share`."""
        return await self._run(_share(dataset, principal, role))

    async def unshare(self, dataset: DatasetReference, principal: str) -> None:
        """Like `Client.unshare`."""
        return await self._run(_unshare(dataset, principal))


def _grants(reference: DatasetReference) -> Request[list[Grant]]:
    return Request(operation("grant", "list", dataset=dataset_argument(reference)), many(Grant))


def _share(reference: DatasetReference, principal: str, role: Role) -> Request[Grant]:
    arguments = {"dataset": dataset_argument(reference), "principal": principal, "role": role}
    return Request(operation("grant", "put", **arguments), one(Grant))


def _unshare(reference: DatasetReference, principal: str) -> Request[None]:
    arguments = {"dataset": dataset_argument(reference), "principal": principal}
    return Request(operation("grant", "delete", **arguments), nothing)
