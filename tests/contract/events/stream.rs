//! Streams of events.

use std::time::Duration;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};
use restow_sdk::generated::types::JobStatus;
use restow_sdk::{Error, EventType};
use restow_tests::Postgres;
use restow_tests::postgres::POSTGRES_VARIABLE;
use tokio::time::timeout;
use uuid::Uuid;

use super::rename;
use crate::fixture::{System, csv, eventually, migrate, with_token};

/// Opens a stream; the path is one below `/api`.
pub(super) async fn open(system: &System, path: &str, last: Option<i64>) -> Result<Response> {
    let request = system.request(Method::GET, path);
    let mut request = request.header(ACCEPT, "text/event-stream");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    Ok(request.send().await?)
}

/// The rest of a stream.
pub(super) async fn rest(response: Response) -> Result<String> {
    Ok(response.text().await?)
}

/// The fields of a stream with this name.
pub(super) fn fields<'a>(stream: &'a str, name: &str) -> Vec<&'a str> {
    let lines = stream.lines();
    lines
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .collect()
}

#[tokio::test]
async fn stream_of_a_job_ends_with_it() -> Result<()> {
    let system = System::start_with(&[("--inspect-inline", "0")])?;
    let dataset_id = system.dataset("weather").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    let path = format!("/jobs/{}/events", upload.job_id);
    let response = open(&system, &path, None).await?;
    assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let stream = tokio::spawn(rest(response));
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    let stream = stream.await??;
    let all = [
        "job.created",
        "job.completing",
        "job.inspecting",
        "job.ready",
        "job.committed",
        "version.committed",
    ];
    assert_eq!(fields(&stream, "event"), all, "{stream}");
    assert!(stream.starts_with("retry: "), "{stream}");
    // The first one is where it begins.
    let (begin, ids) = (fields(&stream, "id")[0], &fields(&stream, "id")[1..]);
    assert_eq!(begin, "0");
    let data: serde_json::Value = serde_json::from_str(fields(&stream, "data")[5])?;
    assert_eq!(data["id"].to_string(), ids[5]);
    assert_eq!(
        (&data["version"], &data["actor"]["principal"]),
        (&1.into(), &"default".into())
    );
    // Behind an event, the rest is left.
    for (seen, id) in ids[..5].iter().enumerate() {
        let stream = rest(open(&system, &path, Some(id.parse()?)).await?).await?;
        assert_eq!(fields(&stream, "event"), all[seen + 1..], "behind {id}");
    }
    // A page of the same.
    let page = super::listed(&system, &path).await?;
    let mut types = super::types(&page);
    types.reverse();
    assert_eq!(types, all);
    Ok(())
}

#[tokio::test]
async fn stream_of_a_dataset_has_what_happens_from_now_on() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let other_id = system.dataset("other").await?;
    let path = format!("/datasets/{dataset_id}/events");
    let mut response = open(&system, &path, None).await?;
    // Once it has begun, it misses nothing.
    let begin = response.chunk().await?.context("the stream has ended")?;
    let begin = String::from_utf8(begin.to_vec())?;
    assert!(begin.starts_with("retry: "), "{begin}");
    system.publish(other_id, "rows.csv", csv(1)).await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let mut stream = String::new();
    while !stream.contains("event: version.committed") {
        let chunk = response.chunk().await?.context("the stream has ended")?;
        stream.push_str(std::str::from_utf8(&chunk)?);
    }
    assert_eq!(fields(&stream, "event")[0], "job.created");
    assert!(!stream.contains(&other_id.to_string()), "{stream}");
    // Behind where it began, also for a client that has seen no event.
    let mut again = open(&system, &path, Some(fields(&begin, "id")[0].parse()?)).await?;
    let mut rest = String::new();
    while !rest.contains("event: version.committed") {
        let chunk = again.chunk().await?.context("the stream has ended")?;
        rest.push_str(std::str::from_utf8(&chunk)?);
    }
    assert_eq!(fields(&rest, "event"), fields(&stream, "event"));
    // From the beginning, where the client says so.
    let mut response = open(&system, &path, Some(0)).await?;
    let mut stream = String::new();
    while !stream.contains("event: version.committed") {
        let chunk = response.chunk().await?.context("the stream has ended")?;
        stream.push_str(std::str::from_utf8(&chunk)?);
    }
    assert_eq!(fields(&stream, "event")[0], "dataset.created");
    Ok(())
}

#[tokio::test]
async fn connected_stream_misses_nothing() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let mut events = system.client.dataset_events(dataset_id);
    events.connect().await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let first = events.next().await?.context("the stream has ended")?;
    assert_eq!(first.type_, "job.created");
    Ok(())
}

/// Follows the events of a dataset until the version `last` is committed, and returns the versions.
async fn versions(
    system: &System,
    dataset_id: Uuid,
    after: i64,
    last: i64,
) -> Result<(Vec<i64>, i64)> {
    let mut events = system.client.dataset_events(dataset_id).after(after);
    let mut versions = Vec::new();
    while versions.last() != Some(&last) {
        let event = events.next().await?.context("the stream has ended")?;
        if EventType::of(&event) == EventType::VersionCommitted {
            versions.extend(event.version);
        }
    }
    Ok((versions, events.last_id().context("no event")?))
}

#[tokio::test]
async fn stream_survives_a_restart_of_the_server() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let (first, position) = versions(&system, dataset_id, 0, 1).await?;
    assert_eq!(first, [1]);
    let system = system.kill_and_restart().await?;
    system.publish(dataset_id, "rows.csv", csv(2)).await?;
    let (second, _) = versions(&system, dataset_id, position, 2).await?;
    assert_eq!(second, [2]);
    Ok(())
}

