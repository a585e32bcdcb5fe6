//! Whole objects: putting, reading in ranges and on conditions, deleting.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::fixture::{BUCKET, Endpoint, REGION, an_hour, bytes, code};

#[tokio::test]
async fn the_bucket_says_where_it_is() {
    let endpoint = Endpoint::start().await;
    let head = endpoint
        .client
        .head_bucket()
        .bucket(BUCKET)
        .send()
        .await
        .expect("the bucket");
    assert_eq!(head.bucket_region.as_deref(), Some(REGION));
    let location = endpoint
        .client
        .get_bucket_location()
        .bucket(BUCKET)
        .send()
        .await
        .expect("the bucket");
    assert_eq!(
        location.location_constraint.expect("a region").as_str(),
        REGION
    );
    let other = endpoint
        .client
        .list_objects_v2()
        .bucket("another-bucket")
        .send()
        .await;
    assert_eq!(other.map_err(code).unwrap_err(), "NoSuchBucket");
    let unknown = endpoint.client.get_bucket_acl().bucket(BUCKET).send().await;
    assert_eq!(unknown.map_err(code).unwrap_err(), "NotImplemented");
}

#[tokio::test]
async fn ranges_cross_the_borders_of_parts() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let whole = bytes(1_000_000, 0);
    let mut etags = Vec::new();
    for (number, part) in (1..).zip(whole.chunks(300_000)) {
        etags.push((
            number,
            endpoint
                .upload("key", &id, number, part)
                .await
                .expect("a part"),
        ));
    }
    let parts: Vec<_> = etags
        .iter()
        .map(|(number, etag)| (*number, etag.as_str()))
        .collect();
    endpoint
        .complete("key", &id, &parts)
        .await
        .expect("an object");

    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=299999-300000", 299_999, 300_000),
        ("bytes=300000-599999", 300_000, 599_999),
        ("bytes=250000-950000", 250_000, 950_000),
        ("bytes=999999-", 999_999, 999_999),
        ("bytes=1-5000000", 1, 999_999),
        ("bytes=-100001", 899_999, 999_999),
        ("bytes=-5000000", 0, 999_999),
    ] {
        let got = endpoint
            .client
            .get_object()
            .bucket(BUCKET)
            .key("key")
            .range(range)
            .send()
            .await;
        let got = got.expect("a range");
        assert_eq!(
            got.content_range,
            Some(format!("bytes {first}-{last}/1000000")),
            "{range}"
        );
        assert_eq!(got.content_length, i64::try_from(last - first + 1).ok());
        assert!(
            got.body.collect().await.expect("bytes").to_vec() == whole[first..=last],
            "{range}"
        );
    }
    for range in ["bytes=1000000-", "bytes=-0"] {
        let got = endpoint
            .client
            .get_object()
            .bucket(BUCKET)
            .key("key")
            .range(range)
            .send()
            .await;
        assert_eq!(got.map_err(code).unwrap_err(), "InvalidRange", "{range}");
    }
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let endpoint = Endpoint::start().await;
    endpoint.put("empty", b"").await;
    assert_eq!(endpoint.get("empty").await, Ok(vec![]));
    let got = endpoint
        .client
        .get_object()
        .bucket(BUCKET)
        .key("empty")
        .range("bytes=0-")
        .send()
        .await;
    assert_eq!(got.map_err(code).unwrap_err(), "InvalidRange");
}

#[tokio::test]
async fn a_conditional_put_happens_once() {
    let endpoint = Endpoint::start().await;
    let put = |body: &'static [u8]| {
        let request = endpoint
            .client
            .put_object()
            .bucket(BUCKET)
            .key(".restow-instance");
        request
            .if_none_match("*")
            .body(ByteStream::from_static(body))
            .send()
    };
    let (first, second) = tokio::join!(put(b"first"), put(b"second"));
    let refused = [&first, &second]
        .into_iter()
        .filter_map(|put| put.as_ref().err())
        .count();
    assert_eq!(refused, 1);
    let winner: &[u8] = if first.is_ok() { b"first" } else { b"second" };
    assert_eq!(
        put(b"third").await.map_err(code).unwrap_err(),
        "PreconditionFailed"
    );
    assert_eq!(endpoint.get(".restow-instance").await, Ok(winner.to_vec()));
}

