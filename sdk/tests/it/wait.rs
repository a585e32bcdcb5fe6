//! Waiting for a job.

use hyper::StatusCode;
use restow_sdk::Error;
use restow_sdk::generated::types::JobStatus;

use crate::fake::{Fake, JOB};
use crate::server::{json, serve};

/// A server whose completed job has these statuses in turn.
async fn completed(statuses: &[&'static str]) -> Fake {
    let fake = Fake::start().await;
    fake.state().completions = 1;
    fake.state().statuses = statuses.iter().copied().collect();
    fake
}

#[tokio::test]
async fn wait_returns_a_ready_job() {
    for last in ["ready", "committed"] {
        let fake = completed(&["completing", "inspecting", last]).await;
        let job = fake.client().wait(JOB).await.unwrap();
        assert_eq!(job.status.to_string(), last);
    }
}

#[tokio::test]
async fn wait_tolerates_an_unavailable_server() {
    let fake = completed(&["inspecting", "ready"]).await;
    fake.state().job_refusals = vec![StatusCode::SERVICE_UNAVAILABLE, StatusCode::BAD_GATEWAY];
    assert_eq!(
        fake.client().wait(JOB).await.unwrap().status,
        JobStatus::Ready
    );
}

#[tokio::test]
async fn job_without_result_is_an_error() {
    let error = completed(&["failed"])
        .await
        .client()
        .wait(JOB)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::JobFailed(reason) if reason.type_ == "object_missing"),
        "{error}"
    );

    let error = completed(&["inspecting", "rejected"])
        .await
        .client()
        .wait(JOB)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::JobRejected { job_id: JOB, preview, .. } if preview.findings[0].line == Some(3)),
        "{error}"
    );

    for (shown, status) in [
        ("cancelled", JobStatus::Cancelled),
        ("expired", JobStatus::Expired),
    ] {
        let error = completed(&[shown])
            .await
            .client()
            .wait(JOB)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::JobEnded(ended) if ended == status),
            "{error}"
        );
    }
}

#[tokio::test]
async fn api_error_ends_the_wait() {
    let body = crate::fake::refusal("not_found", &serde_json::json!({}));
    let server = serve(move |_| std::future::ready(json(StatusCode::NOT_FOUND, &body))).await;
    let client = restow_sdk::Client::new(&server.url, "token").unwrap();
    assert!(client.wait(JOB).await.unwrap_err().is_not_found());
}
