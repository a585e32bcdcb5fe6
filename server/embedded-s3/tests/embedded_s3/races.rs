//! Requests for one upload at the same time.

use crate::fixture::{Endpoint, bytes};

const ROUNDS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_completion_and_abort_are_atomic() {
    let endpoint = Endpoint::start().await;
    let (first, second, other) = (bytes(100_000, 1), bytes(50_000, 2), bytes(100_000, 3));
    for round in 0..ROUNDS {
        let key = format!("round/{round}");
        let id = endpoint.create(&key).await;
        let first_etag = endpoint.upload(&key, &id, 1, &first).await.expect("a part");
        let second_etag = endpoint
            .upload(&key, &id, 2, &second)
            .await
            .expect("a part");
        let parts = [(1, first_etag.as_str()), (2, second_etag.as_str())];
        let (one, two, abort, _part) = tokio::join!(
            endpoint.complete(&key, &id, &parts),
            endpoint.complete(&key, &id, &parts),
            endpoint.abort(&key, &id),
            endpoint.upload(&key, &id, 1, &other),
        );
        let completed = [&one, &two]
            .into_iter()
            .filter(|completed| completed.is_ok())
            .count();
        assert!(completed <= 1);
        let completed = completed == 1;
        let expected = if completed {
            Ok([first.as_slice(), &second].concat())
        } else {
            Err("NoSuchKey".to_owned())
        };
        assert!(
            endpoint.get(&key).await == expected,
            "{one:?} {two:?} {abort:?}"
        );
        // When part 1 is replaced first nothing completes, and aborting goes through.
        assert_ne!(completed, abort.is_ok(), "{one:?} {two:?} {abort:?}");
        assert_eq!(
            endpoint.part_numbers(&key, &id).await,
            Err("NoSuchUpload".to_owned())
        );
    }
    assert_eq!(endpoint.incoming(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_copies_of_part_leave_one() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let copies = [bytes(70_000, 1), bytes(80_000, 2), bytes(90_000, 3)];
    for _ in 0..ROUNDS {
        let uploads = copies
            .iter()
            .map(|copy| endpoint.upload("key", &id, 1, copy));
        for etag in futures::future::join_all(uploads).await {
            etag.expect("a part");
        }
    }
    let upload = endpoint.bucket_directory().join("uploads").join(&id);
    assert_eq!(
        upload.read_dir().expect("the upload").count(),
        2,
        "upload.json and one part"
    );
    let mut completed = None;
    for copy in &copies {
        let etag = hex::encode(<md5::Md5 as md5::Digest>::digest(copy));
        if endpoint.complete("key", &id, &[(1, &etag)]).await.is_ok() {
            completed = Some(copy.clone());
        }
    }
    assert!(Ok(completed.expect("one of them")) == endpoint.get("key").await);
}
