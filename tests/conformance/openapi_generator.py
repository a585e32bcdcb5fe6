"""The main workflow with openapi-generator's Python client: a dataset, an upload of several parts, a version.

Usage: openapi_generator.py URL_OF_THE_API TOKEN
"""

import sys
import time
from uuid import UUID

import requests
from restow_openapi import (
    ApiClient,
    CommitJobRequest,
    CompleteUploadRequest,
    Configuration,
    DatasetNameRequest,
    DatasetsApi,
    HTTPValidationError,
    Job,
    JobsApi,
    JobStatus,
    PresignedUploadRequest,
    ReuploadApi,
    VersionsApi,
)
from restow_openapi.exceptions import NotFoundException, UnprocessableEntityException

ROWS = 700_000
HEADER = "number,half\n"


def wait_until_ready(client: ApiClient, job_id: UUID) -> Job:
    deadline = time.monotonic() + 120
    while True:
        job = JobsApi(client).get_job(job_id)
        if job.status == JobStatus.READY:
            return job
        assert job.status in (JobStatus.COMPLETING, JobStatus.INSPECTING), job
        assert time.monotonic() < deadline, job
        time.sleep(0.1)


def replace_data(client: ApiClient, content: bytes) -> None:
    dataset = DatasetsApi(client).create_dataset(DatasetNameRequest(name="by openapi-generator"))
    asked = PresignedUploadRequest(filename="numbers.csv", file_size=len(content))
    begun = ReuploadApi(client).request_presigned_reupload(dataset.id, asked)
    assert begun.part_size is not None and len(begun.urls) == 3, begun
    for index, url in enumerate(begun.urls):
        part = content[index * begun.part_size : (index + 1) * begun.part_size]
        requests.put(url, data=part, timeout=60).raise_for_status()
    held = JobsApi(client).list_parts(begun.job_id)
    assert [part.part_number for part in held.items] == [1, 2, 3], held

    ReuploadApi(client).complete_presigned_reupload(dataset.id, begun.job_id, CompleteUploadRequest())
    assert wait_until_ready(client, begun.job_id).file_size == len(content)
    preview = JobsApi(client).get_preview(begun.job_id)
    assert preview.row_count == ROWS, preview.row_count
    assert [column.name for column in preview.columns] == ["number", "half"], preview.columns

    version = JobsApi(client).commit_job(begun.job_id, CommitJobRequest())
    current = DatasetsApi(client).get_dataset(dataset.id).current_version
    assert current == version.version == 1, current
    download = VersionsApi(client).download_dataset(dataset.id)
    assert requests.get(download.url, timeout=60).content == content, "other bytes came back"


def read_errors(client: ApiClient) -> None:
    try:
        DatasetsApi(client).create_dataset(DatasetNameRequest.model_construct(name=""))
        raise AssertionError("an empty name was accepted")
    except UnprocessableEntityException as error:
        assert isinstance(error.data, HTTPValidationError), error
        (fault,) = error.data.detail or []
        assert fault.type == "string_too_short", fault
    try:
        JobsApi(client).get_job(UUID(int=0))
        raise AssertionError("a job without an id was found")
    except NotFoundException as error:
        assert isinstance(error.data, HTTPValidationError), error
        assert [fault.type for fault in error.data.detail or []] == ["not_found"], error


def main(url: str, token: str) -> None:
    rows = "".join(f"{1_000_000 + number},{number / 2}\n" for number in range(ROWS))
    with ApiClient(Configuration(host=url, access_token=token)) as client:
        replace_data(client, (HEADER + rows).encode())
        read_errors(client)
    print("openapi-generator (Python): three parts up, one version, the same bytes down; errors decoded")


if __name__ == "__main__":
    main(*sys.argv[1:])
