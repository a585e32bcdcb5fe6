//! What a stream does next.

use std::collections::HashSet;

use anyhow::{Context as _, Result};
use aws_credential_types::Credentials;
use aws_sdk_s3::config::SharedCredentialsProvider;
use tempfile::TempDir;

use super::*;
use crate::app::Settings;
use crate::clock;
use crate::event::StreamLimits;
use crate::event::feed::Subjects;
use crate::storage::{Addressing, Storage, StorageConfig};
use crate::store::Store;

/// A dataset with one event, and what streams are made of.
struct Site {
    app: Arc<App>,
    scope: EventScope,
    ids: EventIds,
    _directory: TempDir,
}

/// Storage that nothing is sent to.
fn unused_storage() -> Result<Storage> {
    let credentials = Credentials::new("access", "secret", None, None, "test");
    let config = StorageConfig {
        is_embedded: false,
        endpoint: Some("http://127.0.0.1:9".to_string()),
        public_endpoint: None,
        bucket: "restow".to_string(),
        region: "us-east-1".to_string(),
        addressing: Addressing::Path,
        prefix: String::new(),
        credentials: SharedCredentialsProvider::new(credentials),
        upload_credentials: None,
    };
    Storage::new(config).map_err(anyhow::Error::msg)
}

impl Site {
    async fn new() -> Result<Self> {
        let directory = TempDir::new()?;
        let store = Store::open_file(&directory.path().join("restow.sqlite")).await?;
        store.migrate().await?;
        let now = clock::now();
        let principal = store.ensure_principal("alice", now).await?;
        let dataset = store
            .create_dataset(principal.id, "weather", None, now)
            .await?;
        let ids = store.event_ids().await?;
        Ok(Self {
            app: App::new(store, unused_storage()?, Settings::default()),
            scope: EventScope::Dataset(dataset.id),
            ids,
            _directory: directory,
        })
    }

    /// A stream with all events still to be read, whose client is checked in an hour.
    fn stream(&self, may_read: bool) -> Result<EventStream> {
        let limits = StreamLimits {
            of_principal: 1,
            of_process: 1,
        };
        Ok(EventStream {
            app: Arc::clone(&self.app),
            scope: self.scope,
            position: 0,
            settled: self.ids.settled,
            is_due: true,
            end: None,
            batches: self.app.events.subscribe(),
            may_read: Box::new(move || Box::pin(std::future::ready(may_read))),
            check_at: Instant::now() + Duration::from_hours(1),
            _place: self.app.events.place(Uuid::nil(), limits)?,
        })
    }

    fn send(&self, settled: i64, subjects: Subjects) {
        self.app.events.send(Batch::Events { settled, subjects });
    }
}

async fn next(stream: &mut EventStream) -> Result<String> {
    let chunk = stream.next().await.context("the stream has ended")?;
    Ok(String::from_utf8(chunk.to_vec())?)
}

#[tokio::test]
async fn client_is_checked_before_events_are_read() -> Result<()> {
    let site = Site::new().await?;
    let mut revoked = site.stream(false)?;
    revoked.check_at = Instant::now();
    assert_eq!(revoked.next().await, None);
    assert_eq!(revoked.position, 0, "events were read");
    drop(revoked);
    let mut permitted = site.stream(true)?;
    permitted.check_at = Instant::now();
    assert_eq!(next(&mut permitted).await?, chunk::HEARTBEAT);
    assert!(next(&mut permitted).await?.contains("dataset.created"));
    Ok(())
}

#[tokio::test]
async fn draining_process_reads_no_more_events() -> Result<()> {
    let site = Site::new().await?;
    let mut stream = site.stream(true)?;
    site.app.draining.cancel();
    assert_eq!(stream.next().await, None);
    assert_eq!(stream.position, 0, "events were read");
    Ok(())
}

#[tokio::test]
async fn stream_ends_once_its_last_events_are_settled() -> Result<()> {
    let site = Site::new().await?;
    let mut stream = site.stream(true)?;
    // As for a job that has ended, while another transaction began to write before it did.
    stream.settled = 0;
    stream.end = Some(site.ids.last);
    site.send(0, Subjects::All);
    site.send(site.ids.settled, Subjects::Named(HashSet::default()));
    assert!(next(&mut stream).await?.contains("dataset.created"));
    assert_eq!(stream.next().await, None);
    Ok(())
}

#[tokio::test]
async fn check_reads_what_batches_left_out() -> Result<()> {
    let site = Site::new().await?;
    let mut stream = site.stream(true)?;
    (stream.settled, stream.is_due) = (0, false);
    stream.check_at = Instant::now();
    assert_eq!(next(&mut stream).await?, chunk::HEARTBEAT);
    assert!(next(&mut stream).await?.contains("dataset.created"));
    Ok(())
}

#[tokio::test]
async fn stream_ends_when_numbers_go_back() -> Result<()> {
    let site = Site::new().await?;
    let mut notified = site.stream(true)?;
    notified.is_due = false;
    site.app.events.send(Batch::Reset);
    assert_eq!(notified.next().await, None);
    drop(notified);
    let mut checked = site.stream(true)?;
    checked.settled = site.ids.last + 1;
    checked.check_at = Instant::now();
    assert_eq!(checked.next().await, None);
    Ok(())
}
