//! What is to be refused, and changes nothing: other people's things, what the document does not admit, no token.

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, Replaces, cancellation, commitment};
use crate::torture::message::Request;
use crate::torture::plan;

impl Client {
    /// Requests what belongs to another principal, which is not there.
    pub async fn ask_for_foreign(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let Some(known) = self.pool.foreign(generator, self.principal) else {
            return Ok(());
        };
        let (dataset, job) = (known.dataset_id, known.job_id);
        let own = plan::any(generator, &self.model.datasets).map_or(dataset, |dataset| dataset.id);
        let upload =
            json!({ "filename": "stolen.csv", "file_size": 10, "content_type": "text/csv" });
        let complete =
            |dataset: Uuid| format!("/datasets/{dataset}/reupload/presigned/{job}/complete");
        let requests = [
            Request::get("get_dataset", format!("/datasets/{dataset}")),
            Request::new(
                "delete_dataset",
                Method::DELETE,
                format!("/datasets/{dataset}"),
            ),
            Request::post(
                "update_dataset",
                format!("/datasets/{dataset}"),
                json!({ "name": "stolen" }),
            )
            .by(Method::PATCH),
            Request::post(
                "request_presigned_reupload",
                format!("/datasets/{dataset}/reupload/presigned"),
                upload,
            ),
            Request::post("complete_presigned_reupload", complete(dataset), json!({})),
            Request::post("complete_presigned_reupload", complete(own), json!({})),
            Request::get("list_jobs", format!("/datasets/{dataset}/jobs")),
            Request::get("get_job", format!("/jobs/{job}")),
            Request::get("list_parts", format!("/jobs/{job}/parts")),
            Request::post(
                "request_part_urls",
                format!("/jobs/{job}/urls"),
                json!({ "part_numbers": [1] }),
            ),
            Request::get("get_preview", format!("/jobs/{job}/preview")),
            commitment(job, Replaces::Unstated, true),
            cancellation(job),
            Request::get("list_versions", format!("/datasets/{dataset}/versions")),
            Request::get(
                "download_version",
                format!("/datasets/{dataset}/versions/1/download"),
            ),
            Request::get("download_dataset", format!("/datasets/{dataset}/download")),
            Request::post(
                "restore_version",
                format!("/datasets/{dataset}/versions/1/restore"),
                json!({}),
            ),
        ];
        let Some(request) = plan::any(generator, &requests) else {
            return Ok(());
        };
        self.expect(request, 404, "not_found").await
    }

    /// Sends what the document does not admit.
    pub async fn send_invalid(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset = self.any_dataset(generator).await?;
        let job = plan::any(generator, &self.model.jobs).map_or(dataset, |job| job.id);
        let reupload = format!("/datasets/{dataset}/reupload/presigned");
        let upload =
            |body: Value| Request::post("request_presigned_reupload", reupload.as_str(), body);
        let requests = [
            (upload(json!({})), "missing"),
            (
                upload(json!({ "filename": "", "file_size": 1 })),
                "string_too_short",
            ),
            (
                upload(json!({ "filename": "a".repeat(256), "file_size": 1 })),
                "string_too_long",
            ),
            (
                upload(json!({ "filename": "a.csv", "file_size": 0 })),
                "greater_than_equal",
            ),
            (
                upload(json!({ "filename": "a.csv", "file_size": "12" })),
                "int_type",
            ),
            (
                upload(json!({ "filename": "a.csv", "file_size": 1.5 })),
                "int_from_float",
            ),
            (upload(json!([])), "model_attributes_type"),
            (
                Request::post("create_dataset", "/datasets", json!({ "name": 7 })),
                "string_type",
            ),
            (
                Request::post(
                    "create_dataset",
                    "/datasets",
                    json!({ "name": Uuid::nil() }),
                ),
                "string_pattern_mismatch",
            ),
            (
                Request::get("get_dataset", "/datasets/none"),
                "uuid_parsing",
            ),
            (
                Request::get("list_jobs", format!("/datasets/{dataset}/jobs?status=odd")),
                "enum",
            ),
            (
                Request::get(
                    "list_versions",
                    format!("/datasets/{dataset}/versions?limit=0"),
                ),
                "greater_than_equal",
            ),
            (
                Request::get("get_version", format!("/datasets/{dataset}/versions/0")),
                "greater_than_equal",
            ),
            (
                Request::post(
                    "request_part_urls",
                    format!("/jobs/{job}/urls"),
                    json!({ "part_numbers": [] }),
                ),
                "too_short",
            ),
            (
                Request::post(
                    "commit_job",
                    format!("/jobs/{job}/commit"),
                    json!({ "replaces": "1" }),
                ),
                "int_type",
            ),
        ];
        let Some((request, error_type)) = plan::any(generator, &requests) else {
            return Ok(());
        };
        self.expect(request, 422, error_type).await
    }

    /// Sends an unknown token.
    pub async fn send_unknown_token(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let token = format!("{:032x}", generator.random::<u128>());
        let request = Request::get("list_datasets", "/datasets").with_token(token);
        self.expect(&request, 401, "invalid_token").await
    }

    async fn expect(&self, request: &Request, status: u16, error_type: &str) -> Result<(), Ended> {
        let response = self.api.call(request).await?;
        if response.is(status, error_type) {
            return Ok(());
        }
        Err(self.api.unexpected(
            &format!("{request:?} should be refused with {status} {error_type}"),
            &response,
        ))
    }
}
