//! Reading a version's data.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use hyper::{Method, StatusCode};
use md5::{Digest, Md5};
use restow_sdk::{
    CancellationToken, Client, DownloadBuilder, DownloadProgress, Error, RetryPolicy, Verification,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{DATASET, JOB, SIGNATURE, TOKEN, refusal};
use crate::server::{
    Received, Reply, Server, answer, json as json_answer, serve, with_header, with_headers,
};

/// Size of a part in bytes: the content has four, the last of them short.
const PART_SIZE: usize = 300;

fn content() -> Bytes {
    (0..1000_u32)
        .map(|index| ((index * 31) >> 2).to_le_bytes()[0])
        .collect()
}

fn etag(content: &[u8]) -> String {
    let mut parts = Md5::new();
    content
        .chunks(PART_SIZE)
        .for_each(|part| parts.update(Md5::digest(part)));
    format!(
        "{}-{}",
        hex::encode(parts.finalize()),
        content.len().div_ceil(PART_SIZE)
    )
}

/// Fault of one GET of S3.
#[derive(Clone, Copy)]
enum Fault {
    Refuse(StatusCode),
    /// Close the connection after this many bytes.
    Cut(usize),
    /// Ignore the range and send everything.
    IgnoreRange,
    /// Never respond.
    Hang,
}

/// State and received requests of the server.
struct State {
    base: String,
    content: Bytes,
    file_size: usize,
    etag: String,
    current_version: Option<u64>,
    /// Headers of S3's responses.
    headers: Vec<(&'static str, &'static str)>,
    /// Faults of GETs to come, in order.
    faults: Vec<Fault>,
    /// `Range` of each GET.
    ranges: Vec<Option<String>>,
    /// Number of signed URLs.
    signed: usize,
}

struct Fake {
    server: Server,
    state: Arc<Mutex<State>>,
    directory: TempDir,
}

impl Fake {
    async fn start() -> Self {
        let content = content();
        let state = Arc::new(Mutex::new(State {
            base: String::new(),
            file_size: content.len(),
            etag: etag(&content),
            content,
            current_version: Some(7),
            headers: Vec::new(),
            faults: Vec::new(),
            ranges: Vec::new(),
            signed: 0,
        }));
        let shared = state.clone();
        let server = serve(move |received| {
            let shared = shared.clone();
            async move { handle(&mut shared.lock().unwrap(), &received) }
        })
        .await;
        state.lock().unwrap().base.clone_from(&server.url);
        Self {
            server,
            state,
            directory: TempDir::new().unwrap(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn client(&self) -> Client {
        self.client_that_waits(Duration::from_millis(300))
    }

    fn client_that_waits(&self, stall_timeout: Duration) -> Client {
        let moment = Duration::from_millis(1);
        let policy = RetryPolicy {
            retries: 3,
            initial_delay: moment,
            max_delay: moment,
        };
        let builder = Client::builder(&self.server.url, TOKEN).retry(policy);
        builder.stall_timeout(stall_timeout).build().unwrap()
    }

    fn path(&self) -> std::path::PathBuf {
        self.directory.path().join("data.csv")
    }

    fn request<'a>(&self, client: &'a Client) -> DownloadBuilder<'a> {
        client
            .download(DATASET)
            .state_dir(self.directory.path().join("state"))
    }

    async fn download(&self) -> restow_sdk::Result<restow_sdk::DownloadOutcome> {
        self.request(&self.client()).to_path(self.path()).await
    }
}

fn handle(state: &mut State, received: &Received) -> Reply {
    if received.path == "/s3/key" {
        assert_eq!(received.headers.get("authorization"), None);
        return object(state, received);
    }
    assert_eq!(received.method, Method::GET);
    let path = received
        .path
        .replace(&DATASET.to_string(), "D")
        .replace(&JOB.to_string(), "J");
    let body = match path.as_str() {
        "/api/datasets/D" => json!({
            "id": DATASET, "name": "d", "owner": "o", "current_version": state.current_version,
            "created_at": "2026-01-01T00:00:00Z", "policy": {"auto_commit": false}, "updated_at": "2026-01-01T00:00:00Z",
        }),
        "/api/datasets/D/versions/7" | "/api/datasets/D/versions/3" => json!({
            "dataset_id": DATASET, "version": 7, "job_id": JOB, "filename": "f", "content_type": "c",
            "file_size": state.file_size, "etag": state.etag, "columns": [], "created_at": "2026-01-01T00:00:00Z",
        }),
        "/api/datasets/D/versions/7/download" => download(state, "current.csv"),
        "/api/datasets/D/versions/3/download" => download(state, "third.csv"),
        "/api/jobs/J" => json!({
            "id": JOB, "dataset_id": DATASET, "status": "committed", "filename": "f", "content_type": "c",
            "file_size": state.file_size, "part_size": PART_SIZE,
            "progress": {"phase": "done", "bytes_done": 0, "bytes_total": 0},
            "created_at": "2026-01-01T00:00:00Z", "deadline": "2026-01-02T00:00:00Z",
        }),
        _ => return json_answer(StatusCode::NOT_FOUND, &refusal("not_found", &json!({}))),
    };
    json_answer(StatusCode::OK, &body)
}

fn download(state: &mut State, filename: &str) -> Value {
    state.signed += 1;
    json!({
        "url": format!("{}/s3/key?X-Amz-Signature={SIGNATURE}", state.base), "filename": filename,
        "head_url": format!("{}/s3/key?X-Amz-Signature={SIGNATURE}", state.base),
        "expires_at": "2026-01-01T00:00:00Z", "file_size": state.file_size, "etag": state.etag,
    })
}

fn object(state: &mut State, received: &Received) -> Reply {
    let range = received
        .headers
        .get("range")
        .map(|range| range.to_str().unwrap().to_string());
    state.ranges.push(range.clone());
    let fault = (!state.faults.is_empty()).then(|| state.faults.remove(0));
    let from = range.map(|range| {
        range["bytes=".len()..range.len() - 1]
            .parse::<usize>()
            .unwrap()
    });
    let rest = state.content.slice(from.unwrap_or(0)..);
    let status = if from.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    match fault {
        Some(Fault::Refuse(status)) => answer(
            status,
            "<Error><Code>AccessDenied</Code><Message>Expired</Message></Error>",
        ),
        Some(Fault::Cut(bytes)) => Reply::Cut(with_headers(status, &state.headers, rest), bytes),
        Some(Fault::IgnoreRange) => {
            with_header(StatusCode::OK, "server", "odd", state.content.clone())
        }
        Some(Fault::Hang) => Reply::Never,
        None => Reply::Answer(with_headers(status, &state.headers, rest)),
    }
}

fn is_refused(error: &Error, refused: &Path, kind: ErrorKind) -> bool {
    matches!(error, Error::File { path, source } if path == refused && source.kind() == kind)
}

fn entries(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name != "state");
    names.sort();
    names
}

#[tokio::test]
async fn current_version_downloads_to_a_file() {
    let fake = Fake::start().await;
    fake.state().faults = vec![Fault::Refuse(StatusCode::SERVICE_UNAVAILABLE)];
    let downloaded = fake.download().await.unwrap();
    assert_eq!(
        (downloaded.filename.as_str(), downloaded.version),
        ("current.csv", 7)
    );
    assert_eq!((downloaded.file_size, downloaded.bytes_held), (1000, 0));
    assert_eq!(downloaded.verification, Verification::Md5);
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());
    assert_eq!(entries(fake.directory.path()), ["data.csv"]);
}

