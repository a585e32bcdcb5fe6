"""The published operation as a FastAPI service would have it: boto3 signs, asyncpg keeps the jobs.

With PEER_CREATES=1, every request creates a multipart upload, as Restow's do; without, a single part is a presigned
PutObject and needs nothing from S3. PEER_S3_CLIENT names what sends requests to S3: boto3 in a pool of threads, or aiobotocore.
"""

import asyncio
import hashlib
import math
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
import boto3
from aiobotocore.session import get_session
from botocore.config import Config
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

BUCKET = os.environ["PEER_S3_BUCKET"]
ENDPOINT = os.environ["PEER_S3_ENDPOINT"]
CREATES = os.environ.get("PEER_CREATES") == "1"
ASYNCHRONOUS = os.environ.get("PEER_S3_CLIENT") == "aiobotocore"
PART_SIZE = 16 * 1024 * 1024
SINGLE_PART_LIMIT = 64 * 1024 * 1024
EXPIRES = 3600
CONNECTIONS = 16


class PresignedReuploadRequest(BaseModel):
    filename: str = Field(min_length=1, max_length=512)
    file_size: int = Field(ge=1)
    content_type: str = "application/octet-stream"


class PresignedUploadResponse(BaseModel):
    job_id: UUID
    urls: list[str]
    s3_key: str
    upload_id: str | None
    part_size: int | None


class CompletedPart(BaseModel):
    etag: str
    part_number: int = Field(ge=1, le=10_000)


class CompleteRequest(BaseModel):
    parts: list[CompletedPart]


class UploadResponse(BaseModel):
    job_id: UUID
    status: str
    message: str


class Dataset(BaseModel):
    id: UUID
    name: str
    current_version: int | None
    created_at: datetime
    updated_at: datetime


def configuration():
    return dict(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        max_pool_connections=CONNECTIONS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@asynccontextmanager
async def lifespan(app):
    app.pool = await asyncpg.create_pool(
        os.environ["PEER_DATABASE_URL"], min_size=8, max_size=8
    )
    app.threads = ThreadPoolExecutor(CONNECTIONS)
    app.signer = boto3.client(
        "s3", endpoint_url=ENDPOINT, config=Config(**configuration())
    )
    if not ASYNCHRONOUS:
        yield
        return
    from aiobotocore.config import AioConfig

    client = get_session().create_client(
        "s3", endpoint_url=ENDPOINT, config=AioConfig(**configuration())
    )
    async with client as app.s3:
        yield


app = FastAPI(lifespan=lifespan)
bearer = HTTPBearer()


async def send(operation, **parameters):
    if ASYNCHRONOUS:
        return await getattr(app.s3, operation)(Bucket=BUCKET, **parameters)
    request = getattr(app.signer, operation)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        app.threads, lambda: request(Bucket=BUCKET, **parameters)
    )


async def principal(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> UUID:
    token = hashlib.sha256(credentials.credentials.encode()).digest()
    found = await app.pool.fetchval(
        "SELECT principal_id FROM tokens WHERE hash = $1", token
    )
    if found is None:
        raise HTTPException(401, "invalid token")
    return found


Principal = Annotated[UUID, Depends(principal)]


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}


async def find_dataset(dataset_id, owner):
    found = await app.pool.fetchrow(
        "SELECT id, name, current_version, created_at, updated_at FROM datasets WHERE id = $1 AND principal_id = $2",
        dataset_id,
        owner,
    )
    if found is None:
        raise HTTPException(404, "no such dataset")
    return found


@app.get("/api/datasets/{dataset_id}")
async def get_dataset(dataset_id: UUID, owner: Principal) -> Dataset:
    return Dataset(**await find_dataset(dataset_id, owner))


def sign_parts(key, upload_id, sizes):
    return [
        app.signer.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": BUCKET,
                "Key": key,
                "UploadId": upload_id,
                "PartNumber": number,
                "ContentLength": size,
            },
            ExpiresIn=EXPIRES,
        )
        for number, size in enumerate(sizes, 1)
    ]


def sign_object(key, size):
    return app.signer.generate_presigned_url(
        "put_object",
        Params={"Bucket": BUCKET, "Key": key, "ContentLength": size},
        ExpiresIn=EXPIRES,
    )


async def urls_of(key, size, is_single, content_type):
    """The URLs, and the upload that they are of, if any."""
    if is_single and not CREATES:
        return [sign_object(key, size)], None
    created = await send(
        "create_multipart_upload", Key=key, ContentType=content_type
    )
    upload_id = created["UploadId"]
    if is_single:
        return sign_parts(key, upload_id, [size]), upload_id
    count = math.ceil(size / PART_SIZE)
    sizes = [PART_SIZE] * (count - 1) + [size - (count - 1) * PART_SIZE]
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        app.threads, sign_parts, key, upload_id, sizes
    ), upload_id


@app.post("/api/datasets/{dataset_id}/reupload/presigned", status_code=201)
async def request_presigned_reupload(
    dataset_id: UUID, body: PresignedReuploadRequest, owner: Principal
) -> PresignedUploadResponse:
    await find_dataset(dataset_id, owner)
    job_id = uuid.uuid4()
    key = f"datasets/{dataset_id}/{job_id}{os.path.splitext(body.filename)[1].lower()}"
    is_single = body.file_size <= SINGLE_PART_LIMIT
    urls, upload_id = await urls_of(
        key, body.file_size, is_single, body.content_type
    )
    await app.pool.execute(
        "INSERT INTO jobs (id, dataset_id, status, filename, content_type, file_size, part_size, s3_key, upload_id) "
        "VALUES ($1, $2, 'awaiting_upload', $3, $4, $5, $6, $7, $8)",
        job_id,
        dataset_id,
        body.filename,
        body.content_type,
        body.file_size,
        None if is_single else PART_SIZE,
        key,
        upload_id,
    )
    return PresignedUploadResponse(
        job_id=job_id,
        urls=urls,
        s3_key=key,
        upload_id=None if is_single else upload_id,
        part_size=None if is_single else PART_SIZE,
    )


@app.post("/api/datasets/{dataset_id}/reupload/presigned/{job_id}/complete")
async def complete_presigned_reupload(
    dataset_id: UUID, job_id: UUID, body: CompleteRequest, owner: Principal
) -> UploadResponse:
    job = await app.pool.fetchrow(
        "SELECT j.s3_key, j.upload_id, j.file_size FROM jobs j JOIN datasets d ON d.id = j.dataset_id "
        "WHERE j.id = $1 AND j.dataset_id = $2 AND d.principal_id = $3 AND j.status = 'awaiting_upload'",
        job_id,
        dataset_id,
        owner,
    )
    if job is None:
        raise HTTPException(404, "no such job")
    if job["upload_id"] is None:
        head = await send("head_object", Key=job["s3_key"])
        if head["ContentLength"] != job["file_size"]:
            raise HTTPException(409, "the object has another size")
    else:
        parts = [
            {"PartNumber": part.part_number, "ETag": part.etag}
            for part in body.parts
        ]
        await send(
            "complete_multipart_upload",
            Key=job["s3_key"],
            UploadId=job["upload_id"],
            MultipartUpload={"Parts": parts},
        )
    await app.pool.execute(
        "UPDATE jobs SET status = 'inspecting' WHERE id = $1 AND status = 'awaiting_upload'",
        job_id,
    )
    return UploadResponse(
        job_id=job_id, status="inspecting", message="The upload is complete."
    )
