"""The client whose calls block."""

from collections.abc import Callable, Iterable

from . import _request
from ._calls import connect
from ._events import EventCalls
from ._grants import GrantCalls
from ._request import Content, DatasetReference, JobReference, StrPath
from ._tokens import TokenCalls
from ._trust_rules import TrustRuleCalls
from ._types.dataset import Dataset
from ._types.diff import Acceptance, SchemaDiff
from ._types.inspection import Preview, ReadOptions
from ._types.job import Job, JobStatus
from ._types.transfer import Commit, DownloadProgress, PullResult, PushResult, UploadProgress
from ._types.version import Version
from ._webhooks import WebhookCalls


class Client(TokenCalls, GrantCalls, TrustRuleCalls, EventCalls, WebhookCalls):
    """A client of one Restow server, which may be used by several threads, and after a fork.

    Calls release the GIL, and Ctrl-C interrupts them. A dataset is given by its name, its id, or a `Dataset`; a job by
    its id, a `Job`, or the result of a push. Every call may raise `Unauthorized` if the server refuses the token, `Forbidden`
    if the token lacks a scope or its principal a role on the dataset, `NotFound` if there is no such dataset or job, and
    `Unavailable` if the server cannot be reached.
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
        """Makes a client; nothing is sent yet.

        Args:
            endpoint: URL of the server; by default `RESTOW_ENDPOINT`, or that of `restow login`.
            token: Token of the principal; by default `RESTOW_TOKEN`, or that of `restow login` for this server.
            retries: Maximum number of retries of a transfer after transient errors; other requests have at most 3.
            connect_timeout: Seconds for connecting.
            request_timeout: Seconds for a response of the server.
            stall_timeout: Seconds for a transfer in which no byte moves.
            ca_file: File of certification authorities to trust besides the system's; by default that of `restow login`.

        Raises:
            Unauthorized: There are no credentials, or the token is no valid text.
            ValidationError: The endpoint, a timeout, or the file of authorities is invalid.
        """
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
        return f"Client({self.endpoint!r})"

    def datasets(self) -> list[Dataset]:
        """Returns all datasets of the token's principal, oldest first."""
        return self._run(_request.datasets())

    def dataset(self, dataset: DatasetReference) -> Dataset:
        """Returns the dataset with this name or id.

        Raises `NotFound` if there is none.
        """
        return self._run(_request.dataset(dataset))

    def create_dataset(self, name: str) -> Dataset:
        """Creates a dataset without versions.

        Raises `Conflict` with the type `name_taken` if there is one of this name.
        """
        return self._run(_request.create_dataset(name))

    def delete_dataset(self, dataset: DatasetReference) -> None:
        """Deletes a dataset and all its versions.

        `restow dataset undelete` undoes it while the versions are kept.
        """
        return self._run(_request.delete_dataset(dataset))

    def push(
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
        """Uploads content, waits for its inspection, and commits it as the next version.

        An upload that was interrupted, also by Ctrl-C or a reboot, is resumed by the same call: only what S3 does not
        have yet is sent.

        Args:
            dataset: Name or id.
            content: Path of a file (`str` or `os.PathLike`), or `bytes`, `bytearray` or `memoryview`.
            create: Whether to create the dataset if it does not exist.
            filename: Filename of the version, whose extension says what it is; needed for bytes. By default the last
                component of the path.
            content_type: MIME type; by default that of the extension.
            commit: `"if_compatible"` if the changes break no reader of the dataset, `"always"`, or `"never"`, which
                leaves the job to `Client.commit`, unless the policy of the dataset commits it.
            accept: Kinds of changes to commit even if they break readers, or the policy of the dataset refuses them.
            force: Whether content with the bytes of the current version becomes a new version.
            replaces: Number of the version that must be current, 0 if there must be none; by default the one that is
                current when the job begins.
            read_options: How to read the content; by default it is detected.
            concurrency: Maximum number of parallel part uploads, 8 by default.
            resume: Whether to resume an earlier upload of the file.
            on_progress: Called with the progress about ten times a second, and at the end. An exception of it
                stops the upload.

        Raises:
            BreakingChange: The changes are refused. The job is kept, to be committed or cancelled.
            Rejected: The content cannot be read as it stands. The job is kept, to be inspected in another way.
            VersionConflict: Another version is current than the one to be replaced.
            Unavailable: The server or S3 cannot be reached, also after the last retry.
            OSError: The file cannot be read.
        """
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
        return self._run(request)

    def pull(
        self,
        dataset: DatasetReference,
        path: StrPath,
        *,
        version: int | None = None,
        replace: bool = True,
        verify: bool = True,
        on_progress: Callable[[DownloadProgress], object] | None = None,
    ) -> PullResult:
        """Downloads a version to a file.

        The data is first written to a file with `.partial` appended, which the same call resumes after a failure, and takes
        its name when it is complete and verified.

        Args:
            dataset: Name or id.
            path: The file.
            version: Number of the version; by default the current one.
            replace: Whether to replace the file if it exists; otherwise `FileExistsError` is raised.
            verify: Whether to verify the data by its MD5s, where the store has them.
            on_progress: Called with the progress about ten times a second, and at the end. An exception of it stops the
                download.

        Raises:
            NotFound: There is no such dataset or version.
            Corrupted: The data was changed on its way.
            OSError: The file cannot be written.
        """
        request = _request.pull(
            dataset,
            path,
            version=version,
            replace=replace,
            verify=verify,
            on_progress=on_progress,
        )
        return self._run(request)

    def read(
        self,
        dataset: DatasetReference,
        *,
        version: int | None = None,
        verify: bool = True,
        on_progress: Callable[[DownloadProgress], object] | None = None,
    ) -> bytes:
        """Returns the bytes of a version, which must fit into memory. See `pull`."""
        request = _request.read(
            dataset,
            version=version,
            verify=verify,
            on_progress=on_progress,
        )
        return self._run(request)

    def versions(self, dataset: DatasetReference) -> list[Version]:
        """Returns the versions of a dataset, newest first."""
        return self._run(_request.versions(dataset))

    def version(self, dataset: DatasetReference, version: int | None = None) -> Version:
        """Returns one version, by default the current one.

        Raises `NotFound` if there is none.
        """
        return self._run(_request.version(dataset, version))

    def restore(self, dataset: DatasetReference, version: int, *, replaces: int | None = None) -> Version:
        """Makes an earlier version the current one; `replaces` is the version that must be current."""
        return self._run(_request.restore(dataset, version, replaces))

    def diff(self, dataset: DatasetReference, start: int, end: int | None = None) -> SchemaDiff:
        """Returns what differs for readers of the version `start` in the version `end`, by default the current one."""
        return self._run(_request.diff(dataset, start, end))

    def jobs(self, dataset: DatasetReference, *, status: JobStatus | None = None) -> list[Job]:
        """Returns the jobs of a dataset, newest first."""
        return self._run(_request.jobs(dataset, status))

    def job(self, job: JobReference) -> Job:
        """Returns a job."""
        return self._run(_request.job(job))

    def wait(self, job: JobReference) -> Job:
        """Waits until a job is `ready` or `committed`.

        Raises `Rejected` if its content cannot be read, and `JobFailed` if it ended without a version.
        """
        return self._run(_request.wait(job))

    def preview(self, job: JobReference) -> Preview:
        """Returns the result of the inspection of a job: columns, rows, findings, and changes."""
        return self._run(_request.preview(job))

    def inspect(self, job: JobReference, read_options: ReadOptions | None = None) -> Preview:
        """Inspects the content of a ready or rejected job again, in another way, and waits for the result.

        Raises `Rejected` if the content cannot be read this way either.
        """
        return self._run(_request.inspect(job, read_options))

    def commit(
        self,
        job: JobReference,
        *,
        accept: Iterable[Acceptance] = (),
        force: bool = False,
        replaces: int | None = None,
    ) -> Version:
        """Makes the content of an inspected job the current version. The arguments are those of `push`.

        Raises `BreakingChange` if changes are refused, and `VersionConflict` if another version is current.
        """
        return self._run(_request.commit(job, accept, force, replaces))

    def cancel(self, job: JobReference) -> Job:
        """Cancels a job, and discards what was uploaded."""
        return self._run(_request.cancel(job))
