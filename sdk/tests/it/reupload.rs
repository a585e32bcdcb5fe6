//! Uploads with faults.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use hyper::StatusCode;
use restow_sdk::{
    CancellationToken, Client, CommitPolicy, Error, Phase, Progress, Result, ReuploadOutcome,
};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::Barrier;

use crate::fake::{DATASET, Fake, Fault, JOB, SIGNATURE, TOKEN, refusal};
use crate::server::{answer, serve};

/// Six parts of sixteen bytes, the last of them shorter.
pub const CONTENT: &[u8] = b"0123456789abcdef\
    1123456789abcdef2123456789abcdef3123456789abcdef4123456789abcdef5123";

pub struct Local {
    pub path: PathBuf,
    _directory: TempDir,
}

pub fn local() -> Local {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data.csv");
    std::fs::write(&path, CONTENT).unwrap();
    Local {
        path,
        _directory: directory,
    }
}

pub async fn six_parts() -> Fake {
    let fake = Fake::start().await;
    fake.state().part_size = Some(16);
    fake
}

/// Uploads on a separate task, which shows that the future is `Send`.
pub async fn upload(fake: &Fake, path: &Path) -> Result<ReuploadOutcome> {
    let (client, path) = (fake.client(), path.to_owned());
    let task = tokio::spawn(async move { client.reupload(DATASET).file(path).send().await });
    task.await.unwrap()
}

/// Has a file rewritten at each PUT, without a new time of modification.
fn rewrites_at_each_put(fake: &Fake, path: &Path) {
    let path = path.to_owned();
    let content = std::fs::read(&path).unwrap().to_ascii_uppercase();
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    fake.state().observer = Some(Box::new(move |_| {
        std::fs::write(&path, &content).unwrap();
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(modified)
            .unwrap();
    }));
}

/// Uploads to a server with faults, and asserts that the object is complete.
async fn tolerates(faults: &[(u64, Fault)]) -> Fake {
    let (fake, local) = (six_parts().await, local());
    fake.state().faults = faults.to_vec();
    upload(&fake, &local.path).await.unwrap();
    assert_eq!(fake.object(), CONTENT);
    assert_eq!(fake.state().offences, Vec::<String>::new());
    fake
}

/// Uploads to a server with too many faults.
async fn fails(faults: &[(u64, Fault)]) -> (Fake, Error) {
    let (fake, local) = (six_parts().await, local());
    fake.state().faults = faults.to_vec();
    let error = upload(&fake, &local.path).await.unwrap_err();
    (fake, error)
}

#[tokio::test]
async fn small_file_is_one_part() {
    let (fake, local) = (Fake::start().await, local());
    let reupload = upload(&fake, &local.path).await.unwrap();
    assert_eq!(reupload.version.unwrap().version, 1);
    assert_eq!(reupload.job.id, JOB);
    assert_eq!(fake.object(), CONTENT);
    let state = fake.state();
    assert_eq!(state.puts, [1]);
    assert_eq!(state.offences, Vec::<String>::new());
    assert_eq!(state.request["filename"], "data.csv");
    assert_eq!(state.request["content_type"], "text/csv");
    assert_eq!((state.completions, state.commits, state.cancels), (1, 1, 0));
}

#[tokio::test]
async fn committed_upload_takes_five_requests() {
    let (fake, local) = (Fake::start().await, local());
    fake.state().statuses = ["committed"].into();
    let reupload = upload(&fake, &local.path).await.unwrap();
    assert_eq!(reupload.version.unwrap().version, 1);
    let mut requests = fake.state().requests.clone();
    // The job and its preview are requested at the same time.
    requests[2..4].sort();
    let expected = [
        "POST /api/datasets/D/reupload/presigned",
        "POST /api/datasets/D/reupload/presigned/J/complete",
        "GET /api/jobs/J",
        "GET /api/jobs/J/preview",
        "GET /api/datasets/D/versions/1",
    ];
    assert_eq!(requests, expected);
}

