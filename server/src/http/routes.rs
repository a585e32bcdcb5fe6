//! The handlers.

use dropshot::{Body, HttpError, RequestContext, ResultsPage};
use http::{Method, Response};
use restow_api::dataset::{
    Dataset, DatasetNameRequest, DatasetPath, DatasetQuery, UpdateDatasetRequest,
};
use restow_api::diff::DiffQuery;
use restow_api::failures::Failures;
use restow_api::failures::reasons::{
    BODY, CHANGES, FILE, JOB, KEY, NAME, NO_VERSION, NOT_FOUND, PAGE, PARTS, STATE, VERSION,
};
use restow_api::idempotency::IdempotencyKeyHeader;
use restow_api::job::{InspectJobRequest, Job, JobPath, JobQuery};
use restow_api::page::PageQuery;
use restow_api::part::{Part, PartUrls, PartUrlsRequest};
use restow_api::request::{JsonBody, PathParameters, QueryParameters, both, joined, one};
use restow_api::reupload::{
    CompleteUploadRequest, PresignedUploadRequest, PresignedUploadResponse, ReuploadPath,
    UploadResponse,
};
use restow_api::version::{
    CommitJobRequest, Download, DownloadQuery, RestoreVersionRequest, Version, VersionPath,
};
use restow_api::{
    ApiResponse, Created, DownloadResponse, Downloaded, NoContent, Preview, RestowApi, SchemaDiff,
};

use super::context::Context;
use super::respond::{respond, respond_to};
use super::{docs, probes};
use crate::{dataset, job, part, preview, reupload, version};

type Rqctx = RequestContext<Context>;

/// The type that the API trait hangs on.
#[derive(Debug)]
pub enum Routes {}

impl RestowApi for Routes {
    type Context = Context;

