//! Bodies that end early, and bodies that end late.

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use reqwest::header::CONTENT_LENGTH;
use tokio::task::JoinHandle;

use crate::fixture::{Endpoint, until};

/// A PUT whose body is sent piece by piece.
pub struct SlowPut {
    pub pieces: mpsc::Sender<&'static str>,
    pub response: JoinHandle<reqwest::Result<reqwest::Response>>,
}

impl SlowPut {
    /// Begins to send `length` bytes, and waits until the endpoint receives them.
    pub async fn begin(endpoint: &Endpoint, url: &str, length: usize, first: &'static str) -> Self {
        let (mut pieces, body) = mpsc::channel(0);
        let body = reqwest::Body::wrap_stream(body.map(Ok::<_, std::io::Error>));
        let request = reqwest::Client::new()
            .put(url)
            .header(CONTENT_LENGTH, length)
            .body(body);
        let response = tokio::spawn(request.send());
        pieces.send(first).await.expect("a piece is sent");
        until("the body to arrive", || endpoint.incoming() == 1).await;
        Self { pieces, response }
    }

    pub async fn finish(mut self, last: &'static str) -> reqwest::Response {
        self.pieces.send(last).await.expect("a piece is sent");
        drop(self.pieces);
        self.response.await.expect("no panic").expect("a response")
    }
}

#[tokio::test]
async fn truncated_body_is_not_stored() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let url = endpoint.part_url("key", &id, 1, 10).await;
    let put = SlowPut::begin(&endpoint, &url, 10, "12345").await;
    put.response.abort();
    until("the rest to be removed", || endpoint.incoming() == 0).await;
    assert_eq!(endpoint.part_numbers("key", &id).await, Ok(vec![]));
}

#[tokio::test]
async fn part_arriving_during_completion_changes_nothing() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let etag = endpoint
        .upload("key", &id, 1, b"0123456789")
        .await
        .expect("a part");
    let url = endpoint.part_url("key", &id, 1, 10).await;
    let put = SlowPut::begin(&endpoint, &url, 10, "abcde").await;
    endpoint
        .complete("key", &id, &[(1, &etag)])
        .await
        .expect("an object");
    assert_eq!(put.finish("fghij").await.status(), 404);
    assert_eq!(endpoint.get("key").await, Ok(b"0123456789".to_vec()));
    assert_eq!(endpoint.incoming(), 0);
}