#[tokio::test]
async fn reading_may_depend_on_the_etag() {
    let endpoint = Endpoint::start().await;
    endpoint.put("key", b"abc").await;
    let etag = "\"900150983cd24fb0d6963f7d28e17f72\"";
    let get = || endpoint.client.get_object().bucket(BUCKET).key("key");
    assert!(get().if_match(etag).range("bytes=1-").send().await.is_ok());
    assert!(get().if_none_match("\"other\"").send().await.is_ok());
    let changed = get().if_match("\"other\"").send().await;
    assert_eq!(changed.map_err(code).unwrap_err(), "PreconditionFailed");
    let unchanged = get().if_none_match(etag).send().await.unwrap_err();
    assert_eq!(
        unchanged
            .raw_response()
            .expect("a response")
            .status()
            .as_u16(),
        304
    );
}

#[tokio::test]
async fn a_signed_url_may_override_headers() {
    let endpoint = Endpoint::start().await;
    endpoint.put("key", b"abc").await;
    let request = endpoint.client.get_object().bucket(BUCKET).key("key");
    let request = request
        .response_content_disposition("attachment; filename=\"prices.csv\"")
        .response_content_type("text/csv");
    let url = request.presigned(an_hour()).await.expect("a URL");
    let got = reqwest::get(url.uri()).await.expect("a response");
    assert_eq!(got.status(), 200);
    assert_eq!(got.headers()["content-type"], "text/csv");
    assert_eq!(
        got.headers()["content-disposition"],
        "attachment; filename=\"prices.csv\""
    );
    assert_eq!(got.text().await.expect("a body"), "abc");
}

#[tokio::test]
async fn deleting_is_idempotent() {
    let endpoint = Endpoint::start().await;
    endpoint.put("key", b"abc").await;
    for _ in 0..2 {
        endpoint
            .client
            .delete_object()
            .bucket(BUCKET)
            .key("key")
            .send()
            .await
            .expect("deleted");
        assert_eq!(endpoint.get("key").await, Err("NoSuchKey".to_owned()));
    }
    endpoint.put("key", b"again").await;
    let objects =
        ["key", "missing"].map(|key| ObjectIdentifier::builder().key(key).build().expect("a key"));
    let objects = Delete::builder()
        .set_objects(Some(objects.to_vec()))
        .build()
        .expect("a list");
    let deleted = endpoint
        .client
        .delete_objects()
        .bucket(BUCKET)
        .delete(objects)
        .send()
        .await;
    assert_eq!(deleted.expect("deleted").deleted().len(), 2);
    assert_eq!(endpoint.get("key").await, Err("NoSuchKey".to_owned()));
}

#[tokio::test]
async fn reader_keeps_a_replaced_object() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let part = bytes(4_000_000, 9);
    let mut etags = Vec::new();
    for number in 1..=4 {
        etags.push((
            number,
            endpoint
                .upload("key", &id, number, &part)
                .await
                .expect("a part"),
        ));
    }
    let parts: Vec<_> = etags
        .iter()
        .map(|(number, etag)| (*number, etag.as_str()))
        .collect();
    endpoint
        .complete("key", &id, &parts)
        .await
        .expect("an object");
    let read = || async {
        endpoint
            .client
            .get_object()
            .bucket(BUCKET)
            .key("key")
            .send()
            .await
            .expect("an object")
    };
    let (before, as_well) = (read().await, read().await);
    endpoint.put("key", b"new").await;
    endpoint
        .client
        .delete_object()
        .bucket(BUCKET)
        .key("key")
        .send()
        .await
        .expect("deleted");
    for reading in [before, as_well] {
        assert!(reading.body.collect().await.expect("all of it").to_vec() == part.repeat(4));
    }
    // The files go with their last reader.
    let objects = endpoint.bucket_directory().join("objects");
    crate::fixture::until("an empty directory", || {
        objects
            .read_dir()
            .is_ok_and(|mut left| left.next().is_none())
    })
    .await;
}
