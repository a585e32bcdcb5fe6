//! CORS: which origins may use the API.

use anyhow::Result;
use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ALLOW, HeaderMap, ORIGIN, VARY,
};
use reqwest::{Method, Response};

use crate::fixture::System;

const FRIEND: &str = "https://app.example";

async fn preflight(system: &System, path: &str, origin: &str) -> Result<Response> {
    let request = system
        .anonymous(Method::OPTIONS, path)
        .header(ORIGIN, origin);
    let request = request.header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
    Ok(request
        .header(
            ACCESS_CONTROL_REQUEST_HEADERS,
            "authorization, content-type",
        )
        .send()
        .await?)
}

fn granted(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(ACCESS_CONTROL_ALLOW_ORIGIN)
        .and_then(|value| value.to_str().ok())
}

#[tokio::test]
async fn only_allowed_origins_may_call_the_api() -> Result<()> {
    let system = System::start_with(&[(
        "--allowed-origins",
        "https://app.example,http://localhost:3000",
    )])?;
    for path in [
        "/api/datasets",
        "/api/datasets/x/reupload/presigned",
        "/api/jobs/x/commit",
    ] {
        let response = preflight(&system, path, FRIEND).await?;
        assert_eq!(
            (response.status().as_u16(), granted(response.headers())),
            (204, Some(FRIEND))
        );
        assert!(
            response.headers()[ACCESS_CONTROL_ALLOW_METHODS]
                .to_str()?
                .contains("POST")
        );
        assert_eq!(
            response.headers()[ACCESS_CONTROL_ALLOW_HEADERS],
            "authorization, content-type, idempotency-key"
        );
        for stranger in ["https://app.example.evil", "http://app.example", "null"] {
            let response = preflight(&system, path, stranger).await?;
            assert_eq!(granted(response.headers()), None, "{stranger}");
            assert!(
                !response
                    .headers()
                    .contains_key(ACCESS_CONTROL_ALLOW_METHODS)
            );
        }
    }
    // Pages can also read error responses.
    let requests = [
        system.request(Method::GET, "/datasets"),
        system.anonymous(Method::GET, "/api/datasets"),
        system.request(Method::PUT, "/datasets"),
    ];
    for request in requests {
        let response = request.header(ORIGIN, FRIEND).send().await?;
        assert_eq!(
            granted(response.headers()),
            Some(FRIEND),
            "{}",
            response.status()
        );
        assert_eq!(response.headers()[VARY], "Origin");
        assert!(
            response.headers()[ACCESS_CONTROL_EXPOSE_HEADERS]
                .to_str()?
                .contains("retry-after")
        );
    }
    Ok(())
}

#[tokio::test]
async fn no_origin_is_allowed_by_default() -> Result<()> {
    let system = System::start()?;
    let response = preflight(&system, "/api/datasets", FRIEND).await?;
    assert_eq!(
        (response.status().as_u16(), granted(response.headers())),
        (204, None)
    );
    assert_eq!(response.headers()[ALLOW], "GET, HEAD, POST, OPTIONS");
    let response = system
        .request(Method::GET, "/datasets")
        .header(ORIGIN, FRIEND)
        .send()
        .await?;
    assert_eq!(
        (response.status().as_u16(), granted(response.headers())),
        (200, None)
    );
    Ok(())
}

#[tokio::test]
async fn wildcard_allows_any_origin() -> Result<()> {
    let system = System::start_with(&[("--allowed-origins", "*")])?;
    let response = preflight(&system, "/api/datasets", FRIEND).await?;
    assert_eq!(granted(response.headers()), Some("*"));
    Ok(())
}