    async fn create_dataset(
        rqctx: Rqctx,
        key: IdempotencyKeyHeader,
        body: JsonBody<DatasetNameRequest>,
    ) -> Result<Created<Dataset>, Failures<{ KEY | NAME | BODY }>> {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (key, body) = both(key.check(), body)?;
            Ok(dataset::create(&app, &principal, &body, key.as_ref()).await?)
        })
        .await
    }

    async fn list_datasets(
        rqctx: Rqctx,
        query: QueryParameters<DatasetQuery>,
    ) -> Result<ApiResponse<ResultsPage<Dataset>>, Failures<PAGE>> {
        respond(&rqctx, |app, principal| async move {
            Ok(dataset::list(&app, &principal, one(query.check())?).await?)
        })
        .await
    }

    async fn get_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
    ) -> Result<ApiResponse<Dataset>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, principal| async move {
            Ok(dataset::get(&app, &principal, one(path.check())?.dataset_id).await?)
        })
        .await
    }

    async fn update_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        body: JsonBody<UpdateDatasetRequest>,
    ) -> Result<ApiResponse<Dataset>, Failures<{ NOT_FOUND | NAME | BODY }>> {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, body) = both(path.check(), body)?;
            Ok(dataset::update(&app, &principal, path.dataset_id, &body).await?)
        })
        .await
    }

    async fn delete_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, principal| async move {
            Ok(dataset::delete(&app, &principal, one(path.check())?.dataset_id).await?)
        })
        .await
    }

    async fn undelete_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
    ) -> Result<ApiResponse<Dataset>, Failures<{ NOT_FOUND | NAME }>> {
        respond(&rqctx, |app, principal| async move {
            Ok(dataset::undelete(&app, &principal, one(path.check())?.dataset_id).await?)
        })
        .await
    }

    async fn request_presigned_reupload(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        body: JsonBody<PresignedUploadRequest>,
    ) -> Result<Created<PresignedUploadResponse>, Failures<{ NOT_FOUND | STATE | BODY | FILE | JOB }>>
    {
        // Not a parameter, since the published document has none.
        let key = IdempotencyKeyHeader::of(rqctx.request.headers());
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, (key, body)) = both(path.check(), joined(key.check(), body))?;
            Ok(reupload::request(&app, &principal, path.dataset_id, body, key.as_ref()).await?)
        })
        .await
    }

    async fn complete_presigned_reupload(
        rqctx: Rqctx,
        path: PathParameters<ReuploadPath>,
        body: JsonBody<CompleteUploadRequest>,
    ) -> Result<ApiResponse<UploadResponse>, Failures<{ NOT_FOUND | STATE | PARTS | BODY }>> {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, body) = both(path.check(), body)?;
            Ok(reupload::complete(&app, &principal, path.dataset_id, path.job_id, &body).await?)
        })
        .await
    }

    async fn list_jobs(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<JobQuery>,
    ) -> Result<ApiResponse<ResultsPage<Job>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, principal| async move {
            let (path, query) = both(path.check(), query.check())?;
            Ok(job::list(&app, &principal, path.dataset_id, query).await?)
        })
        .await
    }

    async fn get_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Job>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, principal| async move {
            Ok(job::get(&app, &principal, one(path.check())?.job_id).await?)
        })
        .await
    }

    async fn list_parts(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Part>>, Failures<{ NOT_FOUND | PAGE | STATE }>> {
        respond(&rqctx, |app, principal| async move {
            let (path, query) = both(path.check(), query.check())?;
            Ok(part::list(&app, &principal, path.job_id, query).await?)
        })
        .await
    }

    async fn request_part_urls(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        body: JsonBody<PartUrlsRequest>,
    ) -> Result<ApiResponse<PartUrls>, Failures<{ NOT_FOUND | STATE | PARTS | BODY }>> {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, body) = both(path.check(), body)?;
            Ok(part::request_urls(&app, &principal, path.job_id, &body.part_numbers).await?)
        })
        .await
    }

    async fn get_preview(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Preview>, Failures<{ NOT_FOUND | STATE }>> {
        respond(&rqctx, |app, principal| async move {
            Ok(preview::get(&app, &principal, one(path.check())?.job_id).await?)
        })
        .await
    }

    async fn inspect_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        body: JsonBody<InspectJobRequest>,
    ) -> Result<ApiResponse<Job>, Failures<{ NOT_FOUND | STATE | BODY }>> {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, body) = both(path.check(), body)?;
            Ok(job::inspect(&app, &principal, path.job_id, &body.read_options).await?)
        })
        .await
    }

    async fn commit_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        body: JsonBody<CommitJobRequest>,
    ) -> Result<ApiResponse<Version>, Failures<{ NOT_FOUND | STATE | VERSION | CHANGES | BODY }>>
    {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, body) = both(path.check(), body)?;
            Ok(job::commit(&app, &principal, path.job_id, &body).await?)
        })
        .await
    }

    async fn cancel_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Job>, Failures<{ NOT_FOUND | STATE }>> {
        respond(&rqctx, |app, principal| async move {
            Ok(job::cancel(&app, &principal, one(path.check())?.job_id).await?)
        })
        .await
    }

    async fn list_versions(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Version>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, principal| async move {
            let (path, query) = both(path.check(), query.check())?;
            Ok(version::list(&app, &principal, path.dataset_id, query).await?)
        })
        .await
    }

    async fn get_version(
        rqctx: Rqctx,
        path: PathParameters<VersionPath>,
    ) -> Result<ApiResponse<Version>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, principal| async move {
            let path = one(path.check())?;
            Ok(version::get(&app, &principal, path.dataset_id, path.version).await?)
        })
        .await
    }

    async fn download_version(
        rqctx: Rqctx,
        path: PathParameters<VersionPath>,
        query: QueryParameters<DownloadQuery>,
    ) -> Result<DownloadResponse, Failures<NOT_FOUND>> {
        let method = rqctx.request.method().clone();
        respond(&rqctx, |app, principal| async move {
            let (path, query) = both(path.check(), query.check())?;
            let download = version::download(&app, &principal, path.dataset_id, path.version);
            Ok(downloaded(download.await?, query, &method))
        })
        .await
    }

    async fn download_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<DownloadQuery>,
    ) -> Result<DownloadResponse, Failures<{ NOT_FOUND | NO_VERSION }>> {
        let method = rqctx.request.method().clone();
        respond(&rqctx, |app, principal| async move {
            let (path, query) = both(path.check(), query.check())?;
            let download = version::download_current(&app, &principal, path.dataset_id);
            Ok(downloaded(download.await?, query, &method))
        })
        .await
    }

    async fn diff_versions(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<DiffQuery>,
    ) -> Result<ApiResponse<SchemaDiff>, Failures<{ NOT_FOUND | NO_VERSION }>> {
        respond(&rqctx, |app, principal| async move {
            let (path, query) = both(path.check(), query.check())?;
            Ok(version::diff(&app, &principal, path.dataset_id, &query).await?)
        })
        .await
    }

    async fn restore_version(
        rqctx: Rqctx,
        path: PathParameters<VersionPath>,
        body: JsonBody<RestoreVersionRequest>,
    ) -> Result<ApiResponse<Version>, Failures<{ NOT_FOUND | VERSION | BODY }>> {
        respond_to(&rqctx, body, |app, principal, body| async move {
            let (path, body) = both(path.check(), body)?;
            Ok(version::restore(
                &app,
                &principal,
                path.dataset_id,
                path.version,
                body.replaces,
            )
            .await?)
        })
        .await
    }

    async fn healthz(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        probes::healthz(&rqctx.context().app)
    }

    async fn readyz(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        let context = rqctx.context();
        probes::readyz(&context.app, &context.health).await
    }

    async fn metrics(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        probes::metrics(&rqctx.context().app, rqctx.request.headers()).await
    }

    async fn root(_: Rqctx) -> Result<Response<Body>, HttpError> {
        docs::redirect()
    }

    async fn openapi(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        let document = &rqctx.context().document;
        document.json(rqctx.request.headers()).await
    }

    async fn docs(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        let document = &rqctx.context().document;
        document.page(rqctx.request.headers()).await
    }

    async fn docs_script(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        docs::script(rqctx.request.headers()).await
    }
}

/// A download, as its request wants it. The signature of a URL is valid for one method.
fn downloaded(download: Download, query: DownloadQuery, method: &Method) -> Downloaded {
    match (query.redirect, method) {
        (false, _) => Downloaded::Urls(download),
        (true, &Method::HEAD) => Downloaded::Redirect(download.head_url),
        (true, _) => Downloaded::Redirect(download.url),
    }
}
