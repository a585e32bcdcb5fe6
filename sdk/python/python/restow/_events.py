"""Events: what happened, and what happens."""

import json
from datetime import datetime

from ._calls import AsyncCalls, Calls
from ._errors import ValidationError
from ._event_stream import CONNECT, AsyncEventStream, EventStream
from ._request import DatasetReference, JobReference, Request, dataset_argument, job_argument, many, operation
from ._types.event import Event


class EventCalls(Calls):
    """The methods of `Client` on events."""

    def events(
        self,
        dataset: DatasetReference,
        *,
        type: str | None = None,
        principal: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Returns what happened to a dataset, newest first: every change, and refusals for lack of permission.

        Args:
            dataset: Name or id.
            type: Only events of this type, such as `version.committed`.
            principal: Only events of the principal with this name.
            since: Only events at this time or later; it must be aware.
            limit: Maximum number of events; by default all that the server keeps, for 90 days unless it is configured otherwise.

        Raises:
            Forbidden: The token lacks the scope `read`.
            ValidationError: `since` has no time zone, or `limit` is negative.
        """
        arguments = {"dataset": dataset_argument(dataset)}
        return self._run(_events("dataset", arguments, type, principal, since, limit))

    def job_events(
        self,
        job: JobReference,
        *,
        type: str | None = None,
        principal: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Returns what happened to a job, newest first. The arguments are those of `events`."""
        return self._run(_events("job", {"job": job_argument(job)}, type, principal, since, limit))

    def deployment_events(
        self,
        *,
        type: str | None = None,
        principal: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Returns what happened in the whole deployment, newest first, with the addresses of clients.

        The arguments are those of `events`. Only for administrators: raises `Forbidden` for others, and if the token lacks the
        scope `admin`.
        """
        return self._run(_events("deployment", {}, type, principal, since, limit))

    def follow(self, dataset: DatasetReference, *, after: int | None = None) -> EventStream:
        """Returns the changes of a dataset as an iterator that waits for the next one, without refusals.

        It connects again by itself where the connection breaks off, and ends only by `EventStream.close` or an error. Its
        connection is open when this call returns.

        Args:
            dataset: Name or id.
            after: Number of an event: the iterator continues behind it, without a gap. That is `EventStream.last_id` of an
                earlier iterator, or 0 to begin with the oldest event that the server keeps. By default, the iterator has what
                happens from this call on.

        Raises:
            NotFound: There is no such dataset; the iterator raises it when the dataset is deleted.
            Forbidden: The token lacks the scope `read`.
            Unauthorized: The token is unknown, expired or revoked; the iterator raises it too.
            TooManyRequests: The principal has too many streams at this server, 20 unless it is configured otherwise.
            Unavailable: The server cannot be reached, also after the last retry; the iterator raises it too.
        """
        return self._follow("dataset", after, dataset=dataset_argument(dataset))

    def follow_job(self, job: JobReference, *, after: int | None = None) -> EventStream:
        """Returns the changes of a job as an iterator that waits for the next one: from its creation to its end.

        `after` continues behind an event. The errors are those of `follow`.
        """
        return self._follow("job", after, job=job_argument(job))

    def _follow(self, noun: str, after: int | None, **arguments: str) -> EventStream:
        stream = EventStream(self._native, _follow(noun, after, arguments), after)
        stream._run(CONNECT)
        return stream


class AsyncEventCalls(AsyncCalls):
    """The methods of `AsyncClient` on events."""

    async def events(
        self,
        dataset: DatasetReference,
        *,
        type: str | None = None,
        principal: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Like `Client.events`."""
        arguments = {"dataset": dataset_argument(dataset)}
        return await self._run(_events("dataset", arguments, type, principal, since, limit))

    async def job_events(
        self,
        job: JobReference,
        *,
        type: str | None = None,
        principal: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Like `Client.job_events`."""
        return await self._run(_events("job", {"job": job_argument(job)}, type, principal, since, limit))

    async def deployment_events(
        self,
        *,
        type: str | None = None,
        principal: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Like `Client.deployment_events`."""
        return await self._run(_events("deployment", {}, type, principal, since, limit))

    async def follow(self, dataset: DatasetReference, *, after: int | None = None) -> AsyncEventStream:
        """Like `Client.follow`: `async for event in await client.follow("weather")`."""
        return await self._follow("dataset", after, dataset=dataset_argument(dataset))

    async def follow_job(self, job: JobReference, *, after: int | None = None) -> AsyncEventStream:
        """Like `Client.follow_job`."""
        return await self._follow("job", after, job=job_argument(job))

    async def _follow(self, noun: str, after: int | None, **arguments: str) -> AsyncEventStream:
        stream = AsyncEventStream(self._native, _follow(noun, after, arguments), after)
        await stream._run(CONNECT)
        return stream


def _events(
    noun: str,
    arguments: dict[str, str],
    type: str | None,
    principal: str | None,
    since: datetime | None,
    limit: int | None,
) -> Request[list[Event]]:
    if since is not None and since.utcoffset() is None:
        raise ValidationError("`since` has no time zone, as `datetime.now(timezone.utc)` has one")
    restriction = {
        "type": type,
        "principal": principal,
        "since": None if since is None else since.isoformat(),
        "limit": limit,
    }
    return Request(operation("event", noun, **arguments, filter=restriction), many(Event))


def _follow(noun: str, after: int | None, arguments: dict[str, str]) -> str:
    return json.dumps({noun: {**arguments, "after": after}})
