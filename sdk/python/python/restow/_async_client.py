"""The client whose calls are coroutines."""

from collections.abc import Callable, Iterable

from . import _request
from ._calls import connect
from ._events import AsyncEventCalls
from ._grants import AsyncGrantCalls
from ._request import Content, DatasetReference, JobReference, StrPath
from ._tokens import AsyncTokenCalls
from ._trust_rules import AsyncTrustRuleCalls
from ._types.dataset import Dataset
from ._types.diff import Acceptance, SchemaDiff
from ._types.inspection import Preview, ReadOptions
from ._types.job import Job, JobStatus
from ._types.transfer import Commit, DownloadProgress, PullResult, PushResult, UploadProgress
from ._types.version import Version
from ._webhooks import AsyncWebhookCalls


class AsyncClient(AsyncTokenCalls, AsyncGrantCalls, AsyncTrustRuleCalls, AsyncEventCalls, AsyncWebhookCalls):
    """A client of one Restow server for asyncio, with the methods of `Client`.

    The work is done by threads of the native module, so that nothing blocks the event loop. Callbacks are called in the
    event loop. Cancelling a call stops it; an upload is resumed by the same call.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        token: str | None = None,
        *,
        retries: int = 10,
        connect_timeout: float = 10.0,
        request_timeout: float = 60.0,
        stall_timeout: float = 60.0,
        ca_file: StrPath | None = None,
    ) -> None:
        """Makes a client, with the arguments of `Client`; nothing is sent yet."""
        self._native = connect(
            endpoint,
            token,
            retries=retries,
            connect_timeout=connect_timeout,
            request_timeout=request_timeout,
            stall_timeout=stall_timeout,
            ca_file=ca_file,
        )

    @property
    def endpoint(self) -> str:
        """Base URL of the API."""
        return self._native.endpoint

    def __repr__(self) -> str:
        return f"AsyncClient({self.endpoint!r})"

    async def datasets(self) -> list[Dataset]:
        """Like `Client.datasets`."""
        return await self._run(_request.datasets())

    async def dataset(self, dataset: DatasetReference) -> Dataset:
        """Like `Client.dataset`."""
        return await self._run(_request.dataset(dataset))

    async def create_dataset(self, name: str) -> Dataset:
        """Like `Client.create_dataset`."""
        return await self._run(_request.create_dataset(name))

    async def delete_dataset(self, dataset: DatasetReference) -> None:
        """Like `Client.delete_dataset`."""
        return await self._run(_request.delete_dataset(dataset))

    async def push(
        self,
        dataset: DatasetReference,
        content: Content,
        *,
        create: bool = False,
        filename: str | None = None,
        content_type: str | None = None,
        commit: Commit = "if_compatible",
        accept: Iterable[Acceptance] = (),
        force: bool = False,
        replaces: int | None = None,
        read_options: ReadOptions | None = None,
        concurrency: int | None = None,
        resume: bool = True,
        on_progress: Callable[[UploadProgress], object] | None = None,
    ) -> PushResult:
        """Like `Client.push`."""
        request = _request.push(
            dataset,
            content,
            create=create,
            filename=filename,
            content_type=content_type,
            commit=commit,
            accept=accept,
            force=force,
            replaces=replaces,
            read_options=read_options,
            concurrency=concurrency,
            resume=resume,
            on_progress=on_progress,
        )
        return await self._run(request)

    async def pull(
        self,
        dataset: DatasetReference,
        path: StrPath,
        *,
        version: int | None = None,
        replace: bool = True,
        verify: bool = True,
        on_progress: Callable[[DownloadProgress], object] | None = None,
    ) -> PullResult:
        """Like `Client.pull`."""
        request = _request.pull(
            dataset,
            path,
            version=version,
            replace=replace,
            verify=verify,
            on_progress=on_progress,
        )
        return await self._run(request)

    async def read(
        self,
        dataset: DatasetReference,
        *,
        version: int | None = None,
        verify: bool = True,
        on_progress: Callable[[DownloadProgress], object] | None = None,
    ) -> bytes:
        """Like `Client.read`."""
        request = _request.read(
            dataset,
            version=version,
            verify=verify,
            on_progress=on_progress,
        )
        return await self._run(request)

    async def versions(self, dataset: DatasetReference) -> list[Version]:
        """Like `Client.versions`."""
        return await self._run(_request.versions(dataset))

    async def version(self, dataset: DatasetReference, version: int | None = None) -> Version:
        """Like `Client.version`."""
        return await self._run(_request.version(dataset, version))

    async def restore(self, dataset: DatasetReference, version: int, *, replaces: int | None = None) -> Version:
        """Like `Client.restore`."""
        return await self._run(_request.restore(dataset, version, replaces))

    async def diff(self, dataset: DatasetReference, start: int, end: int | None = None) -> SchemaDiff:
        """Like `Client.diff`."""
        return await self._run(_request.diff(dataset, start, end))

    async def jobs(self, dataset: DatasetReference, *, status: JobStatus | None = None) -> list[Job]:
        """Like `Client.jobs`."""
        return await self._run(_request.jobs(dataset, status))

    async def job(self, job: JobReference) -> Job:
        """Like `Client.job`."""
        return await self._run(_request.job(job))

    async def wait(self, job: JobReference) -> Job:
        """Like `Client.wait`."""
        return await self._run(_request.wait(job))

    async def preview(self, job: JobReference) -> Preview:
        """Like `Client.preview`."""
        return await self._run(_request.preview(job))

    async def inspect(self, job: JobReference, read_options: ReadOptions | None = None) -> Preview:
        """Like `Client.inspect`."""
        return await self._run(_request.inspect(job, read_options))

    async def commit(
        self,
        job: JobReference,
        *,
        accept: Iterable[Acceptance] = (),
        force: bool = False,
        replaces: int | None = None,
    ) -> Version:
        """Like `Client.commit`."""
        return await self._run(_request.commit(job, accept, force, replaces))

    async def cancel(self, job: JobReference) -> Job:
        """Like `Client.cancel`."""
        return await self._run(_request.cancel(job))
