//! How the endpoint ends, and what it refuses to begin with.

use std::io::ErrorKind;
use std::time::Duration;

use restow_embedded_s3::EmbeddedS3;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::aborted_bodies::SlowPut;
use crate::fixture::{Endpoint, GRACE, config};

#[tokio::test]
async fn running_requests_may_finish() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let url = endpoint.part_url("key", &id, 1, 10).await;
    let put = SlowPut::begin(&endpoint, &url, 10, "12345").await;
    let Endpoint { s3, directory, .. } = endpoint;
    let address = s3.local_addr();
    let stopping = tokio::spawn(s3.shutdown(GRACE));
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(put.finish("67890").await.status(), 200);
    stopping.await.expect("stopped");
    let endpoint = Endpoint::start_in(directory).await;
    assert_eq!(endpoint.part_numbers("key", &id).await, Ok(vec![1]));
}

#[tokio::test]
async fn the_grace_period_ends() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let url = endpoint.part_url("key", &id, 1, 10).await;
    let put = SlowPut::begin(&endpoint, &url, 10, "12345").await;
    endpoint.s3.shutdown(Duration::ZERO).await;
    assert!(put.response.await.expect("no panic").is_err());
}

#[tokio::test]
async fn directory_is_locked_by_one_endpoint() {
    let endpoint = Endpoint::start().await;
    let refused = EmbeddedS3::start(config(&endpoint.directory).await).await;
    assert_eq!(refused.expect_err("in use").kind(), ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_bucket_has_a_valid_name() {
    let directory = TempDir::new().expect("a directory");
    for name in ["", "..", "../escape", "Upper", "a/b"] {
        let mut config = config(&directory).await;
        name.clone_into(&mut config.bucket);
        let refused = EmbeddedS3::start(config).await;
        assert_eq!(
            refused.expect_err("no name").kind(),
            ErrorKind::InvalidInput,
            "{name}"
        );
    }
}
