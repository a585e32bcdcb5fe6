"""Client of Restow: replace the data of a dataset by uploading straight to S3.

>>> import restow
>>> client = restow.Client("https://restow.example", token)
>>> pushed = client.push("weather", "weather.parquet", create=True)
>>> pushed.version.row_count
1461
>>> client.pull("weather", "latest.parquet").path
PosixPath('latest.parquet')

`Client` blocks, `AsyncClient` has the same methods as coroutines of asyncio. Both release the GIL while they work.
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
from ._types import (
    Acceptance,
    Change,
    ChangeKind,
    Column,
    ColumnType,
    Commit,
    Dataset,
    Difference,
    DistinctCount,
    DownloadProgress,
    ErrorDetail,
    Finding,
    Histogram,
    Job,
    JobError,
    JobProgress,
    JobStatus,
    Policy,
    PolicyAction,
    Preview,
    PullResult,
    PushResult,
    ReadOptions,
    SchemaDiff,
    TopValue,
    UploadProgress,
    Version,
)

__all__ = [
    "Acceptance",
    "AsyncClient",
    "BreakingChange",
    "Change",
    "ChangeKind",
    "Client",
    "Column",
    "ColumnType",
    "Commit",
    "Conflict",
    "Corrupted",
    "Dataset",
    "Difference",
    "DistinctCount",
    "DownloadProgress",
    "ErrorDetail",
    "Finding",
    "Forbidden",
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
    "SchemaDiff",
    "SourceChanged",
    "StorageError",
    "TooLarge",
    "TooManyRequests",
    "TopValue",
    "Unauthorized",
    "Unavailable",
    "UnexpectedResponse",
    "UploadProgress",
    "ValidationError",
    "Version",
    "VersionConflict",
]
