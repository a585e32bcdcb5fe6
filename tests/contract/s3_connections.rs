//! Connections of the server to S3, which are kept for the next requests.

use anyhow::Result;
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::fixture::Proxied;

/// Requests at the same time.
const CONCURRENCY: usize = 16;

/// How often there are so many.
const ROUNDS: usize = 6;

#[tokio::test]
async fn concurrent_requests_reuse_connections_to_s3() -> Result<()> {
    let proxied = Proxied::start_with(&[])?;
    let system = &proxied.system;
    let dataset_id = system.dataset("rush").await?;
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let body = json!({ "filename": "a.bin", "file_size": 1 });
    for _ in 0..ROUNDS {
        let requests = (0..CONCURRENCY).map(async |_| {
            let request = system.request(Method::POST, &path).json(&body);
            request.send().await
        });
        for response in try_join_all(requests).await? {
            assert_eq!(response.status(), StatusCode::CREATED);
        }
    }
    let (connections, requests) = (proxied.proxy.connections(), proxied.proxy.seen().len());
    assert!(requests >= ROUNDS * CONCURRENCY, "{requests} requests");
    // A connection that is being opened while another one becomes free is kept too.
    assert!(
        connections <= 2 * CONCURRENCY,
        "{connections} connections for {requests} requests"
    );
    Ok(())
}