#[tokio::test]
async fn small_file_is_sent_as_read() {
    let (fake, local) = (Fake::start().await, local());
    rewrites_at_each_put(&fake, &local.path);
    fake.state().faults = vec![(1, Fault::Reset)];
    upload(&fake, &local.path).await.unwrap();
    assert_eq!(fake.object(), CONTENT);
}

#[tokio::test]
async fn filename_and_content_type_can_be_given() {
    let (fake, local) = (Fake::start().await, local());
    let client = fake.client();
    let request = client
        .reupload(DATASET)
        .file(&local.path)
        .filename("other.bin")
        .content_type("x/y");
    request.send().await.unwrap();
    assert_eq!(fake.state().request["filename"], "other.bin");
    assert_eq!(fake.state().request["content_type"], "x/y");

    let long = "x".repeat(256);
    let error = client
        .reupload(DATASET)
        .file(&local.path)
        .filename(long)
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
}

#[tokio::test]
async fn parallel_parts_keep_to_the_limit() {
    let (fake, local) = (six_parts().await, local());
    // Two rounds of three: with fewer at once the first would never end.
    fake.state().gate = Some(Arc::new(Barrier::new(3)));
    let client = fake.client();
    let upload = client
        .reupload(DATASET)
        .file(&local.path)
        .concurrency(3)
        .send();
    tokio::time::timeout(Duration::from_mins(1), upload)
        .await
        .expect("three at once")
        .unwrap();
    assert_eq!(fake.object(), CONTENT);
    assert_eq!(fake.state().most_under_way, 3);
    assert_eq!(fake.state().puts.len(), 6);
}

#[tokio::test]
async fn transient_errors_are_retried() {
    let slow_down = Fault::Refuse(StatusCode::SERVICE_UNAVAILABLE, "SlowDown");
    let internal = Fault::Refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalError");
    let too_many = Fault::Refuse(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests");
    let fake = tolerates(&[
        (1, slow_down),
        (1, internal),
        (2, too_many),
        (3, Fault::Reset),
        (6, Fault::Reset),
    ])
    .await;
    assert_eq!(fake.state().puts.len(), 11);
    assert_eq!(fake.state().renewals, Vec::<Vec<u64>>::new());
}

#[tokio::test]
async fn stalled_part_is_retried() {
    let (fake, local) = (six_parts().await, local());
    fake.state().faults = vec![(2, Fault::Hang)];
    let client = fake
        .builder()
        .stall_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    client
        .reupload(DATASET)
        .file(&local.path)
        .send()
        .await
        .unwrap();
    assert_eq!(fake.object(), CONTENT);
}

#[tokio::test]
async fn permanent_error_keeps_the_job() {
    let (fake, error) = fails(&[(2, Fault::Reset); 6]).await;
    assert!(matches!(error, Error::Transport { .. }), "{error}");
    assert_eq!(fake.state().cancels, 0);
    assert_no_secret(&error);
}

#[tokio::test]
async fn refused_url_is_renewed() {
    let expired = Fault::Refuse(StatusCode::FORBIDDEN, "AccessDenied");
    let expired_elsewhere = Fault::Refuse(StatusCode::BAD_REQUEST, "ExpiredToken");
    let fake = tolerates(&[(4, expired), (4, expired_elsewhere), (4, expired)]).await;
    assert_eq!(fake.state().renewals, [[4], [4], [4]]);
}

#[tokio::test]
async fn repeatedly_refused_url_is_an_error() {
    let (fake, error) = fails(
        &[(
            4,
            Fault::Refuse(StatusCode::FORBIDDEN, "SignatureDoesNotMatch"),
        ); 4],
    )
    .await;
    let Error::S3 {
        status,
        code,
        part_number,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (status, code.as_str(), *part_number),
        (&StatusCode::FORBIDDEN, "SignatureDoesNotMatch", Some(4))
    );
    assert_eq!(fake.state().renewals.len(), 3);
    assert_no_secret(&error);
}

#[tokio::test]
async fn other_s3_error_is_not_retried() {
    let (fake, error) = fails(&[(4, Fault::Refuse(StatusCode::NOT_FOUND, "NoSuchUpload"))]).await;
    assert_eq!(
        error.to_string(),
        "S3 refused part 4 with 404 Not Found: NoSuchUpload Not like this"
    );
    assert_no_secret(&error);
    assert_eq!(fake.state().renewals, Vec::<Vec<u64>>::new());
}

#[tokio::test]
async fn cancelled_upload_keeps_the_job() {
    let (fake, local) = (six_parts().await, local());
    let token = CancellationToken::new();
    let cancel = token.clone();
    fake.state().observer = Some(Box::new(move |_| cancel.cancel()));
    let error = fake
        .client()
        .reupload(DATASET)
        .file(&local.path)
        .cancel_on(token)
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error}");
    let state = fake.state();
    assert_eq!((state.cancels, state.completions), (0, 0));
}

