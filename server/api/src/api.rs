//! The operations of the API as a trait: the server implements it, and the document is derived from it.

use dropshot::{Body, HttpError, RequestContext, ResultsPage};
use http::Response;

use crate::dataset::{
    Dataset, DatasetNameRequest, DatasetPath, DatasetQuery, UpdateDatasetRequest,
};
use crate::diff::{DiffQuery, SchemaDiff};
use crate::event::{Event, EventHeader, EventQuery};
use crate::failures::Failures;
use crate::failures::reasons::{
    ANONYMOUS, ANY_TOKEN, BODY, CHANGES, FILE, JOB, KEY, NAME, NO_INPUT, NO_VERSION, NOT_FOUND,
    PAGE, PARTS, PRINCIPAL, STATE, STREAM, VERSION, WEBHOOK,
};
use crate::grant::{Grant, GrantPath, GrantRequest};
use crate::idempotency::IdempotencyKeyHeader;
use crate::job::{InspectJobRequest, Job, JobPath, JobQuery};
use crate::page::PageQuery;
use crate::part::{Part, PartUrls, PartUrlsRequest};
use crate::preview::Preview;
use crate::request::{JsonBody, PathParameters, QueryParameters};
use crate::response::{ApiResponse, Created, DownloadResponse, EventsResponse, NoContent};
use crate::reupload::{
    CompleteUploadRequest, PresignedUploadRequest, PresignedUploadResponse, ReuploadPath,
    UploadResponse,
};
use crate::token::{Caller, CreateTokenRequest, CreatedToken, Token, TokenPath, TokenQuery};
use crate::trust::{
    CreateTrustRuleRequest, ExchangeTokenRequest, ExchangedToken, TrustRule, TrustRulePath,
};
use crate::version::{
    CommitJobRequest, DownloadQuery, RestoreVersionRequest, Version, VersionPath,
};
use crate::webhook::{
    CreateWebhookRequest, Delivery, DeliveryPath, Webhook, WebhookPath, WebhookSecret,
};

/// Maximum size in bytes of a completion's body: room for 10,000 parts, each listed twice.
const MAX_COMPLETE_BYTES: usize = 2 * 1024 * 1024;

/// The API of Restow.
#[dropshot::api_description {
    tag_config = {
        policy = dropshot::EndpointTagPolicy::ExactlyOne,
        tags = {
            "datasets" = { description = "Named collections of versions." },
            "reupload" = { description = "Replacing a dataset's data by uploading straight to S3." },
            "jobs" = { description = "Reuploads, from the request for URLs to a final state." },
            "versions" = { description = "The immutable versions of a dataset." },
            "events" = { description = "What happened, and who did it." },
            "access" = { description = "Tokens and their scopes, and datasets that are shared." },
        },
    },
}]
pub trait RestowApi {
    /// State that the handlers share.
    type Context;

    /// Create Dataset
    ///
    /// Create a dataset, which has no versions yet.
    #[endpoint { method = POST, path = "/api/datasets", tags = ["datasets"] }]
    async fn create_dataset(
        rqctx: RequestContext<Self::Context>,
        key: IdempotencyKeyHeader,
        body: JsonBody<DatasetNameRequest>,
    ) -> Result<Created<Dataset>, Failures<{ KEY | NAME | BODY }>>;

    /// List Datasets
    ///
    /// List the datasets of the caller, oldest first.
    #[endpoint { method = GET, path = "/api/datasets", tags = ["datasets"] }]
    async fn list_datasets(
        rqctx: RequestContext<Self::Context>,
        query: QueryParameters<DatasetQuery>,
    ) -> Result<ApiResponse<ResultsPage<Dataset>>, Failures<PAGE>>;

    /// Get Dataset
    ///
    /// Read one dataset.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}", tags = ["datasets"] }]
    async fn get_dataset(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
    ) -> Result<ApiResponse<Dataset>, Failures<NOT_FOUND>>;

    /// Update Dataset
    ///
    /// Change the name or the policy of a dataset.
    #[endpoint { method = PATCH, path = "/api/datasets/{dataset_id}", tags = ["datasets"] }]
    async fn update_dataset(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        body: JsonBody<UpdateDatasetRequest>,
    ) -> Result<ApiResponse<Dataset>, Failures<{ NOT_FOUND | NAME | BODY }>>;

