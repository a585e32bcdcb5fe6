"""How the clients send their requests: one blocks, the other awaits."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ._errors import error_of
from ._native import NativeClient, NativeError, Running
from ._request import Request, StrPath

T = TypeVar("T")
Report = Callable[[str], object]
Done = Callable[[bytes | None, str | None], object]


class Calls:
    """Calls that block."""

    _native: NativeClient

    def _run(self, request: Request[T]) -> T:
        try:
            result = self._native.run(request.operation, request.content, request.report)
        except NativeError as error:
            raise error_of(error.args[0]) from None
        return request.decode(result)


class AsyncCalls:
    """Calls that are coroutines."""

    _native: NativeClient

    async def _run(self, request: Request[T]) -> T:
        def start(report: Report, done: Done) -> Running:
            return self._native.start(request.operation, request.content, report, done)

        return request.decode(await outcome(start, request.report))


async def outcome(start: Callable[[Report, Done], Running], report: Report = lambda _: None) -> bytes:
    """Awaits the result of what `start` starts with two callbacks: for its reports, and for its end."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[bytes] = loop.create_future()

    def finish(result: bytes | None, error: str | None) -> None:
        if ended.done():
            return
        if error is not None:
            ended.set_exception(error_of(error))
        else:
            ended.set_result(result or b"")

    def forward(document: str) -> None:
        if ended.done():
            return
        try:
            report(document)
        except Exception as error:
            ended.set_exception(error)

    try:
        running = start(
            lambda document: loop.call_soon_threadsafe(forward, document),
            lambda result, error: loop.call_soon_threadsafe(finish, result, error),
        )
    except NativeError as error:
        raise error_of(error.args[0]) from None
    try:
        return await ended
    finally:
        # It has ended already, unless this call was cancelled or its callback has failed.
        running.cancel()


def connect(
    endpoint: str | None,
    token: str | None,
    *,
    retries: int,
    connect_timeout: float,
    request_timeout: float,
    stall_timeout: float,
    ca_file: StrPath | None,
) -> NativeClient:
    """The native client behind both clients."""
    try:
        return NativeClient(
            endpoint,
            token,
            retries=retries,
            connect_timeout=connect_timeout,
            request_timeout=request_timeout,
            stall_timeout=stall_timeout,
            ca_file=ca_file,
        )
    except NativeError as error:
        raise error_of(error.args[0]) from None