#[tokio::test]
async fn progress_stream_ends_with_the_upload() {
    let (fake, local) = (six_parts().await, local());
    let client = fake.client();
    let (pending, progress) = client.reupload(DATASET).file(&local.path).progress_stream();
    let (reupload, heard) = tokio::join!(pending.send(), progress.collect::<Vec<Progress>>());
    reupload.unwrap();
    let last = heard.last().unwrap();
    assert_eq!(
        (last.phase, last.bytes_done),
        (Phase::Commit, CONTENT.len() as u64)
    );
}

#[tokio::test]
async fn expiring_urls_are_renewed_in_batches() {
    let (fake, local) = (six_parts().await, local());
    fake.state().url_life = Some(0);
    let client = fake.client();
    client
        .reupload(DATASET)
        .file(&local.path)
        .concurrency(1)
        .send()
        .await
        .unwrap();
    assert_eq!(fake.object(), CONTENT);
    assert_eq!(fake.state().renewals[0], [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn changed_file_cancels_the_job() {
    let (fake, local) = (six_parts().await, local());
    let path = local.path.clone();
    fake.state().observer = Some(Box::new(move |_| {
        std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"more")
            .unwrap();
    }));
    let error = upload(&fake, &local.path).await.unwrap_err();
    assert!(matches!(error, Error::SourceChanged(_)), "{error}");
    let state = fake.state();
    assert_eq!((state.cancels, state.completions), (1, 0));
}

#[tokio::test]
async fn change_without_new_mtime_is_detected() {
    let (fake, local) = (Fake::start().await, local());
    // Too large to be read only once.
    std::fs::write(&local.path, vec![b'a'; 1024 * 1024 + 1]).unwrap();
    rewrites_at_each_put(&fake, &local.path);
    fake.state().faults = vec![(1, Fault::Reset)];
    let error = upload(&fake, &local.path).await.unwrap_err();
    assert!(matches!(error, Error::SourceChanged(_)), "{error}");
    assert_eq!(fake.state().stored.len(), 0);
}

#[tokio::test]
async fn unreadable_files_create_no_job() {
    let (fake, local) = (Fake::start().await, local());
    let directory = local.path.parent().unwrap();
    let empty = directory.join("empty.csv");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(
        upload(&fake, &empty).await,
        Err(Error::EmptySource(_))
    ));
    assert!(matches!(
        upload(&fake, directory).await,
        Err(Error::Source { .. })
    ));
    assert!(matches!(
        upload(&fake, &directory.join("none")).await,
        Err(Error::Source { .. })
    ));
    assert!(fake.state().request.is_null());
}

#[tokio::test]
async fn missing_parts_are_resent() {
    let fake = tolerates(&[(2, Fault::Lose), (5, Fault::Lose)]).await;
    let state = fake.state();
    let renewed: BTreeSet<_> = state.renewals.iter().flatten().copied().collect();
    assert_eq!(renewed, BTreeSet::from([2, 5]));
    assert_eq!((state.puts.len(), state.completions), (8, 1));
}

#[tokio::test]
async fn missing_part_is_resent_only_once() {
    let (fake, error) = fails(&[(2, Fault::Lose), (2, Fault::Lose)]).await;
    assert_eq!(error.error_type(), Some("parts_mismatch"));
    assert_eq!(fake.state().puts.len(), 7);
}

#[tokio::test]
async fn completion_is_retried_after_s3_refuses() {
    let (fake, local) = (six_parts().await, local());
    fake.state().statuses = [
        "completing",
        "awaiting_upload",
        "completing",
        "inspecting",
        "ready",
    ]
    .into();
    upload(&fake, &local.path).await.unwrap();
    assert_eq!(fake.state().completions, 2);
}

#[tokio::test]
async fn lost_object_is_an_error() {
    let (fake, local) = (six_parts().await, local());
    fake.state().statuses = ["inspecting", "failed"].into();
    let error = upload(&fake, &local.path).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the job failed: no object (object_missing)"
    );
    assert_eq!(fake.state().commits, 0);
}