#[tokio::test]
async fn old_version_downloads_to_a_writer() {
    let fake = Fake::start().await;
    let mut written = Vec::new();
    let client = fake.client();
    let downloaded = client
        .download(DATASET)
        .version(3)
        .to_writer(&mut written)
        .await
        .unwrap();
    assert_eq!(
        (downloaded.filename.as_str(), written),
        ("third.csv", content().to_vec())
    );
    let error = client
        .download(DATASET)
        .version(0)
        .to_writer(&mut Vec::new())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
    fake.state().current_version = None;
    assert!(
        client
            .download(DATASET)
            .to_writer(&mut Vec::new())
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn broken_connection_is_resumed() {
    let fake = Fake::start().await;
    fake.state().faults = vec![
        Fault::Cut(1),
        Fault::Hang,
        Fault::Refuse(StatusCode::FORBIDDEN),
        Fault::Cut(500),
        Fault::IgnoreRange,
    ];
    let mut written = Vec::new();
    let heard = Mutex::new(Vec::<DownloadProgress>::new());
    let client = fake.client();
    let request = client
        .download(DATASET)
        .on_progress(|progress| heard.lock().unwrap().push(*progress));
    let downloaded = request.to_writer(&mut written).await.unwrap();
    assert_eq!(written, content());
    assert_eq!(downloaded.verification, Verification::Md5);
    let heard = heard.into_inner().unwrap();
    assert!(
        heard
            .windows(2)
            .all(|pair| pair[0].bytes_done <= pair[1].bytes_done)
    );
    assert_eq!(
        heard.last().map(|last| (last.bytes_done, last.retries)),
        Some((1000, 4))
    );
    let state = fake.state();
    assert_eq!(state.signed, 2);
    let ranges: Vec<_> = state.ranges.iter().map(Option::as_deref).collect();
    assert_eq!(ranges[0], None);
    assert_eq!(
        ranges[1..],
        ["bytes=1-", "bytes=1-", "bytes=1-", "bytes=501-"].map(Some)
    );
}

#[tokio::test]
async fn next_call_resumes_the_partial_file() {
    let fake = Fake::start().await;
    fake.state().faults = vec![Fault::Cut(700), Fault::Refuse(StatusCode::NOT_FOUND)];
    let error = fake.download().await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::S3 {
                status: StatusCode::NOT_FOUND,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(entries(fake.directory.path()), ["data.csv.partial"]);
    let downloaded = fake.download().await.unwrap();
    assert_eq!(downloaded.bytes_held, 700);
    assert_eq!(downloaded.verification, Verification::Md5);
    assert_eq!(
        fake.state().ranges.last().unwrap().as_deref(),
        Some("bytes=700-")
    );
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());
    assert_eq!(entries(fake.directory.path()), ["data.csv"]);
}

#[tokio::test]
async fn partial_file_of_another_version_is_replaced() {
    let fake = Fake::start().await;
    fake.state().faults = vec![Fault::Cut(700), Fault::Refuse(StatusCode::NOT_FOUND)];
    fake.download().await.unwrap_err();
    let client = fake.client();
    let downloaded = fake
        .request(&client)
        .version(3)
        .to_path(fake.path())
        .await
        .unwrap();
    assert_eq!((downloaded.bytes_held, downloaded.version), (0, 3));
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());

    // Nor is a file without a record.
    std::fs::write(
        fake.directory.path().join("data.csv.partial"),
        "something else",
    )
    .unwrap();
    assert_eq!(fake.download().await.unwrap().bytes_held, 0);
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());
}