#[tokio::test]
async fn quiet_stream_misses_nothing_during_a_restart() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let mut events = system.client.dataset_events(dataset_id);
    let opened = async {
        while events.last_id().is_none() {
            // It brings no event, and can be cancelled.
            let waited = timeout(Duration::from_secs(1), events.next()).await;
            anyhow::ensure!(waited.is_err(), "{waited:?}");
        }
        Ok(())
    };
    timeout(Duration::from_mins(1), opened)
        .await
        .context("it does not say where it begins")??;
    let system = system.kill_and_restart().await?;
    rename(&system, dataset_id, "climate").await?;
    let event = timeout(Duration::from_mins(1), events.next())
        .await
        .context("the event was missed")??;
    let event = event.context("the stream has ended")?;
    assert_eq!(EventType::of(&event), EventType::DatasetRenamed);
    Ok(())
}

#[tokio::test]
async fn stream_is_continued_by_another_process() -> Result<()> {
    let Some(socket) = std::env::var_os(POSTGRES_VARIABLE).map(std::path::PathBuf::from) else {
        return Ok(());
    };
    let url = Postgres::create_database(&socket, &Uuid::new_v4().simple().to_string())?;
    migrate(&[("RESTOW_DATABASE_URL".to_string(), url.clone())])?;
    let store = System::start()?;
    let mut variables = store.place.environment(&store.place.endpoint);
    variables.push(("RESTOW_DATABASE_URL".to_string(), url));
    let start = || System::start_in(with_token(&variables)?, variables.clone(), &[]);
    let (one, other) = (start()?, start()?);
    let dataset_id = one.dataset("weather").await?;
    // What happens at one is seen at the other, while it happens.
    let following = tokio::spawn({
        let client = other.client.clone();
        async move {
            let mut events = client.dataset_events(dataset_id).after(0);
            while let Some(event) = events.next().await? {
                if EventType::of(&event) == EventType::VersionCommitted {
                    return anyhow::Ok(event.id);
                }
            }
            anyhow::bail!("the stream has ended")
        }
    });
    one.publish(dataset_id, "rows.csv", csv(1)).await?;
    let position = following.await??;
    other.publish(dataset_id, "rows.csv", csv(2)).await?;
    let (second, _) = versions(&one, dataset_id, position, 2).await?;
    assert_eq!(second, [2]);
    Ok(())
}

#[tokio::test]
async fn concurrent_commits_reach_a_stream_once_each() -> Result<()> {
    const DATASETS: usize = 6;
    let system = System::start()?;
    let mut expected = Vec::new();
    let mut followers = Vec::new();
    for number in 0..DATASETS {
        let dataset_id = system.dataset(&format!("dataset {number}")).await?;
        let client = system.client.clone();
        followers.push(tokio::spawn(async move {
            let mut events = client.dataset_events(dataset_id).after(0);
            let mut ids = Vec::new();
            loop {
                let event = events.next().await?.context("the stream has ended")?;
                ids.push(event.id);
                if event.type_ == "version.committed" && event.version == Some(3) {
                    return anyhow::Ok(ids);
                }
            }
        }));
        expected.push(dataset_id);
    }
    let publish = expected.iter().map(async |dataset_id| {
        for rows in 1..=3 {
            system.publish(*dataset_id, "rows.csv", csv(rows)).await?;
        }
        anyhow::Ok(())
    });
    try_join_all(publish).await?;
    for (follower, dataset_id) in followers.into_iter().zip(&expected) {
        let ids = follower.await??;
        let path = format!("/datasets/{dataset_id}/events?limit=1000");
        let mut listed: Vec<_> = super::listed(&system, &path)
            .await?
            .iter()
            .filter_map(|event| event["id"].as_i64())
            .collect();
        listed.reverse();
        assert_eq!(ids, listed);
    }
    Ok(())
}

#[tokio::test]
async fn wait_uses_the_stream_and_polls_where_there_is_none() -> Result<()> {
    let system = System::start_with(&[("--max-event-streams", "1")])?;
    let dataset_id = system.dataset("weather").await?;
    for has_stream in [true, false] {
        let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
        let path = format!("/datasets/{dataset_id}/events");
        // Takes the only place, where the wait is to have none.
        let held = if has_stream {
            None
        } else {
            Some(opened(&system, &path).await)
        };
        let waiting = tokio::spawn({
            let (client, job_id) = (system.client.clone(), upload.job_id);
            async move { client.wait(job_id).await }
        });
        if has_stream {
            let metrics = || system.anonymous(Method::GET, "/metrics").send();
            eventually("the wait has the only place", async || {
                let metrics = metrics().await.ok()?.text().await.ok()?;
                metrics
                    .contains("http_route=\"/api/jobs/{job_id}/events\"")
                    .then_some(())
            })
            .await;
            assert_eq!(open(&system, &path, None).await?.status(), 429);
        }
        upload.cancel().await?;
        let ended = waiting.await?;
        assert!(
            matches!(ended, Err(Error::JobEnded(JobStatus::Cancelled))),
            "{ended:?}"
        );
        drop(held);
    }
    Ok(())
}

/// A stream, once there is a place for it.
async fn opened(system: &System, path: &str) -> Response {
    eventually("there is a place for a stream", async || {
        let response = open(system, path, None).await.ok()?;
        (response.status() == 200).then_some(response)
    })
    .await
}
