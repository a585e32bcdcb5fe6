//! Jobs shared with other processes, and their records.

use std::sync::{Arc, Mutex};

use hyper::StatusCode;
use restow_sdk::Error;
use serde_json::Value;

use crate::fake::{DATASET, Fake, Fault};
use crate::reupload::{local, six_parts, upload};

/// Large enough to be recorded, in bytes.
const PART_SIZE: usize = 6 * 1024 * 1024;

#[tokio::test]
async fn lost_upload_cancels_only_a_waiting_job() {
    for (completions, cancels) in [(0, 1), (1, 0)] {
        let (fake, local) = (six_parts().await, local());
        fake.state().completions = completions;
        fake.state().statuses = ["completing"].into();
        fake.state().faults = (1..=6)
            .map(|number| (number, Fault::Refuse(StatusCode::NOT_FOUND, "NoSuchUpload")))
            .collect();
        let error = upload(&fake, &local.path).await.unwrap_err();
        assert!(
            matches!(&error, Error::S3 { code, .. } if code == "NoSuchUpload"),
            "{error}"
        );
        assert_eq!(fake.state().cancels, cancels);
    }
}

/// Whether the only record in a directory says that everything was sent.
fn is_sent(directory: &std::path::Path) -> bool {
    let mut records = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let record = records
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .unwrap();
    let record: Value = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    record["is_sent"].as_bool().unwrap()
}

#[tokio::test]
async fn record_tracks_whether_all_is_sent() {
    let (fake, local) = (Fake::start().await, local());
    std::fs::write(&local.path, vec![1; 2 * PART_SIZE]).unwrap();
    let state_dir = local.path.with_file_name("state");
    let (records, seen) = (state_dir.join("uploads"), Arc::new(Mutex::new(Vec::new())));
    fake.state().part_size = Some(PART_SIZE);
    fake.state().faults = vec![(2, Fault::Lose)];
    let watching = seen.clone();
    fake.state().observer = Some(Box::new(move |number| {
        watching.lock().unwrap().push((number, is_sent(&records)));
    }));
    let client = fake.client();
    client
        .reupload(DATASET)
        .file(&local.path)
        .state_dir(&state_dir)
        .concurrency(1)
        .send()
        .await
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), [(1, false), (2, false), (2, false)]);
}
