//! The handlers.

use std::sync::Arc;

use dropshot::{Body, HttpError, RequestContext, ResultsPage};
use http::{Method, Response};
use restow_api::dataset::{
    Dataset, DatasetNameRequest, DatasetPath, DatasetQuery, UpdateDatasetRequest,
};
use restow_api::diff::DiffQuery;
use restow_api::error::Failure;
use restow_api::event::{Event, EventForm, EventHeader, EventQuery};
use restow_api::failures::Failures;
use restow_api::failures::reasons::{
    ANONYMOUS, ANY_TOKEN, BODY, CHANGES, FILE, JOB, KEY, NAME, NO_INPUT, NO_VERSION, NOT_FOUND,
    PAGE, PARTS, PRINCIPAL, STATE, STREAM, VERSION, WEBHOOK,
};
use restow_api::grant::{Grant, GrantPath, GrantRequest};
use restow_api::idempotency::IdempotencyKeyHeader;
use restow_api::job::{InspectJobRequest, Job, JobPath, JobQuery};
use restow_api::page::PageQuery;
use restow_api::part::{Part, PartUrls, PartUrlsRequest};
use restow_api::request::{JsonBody, PathParameters, QueryParameters, both, joined, one};
use restow_api::reupload::{
    CompleteUploadRequest, PresignedUploadRequest, PresignedUploadResponse, ReuploadPath,
    UploadResponse,
};
use restow_api::scope::Scope;
use restow_api::token::{
    Caller as CallerDescription, CreateTokenRequest, CreatedToken, Token, TokenPath, TokenQuery,
};
use restow_api::trust::{
    CreateTrustRuleRequest, ExchangeTokenRequest, ExchangedToken, TrustRule, TrustRulePath,
};
use restow_api::version::{
    CommitJobRequest, Download, DownloadQuery, RestoreVersionRequest, Version, VersionPath,
};
use restow_api::webhook::{
    CreateWebhookRequest, Delivery, DeliveryPath, Webhook, WebhookPath, WebhookSecret,
};
use restow_api::{
    ApiResponse, Created, DownloadResponse, Downloaded, Events, EventsResponse, NoContent, Preview,
    RestowApi, SchemaDiff,
};