#[tokio::test]
async fn existing_file_is_kept_unless_replacing() {
    let fake = Fake::start().await;
    let client = fake.client();
    let pending = || fake.request(&client).replace(false).to_path(fake.path());
    for path in [fake.path(), fake.directory.path().join("data.csv.partial")] {
        std::fs::write(&path, "before").unwrap();
        let error = pending().await.unwrap_err();
        assert!(
            is_refused(&error, &path, ErrorKind::AlreadyExists),
            "{error:?}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"before");
        std::fs::remove_file(&path).unwrap();
    }
    assert!(fake.state().ranges.is_empty(), "nothing was read");

    fake.state().faults = vec![Fault::Cut(700), Fault::Refuse(StatusCode::NOT_FOUND)];
    pending().await.unwrap_err();
    assert_eq!(
        pending().await.unwrap().bytes_held,
        700,
        "its own partial file does not block it"
    );
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());
    assert_eq!(entries(fake.directory.path()), ["data.csv"]);
}

#[cfg(unix)]
#[tokio::test]
async fn links_to_a_directory_share_the_record() {
    let fake = Fake::start().await;
    let elsewhere = TempDir::new().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(fake.directory.path(), &link).unwrap();
    fake.state().faults = vec![Fault::Cut(700), Fault::Refuse(StatusCode::NOT_FOUND)];
    fake.download().await.unwrap_err();
    let client = fake.client();
    let downloaded = fake
        .request(&client)
        .replace(false)
        .to_path(link.join("data.csv"))
        .await
        .unwrap();
    assert_eq!(downloaded.bytes_held, 700);
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());
}

