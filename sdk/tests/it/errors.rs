//! Every kind of error response, and the error that it becomes.

use std::time::Duration;

use hyper::StatusCode;
use restow_sdk::{Client, Error, Peer};
use serde_json::json;
use tokio::net::TcpListener;

use crate::fake::{JOB, SIGNATURE, TOKEN, refusal};
use crate::server::{Received, Reply, answer, serve, with_header};

/// The error of a response to `GET /jobs/{job_id}` becomes.
async fn error_of(make: impl Fn() -> Reply + Send + Sync + 'static) -> Error {
    let server = serve(move |_| std::future::ready(make())).await;
    error_at(&server.url).await
}

async fn error_at(endpoint: &str) -> Error {
    let client = Client::new(endpoint, TOKEN).unwrap();
    client
        .api()
        .get_job()
        .job_id(JOB)
        .send()
        .await
        .map_err(Error::from)
        .unwrap_err()
}

/// The message of an unexpected response.
async fn unexpected(status: StatusCode, body: &'static str) -> String {
    let error = error_of(move || answer(status, body)).await;
    let Error::UnexpectedResponse {
        status: found,
        message,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(found, status);
    message
}

#[tokio::test]
async fn api_error_keeps_all_details() {
    let error = error_of(|| {
        answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            json!({"detail": [
                {"loc": ["body", "parts", 3, "etag"], "msg": "Field required", "type": "missing", "input": {"a": 1}},
                {"loc": [], "msg": "Too short", "type": "string_too_short", "ctx": {"min_length": 1}},
            ]})
            .to_string(),
        )
    })
    .await;
    assert_eq!(
        error.to_string(),
        "the API refused with 422 Unprocessable Entity: \
         body.parts.3.etag: Field required (missing); Too short (string_too_short)"
    );
    assert_eq!(error.error_type(), Some("missing"));
    assert!(!error.is_transient() && !error.is_not_found());
    let Error::Api { errors, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(errors[0].input, Some(json!({"a": 1})));
    assert_eq!(errors[1].ctx["min_length"], 1);
}

#[tokio::test]
async fn undocumented_status_is_an_api_error() {
    let body = refusal("rate_limited", &json!({})).to_string();
    let error = error_of(move || {
        with_header(
            StatusCode::TOO_MANY_REQUESTS,
            "retry-after",
            "7",
            body.clone(),
        )
    })
    .await;
    assert_eq!(error.error_type(), Some("rate_limited"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.is_transient());
}

#[tokio::test]
async fn other_error_responses_are_unexpected() {
    let router = r#"{"request_id": "r1", "message": "Not Found"}"#;
    assert_eq!(
        unexpected(StatusCode::NOT_FOUND, router).await,
        "Not Found (request r1)"
    );
    assert_eq!(
        unexpected(StatusCode::NOT_FOUND, r#"{"error": "no"}"#).await,
        r#"{"error": "no"}"#
    );
    assert_eq!(
        unexpected(StatusCode::NOT_FOUND, r#"{"detail": []}"#).await,
        r#"{"detail": []}"#
    );
    assert_eq!(unexpected(StatusCode::UNAUTHORIZED, "").await, "");
    assert_eq!(
        unexpected(StatusCode::SERVICE_UNAVAILABLE, "<html>down</html>").await,
        "<html>down</html>"
    );
    assert_eq!(
        unexpected(StatusCode::BAD_GATEWAY, "bad gateway").await,
        "bad gateway"
    );
    assert_eq!(unexpected(StatusCode::IM_A_TEAPOT, "[1]").await, "[1]");
}

#[tokio::test]
async fn busy_proxy_is_transient() {
    let error = error_of(|| {
        with_header(
            StatusCode::SERVICE_UNAVAILABLE,
            "retry-after",
            "3",
            "<html>",
        )
    })
    .await;
    assert!(error.is_transient());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = |received: Received| {
        assert_ne!(received.path, "/elsewhere");
        std::future::ready(with_header(StatusCode::FOUND, "location", "/elsewhere", ""))
    };
    let server = serve(elsewhere).await;
    let error = error_at(&server.url).await;
    assert_eq!(error.status(), Some(StatusCode::FOUND));
}

#[tokio::test]
async fn invalid_success_is_an_error_without_body() {
    let body = json!({"id": format!("https://s3?X-Amz-Signature={SIGNATURE}")}).to_string();
    let error = error_of(move || answer(StatusCode::OK, body.clone())).await;
    assert!(matches!(error, Error::InvalidResponse(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains(SIGNATURE));

    let error = error_of(|| answer(StatusCode::ACCEPTED, "{}")).await;
    assert!(matches!(error, Error::InvalidResponse(_)), "{error}");
}

#[tokio::test]
async fn transport_error_shows_no_secrets() {
    let error = error_of(|| Reply::Reset).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for error in [error, error_at(&nobody).await] {
        assert!(
            matches!(
                error,
                Error::Transport {
                    peer: Peer::Api,
                    ..
                }
            ),
            "{error}"
        );
        assert!(error.is_transient());
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains(TOKEN) && !shown.contains(&JOB.to_string()),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn invalid_request_is_not_sent() {
    let client = Client::new("http://127.0.0.1:9", TOKEN).unwrap();
    let error = client
        .api()
        .get_job()
        .job_id("no UUID")
        .send()
        .await
        .map_err(Error::from)
        .unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
}