use super::access::may_read;
use super::context::Context;
use super::forward::client_address;
use super::respond::{respond, respond_to, respond_to_anonymous};
use super::{docs, login_options, probes};
use crate::app::App;
use crate::caller::Caller;
use crate::dataset::Viewer;
use crate::error::Error;
use crate::store::{EventScope, Principal};
use crate::trust::Origin;
use crate::{dataset, event, grant, job, part, preview, reupload, token, trust, version, webhook};

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
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (key, body) = both(key.check(), body)?;
            Ok(dataset::create(&app, &creator(&caller)?, &body, key.as_ref()).await?)
        })
        .await
    }

    async fn list_datasets(
        rqctx: Rqctx,
        query: QueryParameters<DatasetQuery>,
    ) -> Result<ApiResponse<ResultsPage<Dataset>>, Failures<PAGE>> {
        respond(&rqctx, |app, caller| async move {
            let viewer = Viewer {
                principal: caller.itself(),
                name: &caller.identity().name,
                visible: caller.visible(),
            };
            Ok(dataset::list(&app, &viewer, one(query.check())?).await?)
        })
        .await
    }

    async fn get_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
    ) -> Result<ApiResponse<Dataset>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(dataset::get(&app, &owner, path.dataset_id).await?)
        })
        .await
    }

    async fn update_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        body: JsonBody<UpdateDatasetRequest>,
    ) -> Result<ApiResponse<Dataset>, Failures<{ NOT_FOUND | NAME | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(dataset::update(&app, &owner, path.dataset_id, &body).await?)
        })
        .await
    }

    async fn delete_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(dataset::delete(&app, &owner, path.dataset_id).await?)
        })
        .await
    }

    async fn undelete_dataset(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
    ) -> Result<ApiResponse<Dataset>, Failures<{ NOT_FOUND | NAME }>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(dataset::undelete(&app, &owner, path.dataset_id).await?)
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
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, (key, body)) = both(path.check(), joined(key.check(), body))?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(reupload::request(&app, &owner, path.dataset_id, body, key.as_ref()).await?)
        })
        .await
    }

    async fn complete_presigned_reupload(
        rqctx: Rqctx,
        path: PathParameters<ReuploadPath>,
        body: JsonBody<CompleteUploadRequest>,
    ) -> Result<ApiResponse<UploadResponse>, Failures<{ NOT_FOUND | STATE | PARTS | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            if body.commit {
                caller.require(Scope::Commit)?;
            }
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(reupload::complete(&app, &owner, path.dataset_id, path.job_id, &body).await?)
        })
        .await
    }

    async fn list_jobs(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<JobQuery>,
    ) -> Result<ApiResponse<ResultsPage<Job>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(job::list(&app, &owner, path.dataset_id, query).await?)
        })
        .await
    }

    async fn get_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Job>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_job(&app, path.job_id).await?;
            Ok(job::get(&app, &owner, path.job_id).await?)
        })
        .await
    }

    async fn list_parts(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Part>>, Failures<{ NOT_FOUND | PAGE | STATE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_job(&app, path.job_id).await?;
            Ok(part::list(&app, &owner, path.job_id, query).await?)
        })
        .await
    }

    async fn request_part_urls(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        body: JsonBody<PartUrlsRequest>,
    ) -> Result<ApiResponse<PartUrls>, Failures<{ NOT_FOUND | STATE | PARTS | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_job(&app, path.job_id).await?;
            Ok(part::request_urls(&app, &owner, path.job_id, &body.part_numbers).await?)
        })
        .await
    }

    async fn get_preview(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Preview>, Failures<{ NOT_FOUND | STATE }>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_job(&app, path.job_id).await?;
            let preview = preview::get(&app, &owner, path.job_id).await?;
            Ok(if caller.reads_data() {
                preview
            } else {
                preview.without_values()
            })
        })
        .await
    }

    async fn inspect_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        body: JsonBody<InspectJobRequest>,
    ) -> Result<ApiResponse<Job>, Failures<{ NOT_FOUND | STATE | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_job(&app, path.job_id).await?;
            Ok(job::inspect(&app, &owner, path.job_id, &body.read_options).await?)
        })
        .await
    }

    async fn commit_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        body: JsonBody<CommitJobRequest>,
    ) -> Result<ApiResponse<Version>, Failures<{ NOT_FOUND | STATE | VERSION | CHANGES | BODY }>>
    {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_job(&app, path.job_id).await?;
            let version = job::commit(&app, &owner, path.job_id, &body).await?;
            Ok(for_caller(version, &caller))
        })
        .await
    }

    async fn cancel_job(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Job>, Failures<{ NOT_FOUND | STATE }>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_job(&app, path.job_id).await?;
            Ok(job::cancel(&app, &owner, path.job_id).await?)
        })
        .await
    }

    async fn list_versions(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Version>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(version::list(&app, &owner, path.dataset_id, query).await?)
        })
        .await
    }

    async fn get_version(
        rqctx: Rqctx,
        path: PathParameters<VersionPath>,
    ) -> Result<ApiResponse<Version>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let version = version::get(&app, &owner, path.dataset_id, path.version).await?;
            Ok(for_caller(version, &caller))
        })
        .await
    }

    async fn download_version(
        rqctx: Rqctx,
        path: PathParameters<VersionPath>,
        query: QueryParameters<DownloadQuery>,
    ) -> Result<DownloadResponse, Failures<NOT_FOUND>> {
        let method = rqctx.request.method().clone();
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let download = version::download(&app, &owner, path.dataset_id, path.version);
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
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let download = version::download_current(&app, &owner, path.dataset_id);
            Ok(downloaded(download.await?, query, &method))
        })
        .await
    }

    async fn diff_versions(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<DiffQuery>,
    ) -> Result<ApiResponse<SchemaDiff>, Failures<{ NOT_FOUND | NO_VERSION }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(version::diff(&app, &owner, path.dataset_id, &query).await?)
        })
        .await
    }

    async fn restore_version(
        rqctx: Rqctx,
        path: PathParameters<VersionPath>,
        body: JsonBody<RestoreVersionRequest>,
    ) -> Result<ApiResponse<Version>, Failures<{ NOT_FOUND | VERSION | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let (dataset_id, version) = (path.dataset_id, path.version);
            let restored = version::restore(&app, &owner, dataset_id, version, body.replaces);
            Ok(for_caller(restored.await?, &caller))
        })
        .await
    }

    async fn list_events(
        rqctx: Rqctx,
        query: QueryParameters<EventQuery>,
    ) -> Result<ApiResponse<ResultsPage<Event>>, Failures<PAGE>> {
        respond(&rqctx, |app, _| async move {
            let query = one(query.check())?;
            Ok(event::list(&app, &query).await?)
        })
        .await
    }

    async fn list_dataset_events(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<EventQuery>,
        header: EventHeader,
    ) -> Result<EventsResponse, Failures<{ NOT_FOUND | PAGE | STREAM }>> {
        let context = &rqctx;
        respond(context, |app, caller| async move {
            let (path, (query, form)) = both(path.check(), joined(query.check(), header.check()))?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let scope = EventScope::Dataset(path.dataset_id);
            events(context, &app, (&caller, &owner), scope, &query, form).await
        })
        .await
    }

    async fn list_job_events(
        rqctx: Rqctx,
        path: PathParameters<JobPath>,
        query: QueryParameters<EventQuery>,
        header: EventHeader,
    ) -> Result<EventsResponse, Failures<{ NOT_FOUND | PAGE | STREAM }>> {
        let context = &rqctx;
        respond(context, |app, caller| async move {
            let (path, (query, form)) = both(path.check(), joined(query.check(), header.check()))?;
            let owner = caller.on_job(&app, path.job_id).await?;
            let scope = EventScope::Job(path.job_id);
            events(context, &app, (&caller, &owner), scope, &query, form).await
        })
        .await
    }

    async fn create_webhook(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        body: JsonBody<CreateWebhookRequest>,
    ) -> Result<Created<WebhookSecret>, Failures<{ NOT_FOUND | WEBHOOK | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let creator = caller.identity();
            Ok(webhook::create(&app, &owner, creator, path.dataset_id, &body).await?)
        })
        .await
    }

    async fn list_webhooks(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Webhook>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(webhook::list(&app, &owner, path.dataset_id, &query).await?)
        })
        .await
    }

    async fn rotate_webhook_secret(
        rqctx: Rqctx,
        path: PathParameters<WebhookPath>,
    ) -> Result<ApiResponse<WebhookSecret>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(webhook::rotate(&app, &owner, path.dataset_id, path.webhook_id).await?)
        })
        .await
    }

    async fn delete_webhook(
        rqctx: Rqctx,
        path: PathParameters<WebhookPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(webhook::delete(&app, &owner, path.dataset_id, path.webhook_id).await?)
        })
        .await
    }

    async fn list_deliveries(
        rqctx: Rqctx,
        path: PathParameters<WebhookPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Delivery>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let webhook = (path.dataset_id, path.webhook_id);
            Ok(webhook::deliveries(&app, &owner, webhook, &query).await?)
        })
        .await
    }

    async fn resend_delivery(
        rqctx: Rqctx,
        path: PathParameters<DeliveryPath>,
    ) -> Result<ApiResponse<Delivery>, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let webhook = (path.dataset_id, path.webhook_id);
            Ok(webhook::resend(&app, &owner, webhook, path.delivery_id).await?)
        })
        .await
    }

    async fn list_grants(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Grant>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(grant::list(&app, &owner, path.dataset_id, &query).await?)
        })
        .await
    }

    async fn put_grant(
        rqctx: Rqctx,
        path: PathParameters<GrantPath>,
        body: JsonBody<GrantRequest>,
    ) -> Result<ApiResponse<Grant>, Failures<{ NOT_FOUND | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(grant::put(&app, &owner, path.dataset_id, &path.principal, &body).await?)
        })
        .await
    }

    async fn delete_grant(
        rqctx: Rqctx,
        path: PathParameters<GrantPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(grant::delete(&app, &owner, path.dataset_id, &path.principal).await?)
        })
        .await
    }

    async fn get_caller(
        rqctx: Rqctx,
    ) -> Result<ApiResponse<CallerDescription>, Failures<{ NO_INPUT | ANY_TOKEN }>> {
        respond(&rqctx, |_, caller| async move { Ok(caller.description()) }).await
    }

    async fn create_token(
        rqctx: Rqctx,
        body: JsonBody<CreateTokenRequest>,
    ) -> Result<Created<CreatedToken>, Failures<{ PRINCIPAL | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            Ok(token::create(&app, &caller, &one(body)?).await?)
        })
        .await
    }

    async fn list_tokens(
        rqctx: Rqctx,
        query: QueryParameters<TokenQuery>,
    ) -> Result<ApiResponse<ResultsPage<Token>>, Failures<{ PRINCIPAL | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            Ok(token::list(&app, &caller, &one(query.check())?).await?)
        })
        .await
    }

    async fn revoke_token(
        rqctx: Rqctx,
        path: PathParameters<TokenPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            Ok(token::revoke(&app, &caller, one(path.check())?.token_id).await?)
        })
        .await
    }

    async fn list_trust_rules(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<TrustRule>>, Failures<{ NOT_FOUND | PAGE }>> {
        respond(&rqctx, |app, caller| async move {
            let (path, query) = both(path.check(), query.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(trust::list_rules(&app, &owner, path.dataset_id, &query).await?)
        })
        .await
    }

    async fn create_trust_rule(
        rqctx: Rqctx,
        path: PathParameters<DatasetPath>,
        body: JsonBody<CreateTrustRuleRequest>,
    ) -> Result<Created<TrustRule>, Failures<{ NOT_FOUND | BODY }>> {
        respond_to(&rqctx, body, |app, caller, body| async move {
            let (path, body) = both(path.check(), body)?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            let creator = caller.itself().id;
            Ok(trust::create_rule(&app, &owner, creator, path.dataset_id, &body).await?)
        })
        .await
    }

    async fn delete_trust_rule(
        rqctx: Rqctx,
        path: PathParameters<TrustRulePath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>> {
        respond(&rqctx, |app, caller| async move {
            let path = one(path.check())?;
            let owner = caller.on_dataset(&app, path.dataset_id).await?;
            Ok(trust::delete_rule(&app, &owner, path.dataset_id, path.rule_id).await?)
        })
        .await
    }

    async fn exchange_token(
        rqctx: Rqctx,
        body: JsonBody<ExchangeTokenRequest>,
    ) -> Result<Created<ExchangedToken>, Failures<{ ANONYMOUS | BODY }>> {
        let origin = Origin {
            address: client_address(rqctx.request.headers()),
            request_id: rqctx.request_id.clone(),
        };
        respond_to_anonymous(&rqctx, body, |app, body| async move {
            Ok(trust::exchange(&app, &one(body)?, origin).await?)
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

    async fn login_options(rqctx: Rqctx) -> Result<Response<Body>, HttpError> {
        let context = rqctx.context();
        let origins = &context.allowed_origins;
        login_options::get(&context.app, origins, rqctx.request.headers())
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

/// The events of a dataset or a job, as the request wants them.
async fn events(
    rqctx: &Rqctx,
    app: &Arc<App>,
    (caller, owner): (&Caller, &Principal),
    scope: EventScope,
    query: &EventQuery,
    form: EventForm,
) -> Result<Events, Failure> {
    match form {
        EventForm::Page => Ok(Events::Page(
            event::list_of(app, owner, scope, query).await?,
        )),
        EventForm::Stream(last) => {
            let reader = (caller.itself().id, owner);
            let may_read = may_read(app, rqctx, scope);
            let body = event::open(app, reader, scope, last, may_read).await?;
            Ok(Events::stream(body))
        }
    }
}

/// Who owns a dataset that a caller creates. A token that is for certain datasets alone is not for a new one.
fn creator(caller: &Caller) -> Result<Principal, Error> {
    caller.require_unrestricted()?;
    Ok(caller.itself())
}

/// A version, with no more than the caller's token is for.
fn for_caller(version: Version, caller: &Caller) -> Version {
    if caller.reads_data() {
        version
    } else {
        version.without_values()
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
