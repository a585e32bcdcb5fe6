"""Iterators over events as they happen."""

import json
from types import TracebackType
from typing import Any

from ._calls import outcome
from ._decode import decode
from ._errors import error_of
from ._native import NativeClient, NativeError
from ._types.event import Event

CONNECT = json.dumps("connect")
RECEIVE = json.dumps("receive")


class Following:
    """A stream of events, and how far it was read."""

    def __init__(self, client: NativeClient, operation: str, after: int | None) -> None:
        try:
            self._native = client.follow(operation)
        except NativeError as error:
            raise error_of(error.args[0]) from None
        self._last_id = after

    @property
    def last_id(self) -> int | None:
        """Number of the last event that was returned, which `after` of another call resumes behind; None before the first."""
        return self._last_id

    def _take(self) -> Event | None:
        """The event that was received; None if it was returned to another thread or task."""
        document = self._native.take()
        if document is None:
            return None
        event = decode(Event, json.loads(document))
        self._last_id = event.id
        return event


class EventStream(Following):
    """Events in the order in which they happened, as an iterator that waits for the next one.

    `Client.follow` and `Client.follow_job` return it. It may be used by several threads, each of which gets other events.
    Ctrl-C interrupts it without losing an event. `with` closes it.
    """

    def __iter__(self) -> "EventStream":
        return self

    def __next__(self) -> Event:
        """Waits for the next event. Raises the errors of `Client.follow`; the iterator can be used again after them."""
        while self._run(RECEIVE):
            event = self._take()
            if event is not None:
                return event
        raise StopIteration

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the iterator, also where another thread waits for it, and closes its connection."""
        self._native.close()

    def _run(self, step: str) -> Any:
        try:
            return json.loads(self._native.run(step))
        except NativeError as error:
            raise error_of(error.args[0]) from None


class AsyncEventStream(Following):
    """Events in the order in which they happened, as an asynchronous iterator.

    `AsyncClient.follow` and `AsyncClient.follow_job` return it. Cancelling the wait for an event, as a timeout does, loses
    none. `async with` closes it.
    """

    def __aiter__(self) -> "AsyncEventStream":
        return self

    async def __anext__(self) -> Event:
        """Waits for the next event, like `EventStream`."""
        while await self._run(RECEIVE):
            event = self._take()
            if event is not None:
                return event
        raise StopAsyncIteration

    async def __aenter__(self) -> "AsyncEventStream":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends the iterator, also where another task waits for it, and closes its connection."""
        self._native.close()

    async def _run(self, step: str) -> Any:
        return json.loads(await outcome(lambda _, done: self._native.start(step, done)))
