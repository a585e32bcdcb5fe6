"""The main workflow with openapi-python-client: a dataset, an upload of several parts, a version.

Usage: python_client.py URL_OF_THE_API TOKEN
"""

import sys
import time
from typing import TypeVar
from uuid import UUID

import httpx
from restow_client import AuthenticatedClient
from restow_client.api.datasets import create_dataset, get_dataset
from restow_client.api.jobs import commit_job, get_job, get_preview, list_parts
from restow_client.api.reupload import complete_presigned_reupload, request_presigned_reupload
from restow_client.api.versions import download_dataset
from restow_client.models import (
    ColumnType,
    CommitJobRequest,
    CompletedPart,
    CompleteUploadRequest,
    DatasetNameRequest,
    HTTPValidationError,
    Job,
    PresignedUploadRequest,
    Status,
)

T = TypeVar("T")

ROWS = 700_000
HEADER = "number,half\n"


def succeeded(answer: T | HTTPValidationError | None) -> T:
    assert answer is not None, "a status that the document does not have"
    assert not isinstance(answer, HTTPValidationError), answer.to_dict()
    return answer


def wait_until_ready(client: AuthenticatedClient, job_id: UUID) -> Job:
    deadline = time.monotonic() + 120
    while True:
        # A 304 has no body, which the generator types as `Any`.
        job: Job = succeeded(get_job.sync(job_id, client=client))
        if job.status is Status.READY:
            return job
        assert job.status in (Status.COMPLETING, Status.INSPECTING), job.to_dict()
        assert time.monotonic() < deadline, job.to_dict()
        time.sleep(0.1)


def replace_data(client: AuthenticatedClient, content: bytes) -> None:
    dataset = succeeded(create_dataset.sync(client=client, body=DatasetNameRequest(name="by Python")))
    asked = PresignedUploadRequest(filename="numbers.csv", file_size=len(content), content_type="text/csv")
    begun = succeeded(request_presigned_reupload.sync(dataset.id, client=client, body=asked))
    assert isinstance(begun.part_size, int) and len(begun.urls) == 3, begun.to_dict()

    parts = []
    for index, url in enumerate(begun.urls):
        put = httpx.put(url, content=content[index * begun.part_size : (index + 1) * begun.part_size], timeout=60)
        put.raise_for_status()
        parts.append(CompletedPart(etag=put.headers["etag"], part_number=index + 1))
    held = succeeded(list_parts.sync(begun.job_id, client=client))
    assert [part.part_number for part in held.items] == [1, 2, 3], held.to_dict()

    body = CompleteUploadRequest(parts=parts)
    succeeded(complete_presigned_reupload.sync(dataset.id, begun.job_id, client=client, body=body))
    job = wait_until_ready(client, begun.job_id)
    assert job.file_size == len(content)
    preview = succeeded(get_preview.sync(begun.job_id, client=client))
    assert preview.row_count == ROWS, preview.row_count
    columns = [(column.name, column.type_) for column in preview.columns]
    assert columns == [("number", ColumnType.INTEGER), ("half", ColumnType.FLOAT)], columns

    version = succeeded(commit_job.sync(begun.job_id, client=client, body=CommitJobRequest()))
    assert succeeded(get_dataset.sync(dataset.id, client=client)).current_version == version.version == 1
    download = succeeded(download_dataset.sync(dataset.id, client=client))
    assert httpx.get(download.url, timeout=60).content == content, "other bytes came back"


def read_errors(client: AuthenticatedClient) -> None:
    invalid = create_dataset.sync_detailed(client=client, body=DatasetNameRequest(name=""))
    assert invalid.status_code == 422 and isinstance(invalid.parsed, HTTPValidationError), invalid
    (fault,) = invalid.parsed.detail or []
    assert (fault.type_, fault.loc) == ("string_too_short", ["body", "name"]), fault

    missing = get_job.sync_detailed(UUID(int=0), client=client)
    assert missing.status_code == 404 and isinstance(missing.parsed, HTTPValidationError), missing
    assert [fault.type_ for fault in missing.parsed.detail or []] == ["not_found"], missing

    stranger = AuthenticatedClient(base_url=client._base_url, token="nobody")
    refused = get_job.sync_detailed(UUID(int=0), client=stranger)
    assert refused.status_code == 401 and isinstance(refused.parsed, HTTPValidationError), refused


def main(url: str, token: str) -> None:
    client = AuthenticatedClient(base_url=url, token=token, raise_on_unexpected_status=True, timeout=httpx.Timeout(60))
    rows = "".join(f"{1_000_000 + number},{number / 2}\n" for number in range(ROWS))
    replace_data(client, (HEADER + rows).encode())
    read_errors(client)
    print("openapi-python-client: three parts up, one version, the same bytes down; errors decoded")


if __name__ == "__main__":
    main(*sys.argv[1:])
