//! `ETag`s of parts and versions.

use restow_sdk::Error;

use crate::fake::{DATASET, Fake, Fault};
use crate::reupload::{CONTENT, local, six_parts, upload};

#[tokio::test]
async fn part_with_wrong_md5_is_resent() {
    let (fake, local) = (six_parts().await, local());
    fake.state().md5_etags = true;
    fake.state().faults = vec![(4, Fault::WrongTag); 3];
    let reupload = fake
        .client()
        .reupload(DATASET)
        .file(&local.path)
        .send()
        .await
        .unwrap();
    assert_eq!((reupload.retries, fake.state().puts.len()), (3, 9));

    let fake = six_parts().await;
    fake.state().md5_etags = true;
    fake.state().faults = vec![(4, Fault::WrongTag); 4];
    let error = upload(&fake, &local.path).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Corrupted {
                part_number: Some(4)
            }
        ),
        "{error}"
    );
    assert_eq!(fake.state().completions, 0);
}

#[tokio::test]
async fn opaque_etags_are_accepted() {
    // Named by S3, or found out by sending the first part twice.
    for (headers, puts) in [
        (vec![("x-amz-server-side-encryption", "aws:kms")], 6),
        (vec![], 7),
    ] {
        let (fake, local) = (six_parts().await, local());
        fake.state().headers = headers;
        fake.state().faults = (1..=6)
            .flat_map(|number| [(number, Fault::WrongTag); 2])
            .collect();
        let client = fake.client();
        client
            .reupload(DATASET)
            .file(&local.path)
            .concurrency(1)
            .send()
            .await
            .unwrap();
        assert_eq!(fake.state().puts.len(), puts);
        assert_eq!(fake.object(), CONTENT);
    }
}

#[tokio::test]
async fn version_of_another_upload_is_an_error() {
    for (is_md5, is_other) in [(true, true), (false, false)] {
        let (fake, local) = (six_parts().await, local());
        fake.state().md5_etags = is_md5;
        fake.state().version_etag = Some(format!("{}-6", "f".repeat(32)));
        let outcome = upload(&fake, &local.path).await;
        assert_eq!(
            matches!(outcome, Err(Error::ConcurrentUpload { version: 1 })),
            is_other,
            "{outcome:?}"
        );
    }
    let (fake, local) = (six_parts().await, local());
    fake.state().md5_etags = true;
    upload(&fake, &local.path).await.unwrap();
}

#[tokio::test]
async fn concurrent_upload_deletes_the_record() {
    let (fake, local) = (Fake::start().await, local());
    // Large enough to be recorded.
    std::fs::write(&local.path, vec![1; 6 * 1024 * 1024]).unwrap();
    fake.state().md5_etags = true;
    fake.state().version_etag = Some(format!("{}-1", "f".repeat(32)));
    let state_dir = local.path.with_file_name("state");
    let client = fake.client();
    let outcome = client
        .reupload(DATASET)
        .file(&local.path)
        .state_dir(&state_dir)
        .send()
        .await;
    assert!(
        matches!(outcome, Err(Error::ConcurrentUpload { .. })),
        "{outcome:?}"
    );
    assert_eq!(
        std::fs::read_dir(state_dir.join("uploads"))
            .unwrap()
            .count(),
        0
    );
}
