//! Multipart uploads: what completes, and what is refused without harm.

use md5::{Digest, Md5};

use crate::fixture::{BUCKET, Endpoint, bytes};

const KEY: &str = "datasets/7/upload.csv";

#[tokio::test]
async fn three_parts_become_one_object() {
    let endpoint = Endpoint::start().await;
    let created = endpoint
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key(KEY);
    let created = created
        .content_type("text/csv; charset=utf-8")
        .content_disposition("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.csv")
        .metadata("restow-job", "0198");
    let id = created
        .send()
        .await
        .expect("an upload")
        .upload_id
        .expect("an id");
    let parts = [bytes(700_000, 1), bytes(300_000, 2), bytes(5, 3)];
    let mut etags = Vec::new();
    // Out of order, as parallel uploads arrive.
    for index in [2, 0, 1] {
        let number = i32::try_from(index + 1).expect("a number");
        let etag = endpoint
            .upload(KEY, &id, number, &parts[index])
            .await
            .expect("a part");
        assert_eq!(
            etag,
            format!("\"{}\"", hex::encode(Md5::digest(&parts[index])))
        );
        etags.push((number, etag));
    }
    etags.sort();
    let listed: Vec<_> = etags
        .iter()
        .map(|(number, etag)| (*number, etag.as_str()))
        .collect();
    let etag = endpoint
        .complete(KEY, &id, &listed)
        .await
        .expect("an object");

    let digests: Vec<u8> = parts.iter().flat_map(Md5::digest).collect();
    assert_eq!(etag, format!("\"{}-3\"", hex::encode(Md5::digest(digests))));
    assert_eq!(endpoint.get(KEY).await, Ok(parts.concat()));
    let head = endpoint
        .client
        .head_object()
        .bucket(BUCKET)
        .key(KEY)
        .send()
        .await
        .expect("an object");
    assert_eq!(head.content_length, Some(1_000_005));
    assert_eq!(head.e_tag.as_deref(), Some(etag.as_str()));
    assert_eq!(
        head.content_type.as_deref(),
        Some("text/csv; charset=utf-8")
    );
    assert_eq!(
        head.content_disposition.as_deref(),
        Some("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.csv")
    );
    assert_eq!(head.metadata.expect("metadata")["restow-job"], "0198");
    assert!(head.last_modified.is_some());
    assert_eq!(head.accept_ranges.as_deref(), Some("bytes"));
}

#[tokio::test]
async fn a_completed_upload_is_gone() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    let url = endpoint.part_url(KEY, &id, 1, 5).await;
    let etag = endpoint
        .upload(KEY, &id, 1, b"first")
        .await
        .expect("a part");
    endpoint
        .complete(KEY, &id, &[(1, &etag)])
        .await
        .expect("an object");

    let gone = Err("NoSuchUpload".to_owned());
    assert_eq!(endpoint.complete(KEY, &id, &[(1, &etag)]).await, gone);
    assert_eq!(endpoint.upload(KEY, &id, 1, b"other").await, gone);
    assert_eq!(
        endpoint.part_numbers(KEY, &id).await,
        Err("NoSuchUpload".to_owned())
    );
    assert_eq!(
        endpoint.abort(KEY, &id).await,
        Err("NoSuchUpload".to_owned())
    );
    let late = reqwest::Client::new()
        .put(url)
        .body("other")
        .send()
        .await
        .expect("a response");
    assert_eq!(late.status(), 404);
    assert_eq!(endpoint.get(KEY).await, Ok(b"first".to_vec()));
}

#[tokio::test]
async fn an_aborted_upload_is_gone() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    let etag = endpoint
        .upload(KEY, &id, 1, b"first")
        .await
        .expect("a part");
    endpoint.abort(KEY, &id).await.expect("aborted");

    let gone = "NoSuchUpload".to_owned();
    assert_eq!(endpoint.abort(KEY, &id).await, Err(gone.clone()));
    assert_eq!(
        endpoint.upload(KEY, &id, 1, b"first").await,
        Err(gone.clone())
    );
    assert_eq!(endpoint.part_numbers(KEY, &id).await, Err(gone.clone()));
    assert_eq!(endpoint.complete(KEY, &id, &[(1, &etag)]).await, Err(gone));
    assert_eq!(endpoint.get(KEY).await, Err("NoSuchKey".to_owned()));
    assert_eq!(endpoint.incoming(), 0);
}

#[tokio::test]
async fn an_upload_belongs_to_its_key() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    let gone = Err("NoSuchUpload".to_owned());
    assert_eq!(endpoint.upload("other", &id, 1, b"first").await, gone);
    assert_eq!(endpoint.upload(KEY, "no-such-id", 1, b"first").await, gone);
}

#[tokio::test]
async fn rejected_completion_leaves_upload_unchanged() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    let small = endpoint.upload(KEY, &id, 1, b"abc").await.expect("a part");
    let full = endpoint.upload(KEY, &id, 2, b"abcd").await.expect("a part");
    let last = endpoint.upload(KEY, &id, 3, b"z").await.expect("a part");

    for (refusal, parts) in [
        (
            "InvalidPart",
            vec![(2, "\"d41d8cd98f00b204e9800998ecf8427e\"")],
        ),
        ("InvalidPart", vec![(2, full.as_str()), (4, last.as_str())]),
        (
            "InvalidPartOrder",
            vec![(3, last.as_str()), (2, full.as_str())],
        ),
        (
            "InvalidPartOrder",
            vec![(2, full.as_str()), (2, full.as_str())],
        ),
        (
            "EntityTooSmall",
            vec![(1, small.as_str()), (2, full.as_str())],
        ),
        ("MalformedXML", vec![]),
    ] {
        assert_eq!(
            endpoint.complete(KEY, &id, &parts).await,
            Err(refusal.to_owned()),
            "{parts:?}"
        );
        assert_eq!(endpoint.part_numbers(KEY, &id).await, Ok(vec![1, 2, 3]));
    }
    // A subset is the client's choice, and quotes around an ETag mean nothing.
    let parts = [(2, full.trim_matches('"')), (3, last.as_str())];
    endpoint
        .complete(KEY, &id, &parts)
        .await
        .expect("an object");
    assert_eq!(endpoint.get(KEY).await, Ok(b"abcdz".to_vec()));
}
