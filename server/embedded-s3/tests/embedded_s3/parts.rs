//! Parts: what is taken, what is checked, and which copy counts.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::primitives::ByteStream;

use crate::fixture::{BUCKET, Endpoint, SECRET_KEY, client_config, code};

const KEY: &str = "datasets/7/upload.csv";

#[tokio::test]
async fn newest_copy_of_part_wins() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    let mut newest = String::new();
    let stale = endpoint.upload(KEY, &id, 1, b"A").await.expect("a part");
    for copy in [b"B", b"A", b"C", b"B"] {
        newest = endpoint.upload(KEY, &id, 1, copy).await.expect("a part");
    }
    assert_eq!(endpoint.part_numbers(KEY, &id).await, Ok(vec![1]));
    assert_eq!(
        endpoint.complete(KEY, &id, &[(1, &stale)]).await,
        Err("InvalidPart".to_owned())
    );
    endpoint
        .complete(KEY, &id, &[(1, &newest)])
        .await
        .expect("an object");
    assert_eq!(endpoint.get(KEY).await, Ok(b"B".to_vec()));
}

#[tokio::test]
async fn part_numbers_are_1_to_10000() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    for number in [-1, 0, 10_001, 70_000] {
        let refused = endpoint.upload(KEY, &id, number, b"abcd").await;
        assert_eq!(refused, Err("InvalidArgument".to_owned()), "{number}");
    }
    endpoint
        .upload(KEY, &id, 10_000, b"abcd")
        .await
        .expect("a part");
}

#[tokio::test]
async fn content_md5_is_checked() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create(KEY).await;
    for (md5, refusal) in [
        ("kAFQmDzST7DWlj99KOF/cg==", None),
        ("1B2M2Y8AsgTpgAmY7PhCfg==", Some("BadDigest")),
        ("900150983cd24fb0d6963f7d28e17f72", Some("InvalidDigest")),
    ] {
        let request = endpoint
            .client
            .upload_part()
            .bucket(BUCKET)
            .key(KEY)
            .upload_id(&id);
        let request = request
            .part_number(1)
            .content_md5(md5)
            .body(ByteStream::from_static(b"abc"));
        assert_eq!(
            request.send().await.err().map(code).as_deref(),
            refusal,
            "{md5}"
        );
    }
}

#[tokio::test]
async fn client_that_adds_checksums_is_served() {
    let endpoint = Endpoint::start().await;
    let config = client_config(&endpoint.s3, SECRET_KEY)
        .request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
    let client = Client::from_conf(config.build());
    let created = client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .send()
        .await
        .expect("an upload");
    let id = created.upload_id.expect("an id");
    let request = client
        .upload_part()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(&id)
        .part_number(1);
    let uploaded = request
        .body(ByteStream::from_static(b"abc"))
        .send()
        .await
        .expect("a part");
    assert_eq!(
        uploaded.e_tag.as_deref(),
        Some("\"900150983cd24fb0d6963f7d28e17f72\"")
    );
}

#[tokio::test]
async fn copying_is_not_implemented() {
    let endpoint = Endpoint::start().await;
    endpoint.put("secret", b"another's data").await;
    let id = endpoint.create(KEY).await;
    let source = format!("{BUCKET}/secret");
    let part = endpoint
        .client
        .upload_part_copy()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(&id)
        .part_number(1);
    assert_eq!(
        part.copy_source(&source)
            .send()
            .await
            .map_err(code)
            .unwrap_err(),
        "NotImplemented"
    );
    let object = endpoint
        .client
        .copy_object()
        .bucket(BUCKET)
        .key(KEY)
        .copy_source(&source);
    assert_eq!(
        object.send().await.map_err(code).unwrap_err(),
        "NotImplemented"
    );

    let url = endpoint.part_url(KEY, &id, 1, 4).await;
    let request = reqwest::Client::new()
        .put(url)
        .header("x-amz-copy-source", &source);
    assert_eq!(
        request
            .body("abcd")
            .send()
            .await
            .expect("a response")
            .status(),
        501
    );
    assert_eq!(endpoint.part_numbers(KEY, &id).await, Ok(vec![]));
}
