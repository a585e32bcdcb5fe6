//! The published operation as a service with axum would have it: the AWS SDK creates uploads and signs, sqlx keeps the jobs.

#![forbid(unsafe_code)]

mod message;
mod s3;

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgPool, PgPoolOptions};
use uuid::Uuid;

use crate::message::{Complete, Dataset, Presigned, Request, Uploaded};
use crate::s3::Bucket;

/// Connections to PostgreSQL.
const CONNECTIONS: u32 = 16;

const TOKEN: &str = "SELECT principal_id FROM tokens WHERE hash = $1";
const DATASET: &str = "SELECT id, name, current_version, created_at, updated_at FROM datasets WHERE id = $1 AND principal_id = $2";
const INSERT: &str = "INSERT INTO jobs (id, dataset_id, status, filename, content_type, file_size, part_size, s3_key, upload_id) \
     VALUES ($1, $2, 'awaiting_upload', $3, $4, $5, $6, $7, $8)";
const JOB: &str = "SELECT j.s3_key, j.upload_id FROM jobs j JOIN datasets d ON d.id = j.dataset_id \
     WHERE j.id = $1 AND j.dataset_id = $2 AND d.principal_id = $3 AND j.status = 'awaiting_upload'";
const UPDATE: &str =
    "UPDATE jobs SET status = 'inspecting' WHERE id = $1 AND status = 'awaiting_upload'";

struct App {
    pool: PgPool,
    bucket: Bucket,
}

type Shared = State<Arc<App>>;

/// A failure, as its status and what is said of it.
struct Failure(StatusCode, String);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{:#}", error.into()),
        )
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let variable = |name: &str| std::env::var(name).with_context(|| format!("no {name}"));
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false)
        .connect(&variable("PEER_DATABASE_URL")?)
        .await?;
    let bucket = Bucket::new(&variable("PEER_S3_ENDPOINT")?, &variable("PEER_S3_BUCKET")?)?;
    let reupload = "/api/datasets/{dataset_id}/reupload/presigned";
    let router = Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/api/datasets/{dataset_id}", get(get_dataset))
        .route(reupload, post(request))
        .route(&format!("{reupload}/{{job_id}}/complete"), post(complete))
        .with_state(Arc::new(App { pool, bucket }));
    let listener = tokio::net::TcpListener::bind(variable("PEER_LISTEN")?).await?;
    Ok(axum::serve(listener, router).await?)
}

/// The caller, by a token.
struct Principal(Uuid);

impl FromRequestParts<Arc<App>> for Principal {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let refused = || Failure(StatusCode::UNAUTHORIZED, "invalid token".to_string());
        let header = parts.headers.get(AUTHORIZATION).ok_or_else(refused)?;
        let token = header
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
            .ok_or_else(refused)?;
        let found = sqlx::query_scalar(TOKEN)
            .bind(Sha256::digest(token).to_vec())
            .fetch_optional(&app.pool)
            .await?;
        found.map(Self).ok_or_else(refused)
    }
}

async fn find_dataset(app: &App, dataset_id: Uuid, owner: Uuid) -> Result<Dataset, Failure> {
    let found = sqlx::query_as(DATASET)
        .bind(dataset_id)
        .bind(owner)
        .fetch_optional(&app.pool)
        .await?;
    found.ok_or_else(|| Failure(StatusCode::NOT_FOUND, "no such dataset".to_string()))
}

async fn get_dataset(
    State(app): Shared,
    Principal(owner): Principal,
    Path(dataset_id): Path<Uuid>,
) -> Result<Json<Dataset>, Failure> {
    find_dataset(&app, dataset_id, owner).await.map(Json)
}

async fn request(
    State(app): Shared,
    Principal(owner): Principal,
    Path(dataset_id): Path<Uuid>,
    Json(body): Json<Request>,
) -> Result<(StatusCode, Json<Presigned>), Failure> {
    body.check()
        .map_err(|reason| Failure(StatusCode::UNPROCESSABLE_ENTITY, reason.to_string()))?;
    find_dataset(&app, dataset_id, owner).await?;
    let job_id = Uuid::new_v4();
    let key = format!("datasets/{dataset_id}/{job_id}{}", body.extension());
    let (sizes, part_size) = body.parts();
    let upload_id = app.bucket.create(&key, &body.content_type).await?;
    let urls = app.bucket.sign(&key, &upload_id, &sizes).await?;
    sqlx::query(INSERT)
        .bind(job_id)
        .bind(dataset_id)
        .bind(&body.filename)
        .bind(&body.content_type)
        .bind(body.file_size)
        .bind(part_size)
        .bind(&key)
        .bind(&upload_id)
        .execute(&app.pool)
        .await?;
    let response = Presigned {
        job_id,
        urls,
        s3_key: key,
        upload_id: part_size.map(|_| upload_id),
        part_size,
    };
    Ok((StatusCode::CREATED, Json(response)))
}

async fn complete(
    State(app): Shared,
    Principal(owner): Principal,
    Path((dataset_id, job_id)): Path<(Uuid, Uuid)>,
    Json(body): Json<Complete>,
) -> Result<Json<Uploaded>, Failure> {
    let found: Option<(String, String)> = sqlx::query_as(JOB)
        .bind(job_id)
        .bind(dataset_id)
        .bind(owner)
        .fetch_optional(&app.pool)
        .await?;
    let Some((key, upload_id)) = found else {
        return Err(Failure(StatusCode::NOT_FOUND, "no such job".to_string()));
    };
    app.bucket.complete(&key, &upload_id, &body.parts).await?;
    sqlx::query(UPDATE).bind(job_id).execute(&app.pool).await?;
    Ok(Json(Uploaded {
        job_id,
        status: "inspecting",
        message: "The upload is complete.",
    }))
}