#[tokio::test]
async fn corrupted_download_is_detected_and_removed() {
    let fake = Fake::start().await;
    std::fs::write(fake.path(), "before").unwrap();
    fake.state().faults = vec![Fault::Cut(700), Fault::Refuse(StatusCode::NOT_FOUND)];
    fake.download().await.unwrap_err();
    let partial = fake.directory.path().join("data.csv.partial");
    let mut bytes = std::fs::read(&partial).unwrap();
    bytes[3] ^= 1;
    std::fs::write(&partial, bytes).unwrap();
    let error = fake.download().await.unwrap_err();
    assert!(
        matches!(error, Error::Corrupted { part_number: None }),
        "{error}"
    );
    assert_eq!(entries(fake.directory.path()), ["data.csv"]);
    assert_eq!(std::fs::read(fake.path()).unwrap(), b"before");
    assert_eq!(fake.download().await.unwrap().bytes_held, 0);
    assert_eq!(std::fs::read(fake.path()).unwrap(), content());
}

#[tokio::test]
async fn opaque_etags_are_not_verified() {
    for (etag, headers, is_verified) in [
        ("opaque", vec![], true),
        (
            "d41d8cd98f00b204e9800998ecf8427e-4",
            vec![("x-amz-server-side-encryption", "aws:kms")],
            true,
        ),
        ("d41d8cd98f00b204e9800998ecf8427e-4", vec![], false),
    ] {
        let fake = Fake::start().await;
        fake.state().etag = etag.to_string();
        fake.state().headers = headers;
        let client = fake.client();
        let downloaded = client
            .download(DATASET)
            .verify(is_verified)
            .to_writer(&mut Vec::new())
            .await
            .unwrap();
        assert_eq!(downloaded.verification, Verification::Length);
    }
}

#[tokio::test]
async fn wrong_length_keeps_the_existing_file() {
    let fake = Fake::start().await;
    fake.state().file_size = 901;
    std::fs::write(fake.path(), "before").unwrap();
    let error = fake.download().await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::WrongLength {
                expected: 901,
                received: 1000
            }
        ),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(fake.path()).unwrap(), "before");
}

#[tokio::test]
async fn file_is_written_by_one_process() {
    let fake = Fake::start().await;
    fake.state().faults = vec![Fault::Hang];
    let client = fake.client_that_waits(Duration::from_mins(1));
    let token = CancellationToken::new();
    let first = fake
        .request(&client)
        .cancel_on(token.clone())
        .to_path(fake.path());
    let no_directory = fake.directory.path().join("no directory");
    std::fs::write(&no_directory, "").unwrap();
    let others = async {
        while fake.state().ranges.is_empty() {
            tokio::task::yield_now().await;
        }
        let mut errors = vec![fake.download().await.unwrap_err()];
        for state_dir in [fake.directory.path().join("state/other"), no_directory] {
            errors.push(
                fake.request(&client)
                    .state_dir(state_dir)
                    .to_path(fake.path())
                    .await
                    .unwrap_err(),
            );
        }
        token.cancel();
        errors
    };
    let (first, others) = tokio::join!(first, others);
    assert!(matches!(first, Err(Error::Cancelled)));
    let partial = fake.directory.path().join("data.csv.partial");
    for error in others {
        assert!(
            is_refused(&error, &partial, ErrorKind::ResourceBusy),
            "{error:?}"
        );
    }
    fake.state().faults.clear();
    assert_eq!(fake.download().await.unwrap().file_size, 1000);
}

#[tokio::test]
async fn s3_error_shows_no_url() {
    let fake = Fake::start().await;
    fake.state().faults = vec![Fault::Refuse(StatusCode::FORBIDDEN); 4];
    let error = fake
        .client()
        .download(DATASET)
        .to_writer(&mut Vec::new())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "S3 refused with 403 Forbidden: AccessDenied Expired"
    );
    assert!(!format!("{error:?}").contains(SIGNATURE));
}

#[tokio::test]
async fn transfers_can_be_spawned() {
    fn sendable<T: Send>(future: T) -> T {
        future
    }
    let client = Client::new("http://localhost", TOKEN).unwrap();
    // Nothing is sent before the futures are polled.
    drop(sendable(client.download(DATASET).to_path("weather.csv")));
    drop(sendable(
        client.download(DATASET).to_writer(&mut Vec::new()),
    ));
    let reupload = client.reupload(DATASET);
    drop(sendable(reupload.bytes("weather.csv", "day\n1\n").send()));
}
