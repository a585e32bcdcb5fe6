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

#[tokio::test]
async fn stream_without_events_is_resumed_where_it_began() {
    let opening = "retry: 1000\nid: 41\n\n:\n\n".to_string();
    let replies = vec![whole(opening), whole(sent(42, "dataset.renamed"))];
    let (_server, client, seen) = events(replies).await;
    let mut stream = client.dataset_events(DATASET);
    assert_eq!(stream.last_id(), None);
    let event = stream.next().await.unwrap().unwrap();
    assert_eq!(event.id, 42);
    assert_eq!(*seen.lock().unwrap(), [None, Some("41".to_string())]);
}

#[tokio::test]
async fn reset_moves_a_stream_to_its_beginning() {
    let text = "retry: 1000\nid: 0\n\n".to_string() + &sent(0, "stream.reset");
    let replies = vec![whole(text), whole(sent(3, "dataset.created"))];
    let (_server, client, seen) = events(replies).await;
    let mut stream = client.dataset_events(DATASET).after(5000);
    let event = stream.next().await.unwrap().unwrap();
    assert_eq!(EventType::of(&event), EventType::StreamReset);
    assert_eq!(stream.last_id(), Some(0));
    let event = stream.next().await.unwrap().unwrap();
    assert_eq!(event.id, 3);
    let seen: Vec<_> = seen.lock().unwrap().iter().flatten().cloned().collect();
    assert_eq!(seen, ["5000", "0"]);
}

/// A server whose job has ended, and whose streams bring these in turn.
async fn ended_job(streams: Vec<String>) -> (Server, Client) {
    let streams = Mutex::new(streams.into_iter());
    let job = json!({
        "id": JOB, "dataset_id": DATASET, "status": "cancelled", "filename": "f", "content_type": "c",
        "file_size": 1, "progress": {"phase": "done", "bytes_done": 0, "bytes_total": 0},
        "error": null, "created_at": "2026-03-01T08:00:00Z", "deadline": "2026-03-02T08:00:00Z",
    });
    let server = serve(move |received| {
        let is_stream = received
            .headers
            .get(ACCEPT)
            .is_some_and(|accept| accept == "text/event-stream");
        let reply = if is_stream {
            whole(streams.lock().unwrap().next().expect("one more stream"))
        } else if received.path.ends_with("/events") {
            let data = sent(9, "job.cancelled");
            let data = data.lines().find_map(|line| line.strip_prefix("data: "));
            let event: serde_json::Value = serde_json::from_str(data.unwrap()).unwrap();
            json_answer(
                StatusCode::OK,
                &json!({ "items": [event], "next_page": null }),
            )
        } else {
            json_answer(StatusCode::OK, &job)
        };
        std::future::ready(reply)
    })
    .await;
    let client = Client::new(&server.url, "token").unwrap();
    (server, client)
}

#[tokio::test]
async fn job_is_not_over_before_its_last_event() {
    let opening = "retry: 1000\nid: 0\n\n".to_string();
    let rest = sent(8, "job.created") + &sent(9, "job.cancelled");
    let (_server, client) = ended_job(vec![opening, rest]).await;
    let mut stream = client.job_events(JOB);
    let mut received = Vec::new();
    while let Some(event) = stream.next().await.unwrap() {
        received.push(event.id);
    }
    assert_eq!(received, [8, 9]);
    // Behind its last event, nothing is left.
    let (_server, client) = ended_job(vec!["retry: 1000\nid: 9\n\n".to_string()]).await;
    let mut stream = client.job_events(JOB).after(9);
    assert!(stream.next().await.unwrap().is_none());
}
