import os
from collections.abc import Callable, Sequence
from typing import final

__all__ = ["NativeClient", "NativeError", "Running", "command"]

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

@final
class Running:
    def cancel(self) -> None: ...

def command(arguments: Sequence[str]) -> int: ...
