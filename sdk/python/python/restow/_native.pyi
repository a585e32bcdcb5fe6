import os
from collections.abc import Callable, Sequence
from typing import final

__all__ = ["NativeClient", "NativeError", "NativeFollowing", "Running", "command"]

class NativeError(Exception): ...

@final
class NativeClient:
    def __new__(
        cls,
        endpoint: str | None,
        token: str | None,
        *,
        retries: int,
        connect_timeout: float,
        request_timeout: float,
        stall_timeout: float,
        ca_file: str | os.PathLike[str] | None,
    ) -> NativeClient: ...
    @property
    def endpoint(self) -> str: ...
    def run(
        self,
        operation: str,
        content: bytes | str | os.PathLike[str] | None,
        report: Callable[[str], object] | None,
    ) -> bytes: ...
    def start(
        self,
        operation: str,
        content: bytes | str | os.PathLike[str] | None,
        report: Callable[[str], object],
        done: Callable[[bytes | None, str | None], object],
    ) -> Running: ...
    def follow(self, operation: str) -> NativeFollowing: ...

@final
class NativeFollowing:
    def run(self, step: str) -> bytes: ...
    def start(self, step: str, done: Callable[[bytes | None, str | None], object]) -> Running: ...
    def take(self) -> bytes | None: ...
    def close(self) -> None: ...

@final
class Running:
    def cancel(self) -> None: ...

def command(arguments: Sequence[str]) -> int: ...
