"""Client of Restow: replace the data of a dataset by uploading straight to S3.

>>> import restow
>>> client = restow.Client("https://restow.example", token)
>>> pushed = client.push("weather", "weather.parquet", create=True)
>>> pushed.version.row_count
1461
>>> client.pull("weather", "latest.parquet").path
PosixPath('latest.parquet')

`Client` blocks, `AsyncClient` has the same methods as coroutines of asyncio. Both release the GIL while they work.
`Client.follow` is an iterator over what happens to a dataset.
Results are immutable objects with attributes; times are aware `datetime`s in UTC. A request that fails raises a
`RestowError`, a local file that cannot be used an `OSError`. Events such as a resumed upload are logged by the logger
`restow`.
"""

from ._async_client import AsyncClient
from ._client import Client
from ._errors import (
    BreakingChange,
    Conflict,
    Corrupted,
    Forbidden,
    JobFailed,
    NotFound,
    Rejected,
    RestowError,
    SourceChanged,
    StorageError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UnexpectedResponse,
    ValidationError,
    VersionConflict,
)
from ._event_stream import AsyncEventStream, EventStream
from ._types.dataset import Dataset, Policy, PolicyAction
from ._types.diff import Acceptance, Change, ChangeKind, Difference, SchemaDiff
from ._types.error import ErrorDetail
from ._types.event import Event, EventActor, EventOutcome
from ._types.grant import Grant, Role
from ._types.inspection import Column, ColumnType, DistinctCount, Finding, Histogram, Preview, ReadOptions, TopValue
from ._types.job import Job, JobError, JobProgress, JobStatus
from ._types.token import Caller, CreatedToken, Scope, Token
from ._types.transfer import Commit, DownloadProgress, PullResult, PushResult, UploadProgress
from ._types.trust import TrustRule
from ._types.version import Version
from ._types.webhook import Delivery, DeliveryStatus, Webhook, WebhookEventType, WebhookSecret

__all__ = [
    "Acceptance",
    "AsyncClient",
    "AsyncEventStream",
    "BreakingChange",
    "Caller",
    "Change",
    "ChangeKind",
    "Client",
    "Column",
    "ColumnType",
    "Commit",
    "Conflict",
    "Corrupted",
    "CreatedToken",
    "Dataset",
    "Delivery",
    "DeliveryStatus",
    "Difference",
    "DistinctCount",
    "DownloadProgress",
    "ErrorDetail",
    "Event",
    "EventActor",
    "EventOutcome",
    "EventStream",
    "Finding",
    "Forbidden",
    "Grant",
    "Histogram",
    "Job",
    "JobError",
    "JobFailed",
    "JobProgress",
    "JobStatus",
    "NotFound",
    "Policy",
    "PolicyAction",
    "Preview",
    "PullResult",
    "PushResult",
    "ReadOptions",
    "Rejected",
    "RestowError",
    "Role",
    "SchemaDiff",
    "Scope",
    "SourceChanged",
    "StorageError",
    "Token",
    "TooLarge",
    "TooManyRequests",
    "TopValue",
    "TrustRule",
    "Unauthorized",
    "Unavailable",
    "UnexpectedResponse",
    "UploadProgress",
    "ValidationError",
    "Version",
    "VersionConflict",
    "Webhook",
    "WebhookEventType",
    "WebhookSecret",
]