#[tokio::test]
async fn commit_follows_the_policy() {
    for (policy, verdict, commits) in [
        (CommitPolicy::Always, "breaking", 1),
        (CommitPolicy::IfCompatible, "identical", 1),
        (CommitPolicy::IfCompatible, "compatible", 1),
        (CommitPolicy::IfCompatible, "breaking", 0),
        (CommitPolicy::LeaveAtPreview, "compatible", 0),
    ] {
        let (fake, local) = (six_parts().await, local());
        fake.state().verdict = verdict;
        let reupload = fake
            .client()
            .reupload(DATASET)
            .file(&local.path)
            .commit(policy)
            .send()
            .await
            .unwrap();
        assert_eq!(fake.state().commits, commits, "{policy:?}");
        assert_eq!(reupload.version.is_some(), commits == 1);
        assert_eq!(reupload.preview.schema_diff.verdict.to_string(), verdict);
    }
}

#[tokio::test]
async fn progress_never_decreases() {
    let (fake, local) = (six_parts().await, local());
    let denied = Fault::Refuse(StatusCode::FORBIDDEN, "AccessDenied");
    fake.state().faults = vec![(1, Fault::Reset), (3, denied), (5, Fault::Lose)];
    let heard = Mutex::new(Vec::<Progress>::new());
    let client = fake.client();
    let request = client.reupload(DATASET).file(&local.path);
    request
        .on_progress(|progress| heard.lock().unwrap().push(*progress))
        .send()
        .await
        .unwrap();

    let heard = heard.into_inner().unwrap();
    let values = |progress: &Progress| [progress.bytes_done, progress.parts_done, progress.retries];
    for pair in heard.windows(2) {
        assert!(pair[0].phase <= pair[1].phase);
        assert!(
            values(&pair[0])
                .iter()
                .zip(values(&pair[1]))
                .all(|(before, after)| *before <= after),
            "{pair:?}"
        );
    }
    assert_eq!(values(&heard[0]), [0, 0, 0]);
    let last = heard.last().unwrap();
    assert_eq!(values(last), [CONTENT.len() as u64, 6, 3]);
    assert_eq!(
        (last.bytes_total, last.parts_total, last.job_id),
        (CONTENT.len() as u64, 6, JOB)
    );
    assert_eq!(last.phase, Phase::Commit);
}

#[tokio::test]
async fn unknown_dataset_is_an_error() {
    let (body, local) = (refusal("not_found", &json!({})), local());
    let server =
        serve(move |_| std::future::ready(answer(StatusCode::NOT_FOUND, body.to_string()))).await;
    let client = Client::new(&server.url, TOKEN).unwrap();
    assert!(
        client
            .reupload(DATASET)
            .file(&local.path)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );
}

fn assert_no_secret(error: &Error) {
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    });
    for error in chain {
        let shown = format!("{error} {error:?}");
        for secret in [TOKEN, SIGNATURE, "X-Amz", "/s3/key"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
