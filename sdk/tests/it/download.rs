//! Reading a version's data.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use hyper::StatusCode;
use restow_sdk::{Client, Error, RetryPolicy};
use serde_json::json;

use crate::fake::{DATASET, SIGNATURE, TOKEN};
use crate::server::{Received, Reply, Server, answer, json as json_answer, serve};

const CONTENT: &str = "a,b\n1,2\n";

/// A server of one dataset, whose S3 answers with each of `replies` in turn and then with the content.
async fn server(file_size: usize, replies: Vec<StatusCode>) -> Server {
    let base = Arc::new(OnceLock::<String>::new());
    let (known, turn) = (base.clone(), Arc::new(AtomicUsize::new(0)));
    let handler = move |received: Received| {
        let (base, turn, refused) = (known.clone(), turn.clone(), replies.clone());
        async move {
            if received.path == "/s3/key" {
                assert_eq!(received.headers.get("authorization"), None);
                return object(refused.get(turn.fetch_add(1, Ordering::Relaxed)).copied());
            }
            let current = format!("/api/datasets/{DATASET}/download");
            let third = format!("/api/datasets/{DATASET}/versions/3/download");
            assert!(received.path == current || received.path == third, "{}", received.path);
            let url = format!("{}/s3/key?X-Amz-Signature={SIGNATURE}", base.get().unwrap());
            let filename = if received.path == third { "third.csv" } else { "current.csv" };
            let body = json!({
                "url": url, "expires_at": "2026-01-01T00:00:00Z", "filename": filename,
                "file_size": file_size, "etag": "e-1",
            });
            json_answer(StatusCode::OK, &body)
        }
    };
    let server = serve(handler).await;
    base.set(server.url.clone()).unwrap();
    server
}

fn object(refused: Option<StatusCode>) -> Reply {
    match refused {
        Some(status) => answer(status, "<Error><Code>AccessDenied</Code><Message>Expired</Message></Error>"),
        None => answer(StatusCode::OK, CONTENT),
    }
}

fn client(server: &Server) -> Client {
    let moment = std::time::Duration::from_millis(1);
    let policy = RetryPolicy { retries: 3, first_delay: moment, longest_delay: moment };
    Client::builder(&server.url, TOKEN).retry(policy).build().unwrap()
}

#[tokio::test]
async fn the_current_version_goes_to_a_file() {
    let server = server(CONTENT.len(), vec![StatusCode::SERVICE_UNAVAILABLE]).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.csv");
    let downloaded = client(&server).download(DATASET).to_path(&path).await.unwrap();
    assert_eq!((downloaded.filename.as_str(), downloaded.file_size), ("current.csv", CONTENT.len() as u64));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), CONTENT);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_old_version_goes_to_a_writer() {
    let server = server(CONTENT.len(), vec![]).await;
    let mut written = Vec::new();
    let client = client(&server);
    let downloaded = client.download(DATASET).version(3).to_writer(&mut written).await.unwrap();
    assert_eq!((downloaded.filename.as_str(), written.as_slice()), ("third.csv", CONTENT.as_bytes()));
    let error = client.download(DATASET).version(0).to_writer(&mut written).await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
}

#[tokio::test]
async fn a_download_of_another_length_leaves_the_file_alone() {
    let server = server(CONTENT.len() + 1, vec![]).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.csv");
    std::fs::write(&path, "before").unwrap();
    let error = client(&server).download(DATASET).to_path(&path).await.unwrap_err();
    assert!(matches!(error, Error::WrongLength { expected: 9, received: 8 }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_refusal_of_s3_shows_no_url() {
    let server = server(CONTENT.len(), vec![StatusCode::FORBIDDEN]).await;
    let error = client(&server).download(DATASET).to_writer(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "S3 refused with 403 Forbidden: AccessDenied Expired");
    assert!(!format!("{error:?}").contains(SIGNATURE));
}