    /// Delete Dataset
    ///
    /// Delete a dataset with all its versions. Its jobs are cancelled. The deletion can be undone for a while.
    #[endpoint { method = DELETE, path = "/api/datasets/{dataset_id}", tags = ["datasets"] }]
    async fn delete_dataset(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>>;

    /// Undelete Dataset
    ///
    /// Undo the deletion of a dataset, with all its versions, while they are still kept (7 days unless the server is
    /// configured otherwise). Its jobs stay cancelled. Safe to repeat.
    #[endpoint { method = POST, path = "/api/datasets/{dataset_id}/undelete", tags = ["datasets"] }]
    async fn undelete_dataset(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
    ) -> Result<ApiResponse<Dataset>, Failures<{ NOT_FOUND | NAME }>>;

    /// Request Presigned Reupload
    ///
    /// Request presigned URL(s) for direct-to-S3 reupload.
    #[endpoint { method = POST, path = "/api/datasets/{dataset_id}/reupload/presigned", tags = ["reupload"] }]
    async fn request_presigned_reupload(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        body: JsonBody<PresignedUploadRequest>,
    ) -> Result<Created<PresignedUploadResponse>, Failures<{ NOT_FOUND | STATE | BODY | FILE | JOB }>>;

    /// Complete Presigned Reupload
    ///
    /// Check the uploaded parts and assemble them in S3; then poll the job until it is `ready` or `rejected`, or with
    /// `commit` until it is committed. Safe to repeat: an error changes nothing, and after success the response contains
    /// the job's state.
    #[endpoint {
        method = POST,
        path = "/api/datasets/{dataset_id}/reupload/presigned/{job_id}/complete",
        tags = ["reupload"],
        request_body_max_bytes = MAX_COMPLETE_BYTES,
    }]
    async fn complete_presigned_reupload(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<ReuploadPath>,
        body: JsonBody<CompleteUploadRequest>,
    ) -> Result<ApiResponse<UploadResponse>, Failures<{ NOT_FOUND | STATE | PARTS | BODY }>>;

    /// List Jobs
    ///
    /// List the jobs of a dataset, newest first.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/jobs", tags = ["jobs"] }]
    async fn list_jobs(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<JobQuery>,
    ) -> Result<ApiResponse<ResultsPage<Job>>, Failures<{ NOT_FOUND | PAGE }>>;

    /// Get Job
    ///
    /// Read the state of a job. After completing the upload, poll about once a second until it is `ready`, `rejected` or final.
    #[endpoint { method = GET, path = "/api/jobs/{job_id}", tags = ["jobs"] }]
    async fn get_job(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Job>, Failures<NOT_FOUND>>;

    /// List Parts
    ///
    /// List the parts that S3 already holds, ordered by number, so that an upload can be resumed.
    #[endpoint { method = GET, path = "/api/jobs/{job_id}/parts", tags = ["jobs"] }]
    async fn list_parts(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Part>>, Failures<{ NOT_FOUND | PAGE | STATE }>>;

    /// Request Part URLs
    ///
    /// Sign fresh URLs for parts of an upload, which also extends the job's deadline.
    #[endpoint { method = POST, path = "/api/jobs/{job_id}/urls", tags = ["jobs"] }]
    async fn request_part_urls(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
        body: JsonBody<PartUrlsRequest>,
    ) -> Result<ApiResponse<PartUrls>, Failures<{ NOT_FOUND | STATE | PARTS | BODY }>>;

    /// Get Preview
    ///
    /// Read the result of the inspection, and how it differs from the version that it replaces. A token without the scope
    /// `read` gets no values of the object: the sample and the examples of findings are empty, and so are the statistics of
    /// columns that show values.
    #[endpoint { method = GET, path = "/api/jobs/{job_id}/preview", tags = ["jobs"] }]
    async fn get_preview(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Preview>, Failures<{ NOT_FOUND | STATE }>>;

    /// Inspect Job
    ///
    /// Inspect the object of a job that is `ready` or `rejected` again, with other read options. Nothing is uploaded
    /// again.
    #[endpoint { method = POST, path = "/api/jobs/{job_id}/inspect", tags = ["jobs"] }]
    async fn inspect_job(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
        body: JsonBody<InspectJobRequest>,
    ) -> Result<ApiResponse<Job>, Failures<{ NOT_FOUND | STATE | BODY }>>;

    /// Commit Job
    ///
    /// Make the object of a job that is `ready`, or with `uninspected` in `accept` also `rejected`, the dataset's current
    /// version. Changes that the policy of the dataset refuses have to be accepted. An object with the same bytes as the
    /// current version makes no new one unless `force` is true: the current version is returned. Safe to repeat: a job
    /// that is already committed returns the version that it became.
    #[endpoint { method = POST, path = "/api/jobs/{job_id}/commit", tags = ["jobs"] }]
    async fn commit_job(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
        body: JsonBody<CommitJobRequest>,
    ) -> Result<ApiResponse<Version>, Failures<{ NOT_FOUND | STATE | VERSION | CHANGES | BODY }>>;

    /// Cancel Job
    ///
    /// Cancel a job and remove what it has uploaded. Safe to repeat.
    #[endpoint { method = POST, path = "/api/jobs/{job_id}/cancel", tags = ["jobs"] }]
    async fn cancel_job(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
    ) -> Result<ApiResponse<Job>, Failures<{ NOT_FOUND | STATE }>>;

    /// List Versions
    ///
    /// List the versions of a dataset, newest first.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/versions", tags = ["versions"] }]
    async fn list_versions(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Version>>, Failures<{ NOT_FOUND | PAGE }>>;

    /// Get Version
    ///
    /// Read one version. A token without the scope `read` gets no statistics of columns that show values.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/versions/{version}", tags = ["versions"] }]
    async fn get_version(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<VersionPath>,
    ) -> Result<ApiResponse<Version>, Failures<NOT_FOUND>>;

    /// Download Version
    ///
    /// Sign URLs to download a version's object, or redirect to it.
    #[endpoint {
        method = GET,
        path = "/api/datasets/{dataset_id}/versions/{version}/download",
        tags = ["versions"],
    }]
    async fn download_version(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<VersionPath>,
        query: QueryParameters<DownloadQuery>,
    ) -> Result<DownloadResponse, Failures<NOT_FOUND>>;

    /// Download Dataset
    ///
    /// Sign URLs to download the current version's object, or redirect to it.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/download", tags = ["versions"] }]
    async fn download_dataset(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<DownloadQuery>,
    ) -> Result<DownloadResponse, Failures<{ NOT_FOUND | NO_VERSION }>>;

    /// Diff Versions
    ///
    /// Compare two versions of a dataset.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/diff", tags = ["versions"] }]
    async fn diff_versions(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<DiffQuery>,
    ) -> Result<ApiResponse<SchemaDiff>, Failures<{ NOT_FOUND | NO_VERSION }>>;

    /// Restore Version
    ///
    /// Make an old version the current one. Safe to repeat: a version that is already current stays current.
    #[endpoint {
        method = POST,
        path = "/api/datasets/{dataset_id}/versions/{version}/restore",
        tags = ["versions"],
    }]
    async fn restore_version(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<VersionPath>,
        body: JsonBody<RestoreVersionRequest>,
    ) -> Result<ApiResponse<Version>, Failures<{ NOT_FOUND | VERSION | BODY }>>;

    /// List Events
    ///
    /// List what happened in the whole deployment, newest first: every change, and refusals for lack of permission. Only for
    /// administrators.
    #[endpoint { method = GET, path = "/api/events", tags = ["events"] }]
    async fn list_events(
        rqctx: RequestContext<Self::Context>,
        query: QueryParameters<EventQuery>,
    ) -> Result<ApiResponse<ResultsPage<Event>>, Failures<PAGE>>;

    /// List Dataset Events
    ///
    /// List what happened to a dataset, newest first: every change, and refusals for lack of permission. With
    /// `Accept: text/event-stream`, the response is a stream of the changes, as they happen, in their order; it ends when the
    /// server stops, and is resumed with `Last-Event-ID`.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/events", tags = ["events"] }]
    async fn list_dataset_events(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<EventQuery>,
        header: EventHeader,
    ) -> Result<EventsResponse, Failures<{ NOT_FOUND | PAGE | STREAM }>>;

    /// List Job Events
    ///
    /// List what happened to a job, newest first. With `Accept: text/event-stream`, the response is a stream of the changes, from
    /// the creation of the job to its end, as they happen; it is resumed with `Last-Event-ID`.
    #[endpoint { method = GET, path = "/api/jobs/{job_id}/events", tags = ["events"] }]
    async fn list_job_events(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<JobPath>,
        query: QueryParameters<EventQuery>,
        header: EventHeader,
    ) -> Result<EventsResponse, Failures<{ NOT_FOUND | PAGE | STREAM }>>;

    /// Create Webhook
    ///
    /// Have events of a dataset sent to a URL by POST, signed by the scheme of Standard Webhooks. The secret is in this response
    /// only. An event is sent again for a day until the receiver responds with 2xx; redirects are not followed. Events are sent
    /// for as long as who created the webhook owns the dataset, has the role `owner` on it, or is an administrator.
    #[endpoint { method = POST, path = "/api/datasets/{dataset_id}/webhooks", tags = ["events"] }]
    async fn create_webhook(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        body: JsonBody<CreateWebhookRequest>,
    ) -> Result<Created<WebhookSecret>, Failures<{ NOT_FOUND | WEBHOOK | BODY }>>;

    /// List Webhooks
    ///
    /// List the webhooks of a dataset, oldest first.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/webhooks", tags = ["events"] }]
    async fn list_webhooks(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Webhook>>, Failures<{ NOT_FOUND | PAGE }>>;

    /// Rotate Webhook Secret
    ///
    /// Give a webhook another secret, which is in this response only. For a day, messages are signed with the earlier ones too.
    #[endpoint {
        method = POST,
        path = "/api/datasets/{dataset_id}/webhooks/{webhook_id}/rotate",
        tags = ["events"],
    }]
    async fn rotate_webhook_secret(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<WebhookPath>,
    ) -> Result<ApiResponse<WebhookSecret>, Failures<NOT_FOUND>>;

    /// Delete Webhook
    ///
    /// Delete a webhook with its deliveries. Those that are being sent may still arrive.
    #[endpoint { method = DELETE, path = "/api/datasets/{dataset_id}/webhooks/{webhook_id}", tags = ["events"] }]
    async fn delete_webhook(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<WebhookPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>>;

    /// List Deliveries
    ///
    /// List what was sent to a webhook, and what became of it, newest first.
    #[endpoint {
        method = GET,
        path = "/api/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries",
        tags = ["events"],
    }]
    async fn list_deliveries(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<WebhookPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Delivery>>, Failures<{ NOT_FOUND | PAGE }>>;

    /// Resend Delivery
    ///
    /// Send an event to a webhook again, whatever became of it, with the same `webhook-id`.
    #[endpoint {
        method = POST,
        path = "/api/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
        tags = ["events"],
    }]
    async fn resend_delivery(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DeliveryPath>,
    ) -> Result<ApiResponse<Delivery>, Failures<NOT_FOUND>>;

    /// List Grants
    ///
    /// List what other principals may do with a dataset.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/grants", tags = ["access"] }]
    async fn list_grants(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<Grant>>, Failures<{ NOT_FOUND | PAGE }>>;

    /// Put Grant
    ///
    /// Share a dataset with a principal, or change its role. Takes effect within five seconds. Safe to repeat.
    #[endpoint { method = PUT, path = "/api/datasets/{dataset_id}/grants/{principal}", tags = ["access"] }]
    async fn put_grant(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<GrantPath>,
        body: JsonBody<GrantRequest>,
    ) -> Result<ApiResponse<Grant>, Failures<{ NOT_FOUND | BODY }>>;

    /// Delete Grant
    ///
    /// Stop sharing a dataset with a principal. Takes effect within five seconds, also for the trust rules and webhooks that
    /// the principal created as an owner; URLs that were issued before stay valid until they expire.
    #[endpoint { method = DELETE, path = "/api/datasets/{dataset_id}/grants/{principal}", tags = ["access"] }]
    async fn delete_grant(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<GrantPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>>;

    /// Get Caller
    ///
    /// Read whose the request's token is, and what it is for.
    #[endpoint { method = GET, path = "/api/caller", tags = ["access"] }]
    async fn get_caller(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<ApiResponse<Caller>, Failures<{ NO_INPUT | ANY_TOKEN }>>;

    /// Create Token
    ///
    /// Create a token that may do no more than the one that creates it, and expires no later. It is revoked with the token
    /// that creates it. Its secret is in this response only.
    #[endpoint { method = POST, path = "/api/tokens", tags = ["access"] }]
    async fn create_token(
        rqctx: RequestContext<Self::Context>,
        body: JsonBody<CreateTokenRequest>,
    ) -> Result<Created<CreatedToken>, Failures<{ PRINCIPAL | BODY }>>;

    /// List Tokens
    ///
    /// List the tokens of the caller, oldest first, without their secrets. A token that is restricted to datasets lists only
    /// those that are for some of them and no other.
    #[endpoint { method = GET, path = "/api/tokens", tags = ["access"] }]
    async fn list_tokens(
        rqctx: RequestContext<Self::Context>,
        query: QueryParameters<TokenQuery>,
    ) -> Result<ApiResponse<ResultsPage<Token>>, Failures<{ PRINCIPAL | PAGE }>>;

    /// Revoke Token
    ///
    /// Revoke a token, and those that were created with it. Every server refuses them within five seconds; URLs that were
    /// issued before stay valid until they expire. A token that is restricted to datasets revokes only those that it lists.
    /// Safe to repeat.
    #[endpoint { method = DELETE, path = "/api/tokens/{token_id}", tags = ["access"] }]
    async fn revoke_token(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<TokenPath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>>;

    /// List Trust Rules
    ///
    /// List which CI jobs may publish to a dataset without a stored secret, oldest first.
    #[endpoint { method = GET, path = "/api/datasets/{dataset_id}/trust-rules", tags = ["access"] }]
    async fn list_trust_rules(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        query: QueryParameters<PageQuery>,
    ) -> Result<ApiResponse<ResultsPage<TrustRule>>, Failures<{ NOT_FOUND | PAGE }>>;

    /// Create Trust Rule
    ///
    /// Let CI jobs publish to a dataset without a stored secret: those whose token has all of the rule's values. The rule
    /// counts for as long as who created it owns the dataset, has the role `owner` on it, or is an administrator.
    #[endpoint { method = POST, path = "/api/datasets/{dataset_id}/trust-rules", tags = ["access"] }]
    async fn create_trust_rule(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<DatasetPath>,
        body: JsonBody<CreateTrustRuleRequest>,
    ) -> Result<Created<TrustRule>, Failures<{ NOT_FOUND | BODY }>>;

    /// Delete Trust Rule
    ///
    /// Delete a trust rule. The tokens that were issued by it are revoked, and refused within five seconds.
    #[endpoint {
        method = DELETE,
        path = "/api/datasets/{dataset_id}/trust-rules/{rule_id}",
        tags = ["access"],
    }]
    async fn delete_trust_rule(
        rqctx: RequestContext<Self::Context>,
        path: PathParameters<TrustRulePath>,
    ) -> Result<NoContent, Failures<NOT_FOUND>>;

    /// Exchange Token
    ///
    /// Exchange the OpenID Connect token of a CI job for a token that is valid for 15 minutes, and may upload to the dataset
    /// and commit. The CI job must match a trust rule of the dataset, and its token is accepted once. The request needs no
    /// bearer token.
    #[endpoint { method = POST, path = "/api/token-exchange", tags = ["access"] }]
    async fn exchange_token(
        rqctx: RequestContext<Self::Context>,
        body: JsonBody<ExchangeTokenRequest>,
    ) -> Result<Created<ExchangedToken>, Failures<{ ANONYMOUS | BODY }>>;

    /// Liveness: whether the process is running.
    #[endpoint { method = GET, path = "/healthz", unpublished = true }]
    async fn healthz(rqctx: RequestContext<Self::Context>) -> Result<Response<Body>, HttpError>;

    /// Readiness: whether the process and its dependencies can serve requests.
    #[endpoint { method = GET, path = "/readyz", unpublished = true }]
    async fn readyz(rqctx: RequestContext<Self::Context>) -> Result<Response<Body>, HttpError>;

    /// Metrics in the Prometheus text format.
    #[endpoint { method = GET, path = "/metrics", unpublished = true }]
    async fn metrics(rqctx: RequestContext<Self::Context>) -> Result<Response<Body>, HttpError>;

    /// How clients can log in: the issuers that the server trusts.
    #[endpoint { method = GET, path = "/.well-known/restow", unpublished = true }]
    async fn login_options(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<Response<Body>, HttpError>;

    /// The root, which leads to the page with the API console.
    #[endpoint { method = GET, path = "/", unpublished = true }]
    async fn root(rqctx: RequestContext<Self::Context>) -> Result<Response<Body>, HttpError>;

    /// The document of this API.
    #[endpoint { method = GET, path = "/openapi.json", unpublished = true }]
    async fn openapi(rqctx: RequestContext<Self::Context>) -> Result<Response<Body>, HttpError>;

    /// The document as a page with an API console.
    #[endpoint { method = GET, path = "/docs", unpublished = true }]
    async fn docs(rqctx: RequestContext<Self::Context>) -> Result<Response<Body>, HttpError>;

    /// The JavaScript of that page.
    #[endpoint { method = GET, path = "/docs/scalar.js", unpublished = true }]
    async fn docs_script(rqctx: RequestContext<Self::Context>)
    -> Result<Response<Body>, HttpError>;
}
