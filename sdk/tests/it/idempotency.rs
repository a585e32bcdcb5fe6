//! Retries of operations that create something.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::StatusCode;
use restow_sdk::generated::types::{DatasetNameRequest, PresignedUploadRequest};
use restow_sdk::{Client, RetryPolicy};
use serde_json::json;
use uuid::Uuid;

use crate::fake::{DATASET, JOB, TOKEN};
use crate::server::{Reply, Server, json as json_answer, serve};

/// A server that answers every third request, and the idempotency keys that it has received.
struct Lossy {
    server: Server,
    keys: Arc<Mutex<Vec<String>>>,
}

impl Lossy {
    async fn start() -> Self {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let seen = keys.clone();
        let server = serve(move |received| {
            let mut keys = seen.lock().unwrap();
            let key = received.headers.get("idempotency-key");
            keys.push(key.map_or("none", |key| key.to_str().unwrap()).to_string());
            let reply = if keys.len() % 3 == 0 {
                created(&received.path)
            } else {
                Reply::Reset
            };
            std::future::ready(reply)
        });
        Self {
            server: server.await,
            keys,
        }
    }

    fn client(&self) -> Client {
        let delay = Duration::from_millis(1);
        let policy = RetryPolicy {
            retries: 5,
            initial_delay: delay,
            max_delay: delay,
        };
        let builder = Client::builder(&self.server.url, TOKEN).retry(policy);
        builder.build().unwrap()
    }

    /// The keys of the requests so far, and how many different ones there are.
    fn keys(&self) -> (Vec<String>, usize) {
        let keys = self.keys.lock().unwrap().clone();
        let different = keys.iter().collect::<BTreeSet<_>>().len();
        (keys, different)
    }
}

fn created(path: &str) -> Reply {
    let time = "2026-01-01T00:00:00Z";
    let body = if path.ends_with("/presigned") {
        json!({"job_id": JOB, "urls": ["https://s3.example/key"], "s3_key": "key"})
    } else {
        json!({"id": DATASET, "name": "rows", "owner": "o", "created_at": time, "updated_at": time, "policy": {"auto_commit": false}})
    };
    json_answer(StatusCode::CREATED, &body)
}

async fn create_dataset(client: &Client) -> Uuid {
    let body = DatasetNameRequest::builder().name("rows");
    let operation = || client.api().create_dataset().body(body.clone()).send();
    client.call(operation).await.unwrap().id
}

#[tokio::test]
async fn attempts_of_one_call_share_a_key() {
    let lossy = Lossy::start().await;
    let client = lossy.client();
    assert_eq!(create_dataset(&client).await, DATASET);
    let (keys, different) = lossy.keys();
    assert_eq!((keys.len(), different), (3, 1), "{keys:?}");
    let key = keys[0].trim_matches('"');
    assert!(Uuid::parse_str(key).is_ok(), "{key}");

    let body = PresignedUploadRequest::builder()
        .filename("rows.csv")
        .file_size(7);
    let operation = || {
        let request = client.api().request_presigned_reupload();
        request.dataset_id(DATASET).body(body.clone()).send()
    };
    assert_eq!(client.call(operation).await.unwrap().job_id, JOB);
    let (keys, different) = lossy.keys();
    assert_eq!((keys.len(), different), (6, 2), "{keys:?}");
}

#[tokio::test]
async fn each_call_has_a_new_key() {
    let lossy = Lossy::start().await;
    let client = lossy.client();
    create_dataset(&client).await;
    create_dataset(&client).await;
    for _ in 0..2 {
        let body = DatasetNameRequest::builder().name("rows");
        let outcome = client.api().create_dataset().body(body).send().await;
        assert!(outcome.is_err(), "the response should have been lost");
    }
    let (keys, different) = lossy.keys();
    assert_eq!((keys.len(), different), (8, 4), "{keys:?}");
}

#[tokio::test]
async fn key_of_the_caller_is_kept() {
    let lossy = Lossy::start().await;
    let client = lossy.client();
    let body = DatasetNameRequest::builder().name("rows");
    let operation = || {
        let request = client.api().create_dataset().idempotency_key("mine");
        request.body(body.clone()).send()
    };
    client.call(operation).await.unwrap();
    assert_eq!(lossy.keys().0, ["mine"; 3]);
}

#[tokio::test]
async fn other_operations_have_no_key() {
    let lossy = Lossy::start().await;
    let client = lossy.client();
    let deletion = client.api().delete_dataset().dataset_id(DATASET).send();
    assert!(deletion.await.is_err());
    assert_eq!(lossy.keys().0, ["none"]);
}
