//! Streams of events.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::ACCEPT;
use restow_sdk::{Client, Error, EventType, RetryPolicy};
use serde_json::json;

use crate::fake::{DATASET, JOB, refusal};
use crate::server::{Reply, Server, json as json_answer, serve, with_headers};

const MEDIA_TYPE: (&str, &str) = ("content-type", "text/event-stream");

/// An event as the server sends it.
fn sent(id: i64, event_type: &str) -> String {
    let event = json!({
        "id": id, "time": "2026-03-01T08:00:00Z", "type": event_type, "dataset_id": DATASET, "job_id": JOB,
        "version": null, "actor": null, "outcome": "done", "reason": null, "before": null, "after": null,
    });
    format!("id: {id}\nevent: {event_type}\ndata: {event}\n\n")
}

/// A server with these replies to requests for events, in turn, and the last events that clients said they have seen.
async fn events(replies: Vec<Reply>) -> (Server, Client, Arc<Mutex<Vec<Option<String>>>>) {
    let seen: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let (noted, replies) = (Arc::clone(&seen), Mutex::new(replies.into_iter()));
    let server = serve(move |received| {
        assert_eq!(received.headers[ACCEPT], "text/event-stream");
        let last = received.headers.get("last-event-id");
        let last = last.map(|value| value.to_str().unwrap().to_string());
        noted.lock().unwrap().push(last);
        let reply = replies.lock().unwrap().next().expect("one more request");
        std::future::ready(reply)
    })
    .await;
    let retry = RetryPolicy {
        retries: 3,
        initial_delay: Duration::from_millis(1),
        ..RetryPolicy::default()
    };
    let client = Client::builder(&server.url, "token").retry(retry);
    (server, client.build().unwrap(), seen)
}

fn whole(text: String) -> Reply {
    Reply::Answer(with_headers(StatusCode::OK, &[MEDIA_TYPE], text.into()))
}

fn unavailable() -> Reply {
    json_answer(
        StatusCode::SERVICE_UNAVAILABLE,
        &refusal("unavailable", &json!({})),
    )
}

#[tokio::test]
async fn stream_is_resumed_behind_its_last_event() {
    let text = sent(7, "job.created") + &sent(8, "job.completing");
    let half = text.len() + 20;
    let broken = text + &sent(9, "job.ready");
    let broken = with_headers(StatusCode::OK, &[MEDIA_TYPE], broken.into());
    let rest = sent(9, "job.ready") + &sent(12, "job.committed") + &sent(13, "version.committed");
    let replies = vec![
        Reply::Cut(broken, half),
        unavailable(),
        Reply::Reset,
        whole(rest),
    ];
    let (_server, client, seen) = events(replies).await;
    let mut stream = client.job_events(JOB);
    let mut received = Vec::new();
    while let Some(event) = stream.next().await.unwrap() {
        received.push((event.id, EventType::of(&event)));
    }
    assert_eq!(
        received,
        [
            (7, EventType::JobCreated),
            (8, EventType::JobCompleting),
            (9, EventType::JobReady),
            (12, EventType::JobCommitted),
            (13, EventType::VersionCommitted),
        ]
    );
    assert_eq!(stream.last_id(), Some(13));
    let eight = || Some("8".to_string());
    assert_eq!(*seen.lock().unwrap(), [None, eight(), eight(), eight()]);
}

#[tokio::test]
async fn refused_stream_is_an_error() {
    let refused = json_answer(StatusCode::NOT_FOUND, &refusal("not_found", &json!({})));
    let (_server, client, seen) = events(vec![refused]).await;
    let error = client
        .dataset_events(DATASET)
        .after(3)
        .next()
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(*seen.lock().unwrap(), [Some("3".to_string())]);

    let (_server, client, _) = events((0..4).map(|_| unavailable()).collect()).await;
    let error = client.dataset_events(DATASET).next().await.unwrap_err();
    assert!(
        matches!(&error, Error::Api { status, .. } if *status == 503),
        "{error}"
    );
}
