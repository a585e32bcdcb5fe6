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
from ._types.dataset import Dataset
from ._types.diff import Acceptance, SchemaDiff
from ._types.inspection import Preview, ReadOptions
from ._types.job import Job, JobStatus
from ._types.transfer import Commit, DownloadProgress, PullResult, PushResult, UploadProgress
from ._types.version import Version

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
    return Request(operation("dataset", "list"), many(Dataset))


def dataset(reference: DatasetReference) -> Request[Dataset]:
    return Request(operation("dataset", "get", dataset=dataset_argument(reference)), one(Dataset))


def create_dataset(name: str) -> Request[Dataset]:
    return Request(operation("dataset", "create", name=name), one(Dataset))


def delete_dataset(reference: DatasetReference) -> Request[None]:
    return Request(operation("dataset", "delete", dataset=dataset_argument(reference)), nothing)


def versions(reference: DatasetReference) -> Request[list[Version]]:
    return Request(operation("dataset", "versions", dataset=dataset_argument(reference)), many(Version))


def version(reference: DatasetReference, number: int | None) -> Request[Version]:
    return Request(operation("dataset", "version", dataset=dataset_argument(reference), version=number), one(Version))


def restore(reference: DatasetReference, number: int, replaces: int | None) -> Request[Version]:
    arguments = {"dataset": dataset_argument(reference), "version": number, "replaces": replaces}
    return Request(operation("dataset", "restore", **arguments), one(Version))


def diff(reference: DatasetReference, start: int, end: int | None) -> Request[SchemaDiff]:
    arguments = {"dataset": dataset_argument(reference), "start": start, "end": end}
    return Request(operation("dataset", "diff", **arguments), one(SchemaDiff))


def jobs(reference: DatasetReference, status: JobStatus | None) -> Request[list[Job]]:
    return Request(operation("dataset", "jobs", dataset=dataset_argument(reference), status=status), many(Job))


def job(reference: JobReference) -> Request[Job]:
    return Request(operation("job", "get", job=job_argument(reference)), one(Job))


def wait(reference: JobReference) -> Request[Job]:
    return Request(operation("job", "wait", job=job_argument(reference)), one(Job))


def cancel(reference: JobReference) -> Request[Job]:
    return Request(operation("job", "cancel", job=job_argument(reference)), one(Job))


def preview(reference: JobReference) -> Request[Preview]:
    return Request(operation("job", "preview", job=job_argument(reference)), one(Preview))


def inspect(reference: JobReference, read_options: ReadOptions | None) -> Request[Preview]:
    arguments = {"job": job_argument(reference), "read_options": _read_options(read_options)}
    return Request(operation("job", "inspect", **arguments), one(Preview))


def commit(
    reference: JobReference, accept: Iterable[Acceptance], force: bool, replaces: int | None
) -> Request[Version]:
    arguments = {"job": job_argument(reference), "accept": texts(accept), "force": force, "replaces": replaces}
    return Request(operation("job", "commit", **arguments), one(Version))


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
    upload = operation(
        "transfer",
        "push",
        dataset=dataset_argument(reference),
        create=create,
        filename=filename,
        content_type=content_type,
        commit=commit,
        accept=texts(accept),
        force=force,
        replaces=replaces,
        read_options=_read_options(read_options),
        concurrency=concurrency,
        resume=resume,
    )
    data = bytes(content) if isinstance(content, bytearray | memoryview) else content
    return Request(upload, one(PushResult), data, on_progress)


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

    arguments = {"dataset": dataset_argument(reference), "version": version, "replace": replace, "verify": verify}
    return Request(operation("transfer", "pull", **arguments), result, path, on_progress)


def read(
    reference: DatasetReference,
    *,
    version: int | None,
    verify: bool,
    on_progress: Callable[[DownloadProgress], object] | None,
) -> Request[bytes]:
    arguments = {"dataset": dataset_argument(reference), "version": version, "replace": False, "verify": verify}
    return Request(operation("transfer", "read", **arguments), lambda content: content, None, on_progress)


def operation(noun: str, verb: str, **arguments: object) -> str:
    """An operation of the native module."""
    return json.dumps({noun: {verb: arguments}})


def one(kind: type[T]) -> Callable[[bytes], T]:
    """Reads a result."""
    return lambda document: decode(kind, json.loads(document))


def many(kind: type[T]) -> Callable[[bytes], list[T]]:
    """Reads a list of results."""
    return lambda document: [decode(kind, item) for item in json.loads(document)]


def nothing(_: bytes) -> None:
    """Reads the result of an operation that has none."""


def dataset_argument(reference: DatasetReference) -> str:
    """The name or the id of a dataset."""
    return str(reference.id if isinstance(reference, Dataset) else reference)


def job_argument(reference: JobReference) -> str:
    """The id of a job."""
    if isinstance(reference, PushResult):
        reference = reference.job
    return str(reference.id if isinstance(reference, Job) else reference)


def texts(values: Iterable[str]) -> list[str]:
    """Several texts, or one: a string is an iterable of its characters."""
    return [values] if isinstance(values, str) else list(values)


def _read_options(options: ReadOptions | None) -> dict[str, Any] | None:
    if options is None:
        return None
    return {name: value for name, value in dataclasses.asdict(options).items() if value is not None}
