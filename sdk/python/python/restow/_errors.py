"""The exceptions of the package."""

import json
from typing import Any
from uuid import UUID

from ._decode import decode
from ._types.diff import Change
from ._types.error import ErrorDetail
from ._types.inspection import Finding, Preview


class RestowError(Exception):
    """A request that failed. The classes below it say how; `type` is the machine code, where there is one."""

    type: str | None = None
    """Machine code of the API, such as `version_conflict`."""
    status: int | None = None
    """Status of the response; None if there was none."""
    errors: tuple[ErrorDetail, ...] = ()
    """Every error that the API found in the request."""
    retry_after: float | None = None
    """Seconds after which the server asks to try again."""
    is_transient: bool = False
    """Whether the same call may succeed later. It was already retried."""


class ValidationError(RestowError, ValueError):
    """An argument is invalid: `errors` has each one that the API refused."""


class Unauthorized(RestowError):
    """There is no token, or it is unknown, expired or revoked."""


class Forbidden(RestowError):
    """The token lacks a scope, or its principal a role on the dataset."""


class NotFound(RestowError, LookupError):
    """What the call names does not exist, or belongs to another principal: a dataset, version, job, token or webhook."""


class Conflict(RestowError):
    """The state of the dataset or the job does not admit this: see `type`, such as `name_taken` or `invalid_state`."""


class VersionConflict(Conflict):
    """The current version of the dataset is not the one to be replaced. Nothing was committed."""

    expected: int | None = None
    """The version to be replaced; None if the dataset was to have none."""
    current: int | None = None
    """The current version of the dataset; None if it has none."""


class BreakingChange(Conflict):
    """The changes of the content break readers, or the policy of the dataset refuses them. Nothing was committed.

    The job is kept: `client.commit(error.job_id, accept=...)` commits it nevertheless, `client.cancel(error.job_id)`
    discards it.
    """

    changes: tuple[Change, ...] = ()
    """The refused changes; empty if the columns of the content are not known."""
    job_id: UUID | None = None
    """The job, if this was raised by `push`."""
    preview: Preview | None = None
    """Result of the inspection, if this was raised by `push`."""


class Rejected(RestowError):
    """The content was uploaded, and cannot be read as it stands.

    The job is kept: `client.inspect(error.job_id, read_options)` reads it in another way, without another upload.
    """

    job_id: UUID | None = None
    """The job."""
    preview: Preview | None = None
    """What could be read."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the content, with the lines of the file."""
        return self.preview.findings if self.preview else ()


class JobFailed(RestowError):
    """The job ended without a version: it was cancelled, it expired, or its object is lost."""


class TooLarge(RestowError):
    """The content is larger than the server or the quota permits."""


class TooManyRequests(RestowError):
    """Too many requests, open jobs, or open streams of events."""


class Unavailable(RestowError):
    """The server or S3 is unreachable or overloaded, also after the last retry. A later `push` resumes the upload."""


class UnexpectedResponse(RestowError):
    """A response that is not that of a Restow server: check the endpoint."""


class StorageError(RestowError):
    """S3 refused an upload or a download: check the clock, and the permissions of the server."""


class SourceChanged(RestowError):
    """The file changed while it was uploaded."""


class Corrupted(RestowError):
    """The data was changed between this machine and S3."""


CLASSES = {
    kind.__name__: kind
    for kind in (
        RestowError,
        ValidationError,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        VersionConflict,
        BreakingChange,
        Rejected,
        JobFailed,
        TooLarge,
        TooManyRequests,
        Unavailable,
        UnexpectedResponse,
        StorageError,
        SourceChanged,
        Corrupted,
    )
}


def error_of(document: str) -> RestowError | OSError:
    """The exception that the native module describes as JSON."""
    attributes: dict[str, Any] = json.loads(document)
    message, local = attributes.pop("message"), attributes.pop("local", None)
    kind = CLASSES.get(attributes.pop("class"), RestowError)
    if local is not None:
        # Python selects the class, such as FileNotFoundError.
        return OSError(local["errno"], local["strerror"], local["path"])
    for name, item in (("errors", ErrorDetail), ("changes", Change)):
        attributes[name] = tuple(decode(item, value) for value in attributes.get(name) or ())
    if "preview" in attributes:
        attributes["preview"] = decode(Preview, attributes["preview"])
    if "job_id" in attributes:
        attributes["job_id"] = UUID(attributes["job_id"])
    error = kind(message)
    for name, value in attributes.items():
        if hasattr(kind, name):
            setattr(error, name, value)
    if isinstance(error, VersionConflict) and error.errors:
        context = error.errors[0].ctx
        error.expected, error.current = context.get("replaces"), context.get("current_version")
    return error
