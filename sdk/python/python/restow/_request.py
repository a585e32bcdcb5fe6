"""Requests to the native module, which both clients send."""

import dataclasses
import json
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

from ._decode import decode
from ._types import (
    Acceptance,
    Commit,
    Dataset,
    DownloadProgress,
    Job,
    JobStatus,
    Preview,
    PullResult,
    PushResult,
    ReadOptions,
    SchemaDiff,
    UploadProgress,
    Version,
)

T = TypeVar("T")
DatasetReference = str | UUID | Dataset
JobReference = str | UUID | Job | PushResult
StrPath = str | os.PathLike[str]
Content = StrPath | bytes | bytearray | memoryview

LOGGER = logging.getLogger("restow")


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """An operation of the native module, and how to read its result."""

    operation: str
    decode: Callable[[bytes], T]
    content: bytes | StrPath | None = None
    on_progress: Callable[[Any], object] | None = None

    def report(self, document: str) -> None:
        """Logs an event, or calls the callback with a progress."""
        report = json.loads(document)
        if "event" in report:
            LOGGER.info("%s", report["event"])
        elif self.on_progress is not None:
            ((kind, members),) = report.items()
            self.on_progress(decode(UploadProgress if kind == "upload" else DownloadProgress, members))


def datasets() -> Request[list[Dataset]]:
    return Request(_operation("dataset", "list"), _list(Dataset))


def dataset(reference: DatasetReference) -> Request[Dataset]:
    return Request(_operation("dataset", "get", dataset=_dataset(reference)), _one(Dataset))


def create_dataset(name: str) -> Request[Dataset]:
    return Request(_operation("dataset", "create", name=name), _one(Dataset))


def delete_dataset(reference: DatasetReference) -> Request[None]:
    return Request(_operation("dataset", "delete", dataset=_dataset(reference)), lambda _: None)


def versions(reference: DatasetReference) -> Request[list[Version]]:
    return Request(_operation("dataset", "versions", dataset=_dataset(reference)), _list(Version))


def version(reference: DatasetReference, number: int | None) -> Request[Version]:
    return Request(_operation("dataset", "version", dataset=_dataset(reference), version=number), _one(Version))


def restore(reference: DatasetReference, number: int, replaces: int | None) -> Request[Version]:
    arguments = {"dataset": _dataset(reference), "version": number, "replaces": replaces}
    return Request(_operation("dataset", "restore", **arguments), _one(Version))


def diff(reference: DatasetReference, start: int, end: int | None) -> Request[SchemaDiff]:
    arguments = {"dataset": _dataset(reference), "start": start, "end": end}
    return Request(_operation("dataset", "diff", **arguments), _one(SchemaDiff))


def jobs(reference: DatasetReference, status: JobStatus | None) -> Request[list[Job]]:
    return Request(_operation("dataset", "jobs", dataset=_dataset(reference), status=status), _list(Job))


def job(reference: JobReference) -> Request[Job]:
    return Request(_operation("job", "get", job=_job(reference)), _one(Job))


def wait(reference: JobReference) -> Request[Job]:
    return Request(_operation("job", "wait", job=_job(reference)), _one(Job))


def cancel(reference: JobReference) -> Request[Job]:
    return Request(_operation("job", "cancel", job=_job(reference)), _one(Job))


def preview(reference: JobReference) -> Request[Preview]:
    return Request(_operation("job", "preview", job=_job(reference)), _one(Preview))


def inspect(reference: JobReference, read_options: ReadOptions | None) -> Request[Preview]:
    arguments = {"job": _job(reference), "read_options": _read_options(read_options)}
    return Request(_operation("job", "inspect", **arguments), _one(Preview))


def commit(
    reference: JobReference, accept: Iterable[Acceptance], force: bool, replaces: int | None
) -> Request[Version]:
    arguments = {"job": _job(reference), "accept": _accept(accept), "force": force, "replaces": replaces}
    return Request(_operation("job", "commit", **arguments), _one(Version))


def push(
    reference: DatasetReference,
    content: Content,
    *,
    create: bool,
    filename: str | None,
    content_type: str | None,
    commit: Commit,
    accept: Iterable[Acceptance],
    force: bool,
    replaces: int | None,
    read_options: ReadOptions | None,
    concurrency: int | None,
    resume: bool,
    on_progress: Callable[[UploadProgress], object] | None,
) -> Request[PushResult]:
    operation = _operation(
        "transfer",
        "push",
        dataset=_dataset(reference),
        create=create,
        filename=filename,
        content_type=content_type,
        commit=commit,
        accept=_accept(accept),
        force=force,
        replaces=replaces,
        read_options=_read_options(read_options),
        concurrency=concurrency,
        resume=resume,
    )
    data = bytes(content) if isinstance(content, bytearray | memoryview) else content
    return Request(operation, _one(PushResult), data, on_progress)


def pull(
    reference: DatasetReference,
    path: StrPath,
    *,
    version: int | None,
    replace: bool,
    verify: bool,
    on_progress: Callable[[DownloadProgress], object] | None,
) -> Request[PullResult]:
    def result(document: bytes) -> PullResult:
        members = json.loads(document)
        members["version"] = decode(Version, members["version"])
        return PullResult(path=Path(path), **members)

    arguments = {"dataset": _dataset(reference), "version": version, "replace": replace, "verify": verify}
    return Request(_operation("transfer", "pull", **arguments), result, path, on_progress)


def read(
    reference: DatasetReference,
    *,
    version: int | None,
    verify: bool,
    on_progress: Callable[[DownloadProgress], object] | None,
) -> Request[bytes]:
    arguments = {"dataset": _dataset(reference), "version": version, "replace": False, "verify": verify}
    return Request(_operation("transfer", "read", **arguments), lambda content: content, None, on_progress)


def _operation(noun: str, verb: str, **arguments: object) -> str:
    return json.dumps({noun: {verb: arguments}})


def _one(kind: type[T]) -> Callable[[bytes], T]:
    return lambda document: decode(kind, json.loads(document))


def _list(kind: type[T]) -> Callable[[bytes], list[T]]:
    return lambda document: [decode(kind, item) for item in json.loads(document)]


def _dataset(reference: DatasetReference) -> str:
    return str(reference.id if isinstance(reference, Dataset) else reference)


def _job(reference: JobReference) -> str:
    if isinstance(reference, PushResult):
        reference = reference.job
    return str(reference.id if isinstance(reference, Job) else reference)


def _accept(kinds: Iterable[Acceptance]) -> list[str]:
    # A string is an iterable of its characters.
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _read_options(options: ReadOptions | None) -> dict[str, Any] | None:
    if options is None:
        return None
    return {name: value for name, value in dataclasses.asdict(options).items() if value is not None}
