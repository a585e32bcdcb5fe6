//! Listings, page by page.

use aws_sdk_s3::types::MultipartUpload;

use crate::fixture::{BUCKET, Endpoint, code};

#[tokio::test]
async fn parts_are_listed_in_ordered_pages() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let numbers: Vec<i32> = (1..=25).map(|number| number * 7).collect();
    for number in numbers.iter().rev() {
        endpoint
            .upload("key", &id, *number, b"abcd")
            .await
            .expect("a part");
    }
    let mut listed = Vec::new();
    let mut marker = None;
    loop {
        let request = endpoint
            .client
            .list_parts()
            .bucket(BUCKET)
            .key("key")
            .upload_id(&id);
        let page = request
            .max_parts(10)
            .set_part_number_marker(marker)
            .send()
            .await
            .expect("a page");
        assert_eq!(page.max_parts, Some(10));
        for part in page.parts() {
            assert_eq!(part.size, Some(4));
            assert_eq!(
                part.e_tag.as_deref(),
                Some("\"e2fc714c4727ee9395f324cd2e7f331f\"")
            );
            assert!(part.last_modified.is_some());
            listed.extend(part.part_number);
        }
        marker = page.next_part_number_marker;
        assert_eq!(marker.is_some(), page.is_truncated == Some(true));
        if marker.is_none() {
            break;
        }
        assert_eq!(listed.len() % 10, 0);
    }
    assert_eq!(listed, numbers);
}

#[tokio::test]
async fn page_has_at_most_1000_parts() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    for number in 1..=1001 {
        endpoint
            .upload("key", &id, number, b"")
            .await
            .expect("a part");
    }
    let request = endpoint
        .client
        .list_parts()
        .bucket(BUCKET)
        .key("key")
        .upload_id(&id);
    let first = request
        .clone()
        .max_parts(5000)
        .send()
        .await
        .expect("a page");
    assert_eq!(
        (first.parts().len(), first.is_truncated),
        (1000, Some(true))
    );
    assert_eq!(first.next_part_number_marker.as_deref(), Some("1000"));
    let second = request
        .part_number_marker("1000")
        .send()
        .await
        .expect("a page");
    assert_eq!(
        (second.parts().len(), second.is_truncated),
        (1, Some(false))
    );
}

#[tokio::test]
async fn uploads_are_listed_by_key_and_age() {
    let endpoint = Endpoint::start().await;
    let mut expected = Vec::new();
    for key in ["b/2", "a", "b/1", "b/1", "b/1", "c"] {
        expected.push((key.to_owned(), endpoint.create(key).await));
    }
    expected.retain(|(key, _)| key.starts_with("b/"));
    expected.sort();

    for page_size in [1, 2, 1000] {
        let mut listed = Vec::new();
        let (mut key_marker, mut id_marker) = (None, None);
        loop {
            let request = endpoint
                .client
                .list_multipart_uploads()
                .bucket(BUCKET)
                .prefix("b/");
            let request = request.max_uploads(page_size).set_key_marker(key_marker);
            let page = request
                .set_upload_id_marker(id_marker)
                .send()
                .await
                .expect("a page");
            listed.extend(page.uploads().iter().map(key_and_id));
            (key_marker, id_marker) = (page.next_key_marker, page.next_upload_id_marker);
            if page.is_truncated != Some(true) {
                break;
            }
        }
        assert_eq!(listed, expected, "in pages of {page_size}");
    }
    let request = endpoint
        .client
        .list_multipart_uploads()
        .bucket(BUCKET)
        .key_marker("b/1");
    let after: Vec<_> = request
        .send()
        .await
        .expect("a page")
        .uploads()
        .iter()
        .map(key_and_id)
        .collect();
    let keys: Vec<_> = after.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["b/2", "c"]);
}

fn key_and_id(upload: &MultipartUpload) -> (String, String) {
    (
        upload.key.clone().expect("a key"),
        upload.upload_id.clone().expect("an id"),
    )
}

#[tokio::test]
async fn objects_are_listed_in_byte_order() {
    let endpoint = Endpoint::start().await;
    for key in ["p/é", "p/z", "q", "p/a", "p/Z", "o", "p/a/b"] {
        endpoint.put(key, key.as_bytes()).await;
    }
    let expected = ["p/Z", "p/a", "p/a/b", "p/z", "p/é"];
    let mut listed = Vec::new();
    let mut token = None;
    loop {
        let request = endpoint
            .client
            .list_objects_v2()
            .bucket(BUCKET)
            .prefix("p/")
            .max_keys(2);
        let page = request
            .set_continuation_token(token)
            .send()
            .await
            .expect("a page");
        assert_eq!(page.key_count, i32::try_from(page.contents().len()).ok());
        listed.extend(
            page.contents()
                .iter()
                .filter_map(|object| object.key.clone()),
        );
        token = page.next_continuation_token;
        if page.is_truncated != Some(true) {
            break;
        }
    }
    assert_eq!(listed, expected);

    let request = endpoint
        .client
        .list_objects_v2()
        .bucket(BUCKET)
        .prefix("p/")
        .start_after("p/a");
    let page = request.send().await.expect("a page");
    let keys: Vec<_> = page
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    assert_eq!(keys, expected[2..]);
    assert_eq!(page.contents()[0].size, Some(5));
}

#[tokio::test]
async fn invalid_listing_parameters_are_rejected() {
    let endpoint = Endpoint::start().await;
    let request = endpoint.client.list_objects_v2().bucket(BUCKET);
    let refusal = |sent: Result<_, _>| sent.map(drop).map_err(code).unwrap_err();
    assert_eq!(
        refusal(request.clone().max_keys(-1).send().await),
        "InvalidArgument"
    );
    assert_eq!(
        refusal(request.clone().continuation_token("p/a").send().await),
        "InvalidArgument"
    );
    assert_eq!(
        refusal(request.clone().delimiter("/").send().await),
        "NotImplemented"
    );
    let none = request.max_keys(0).send().await.expect("a page");
    assert_eq!((none.contents().len(), none.is_truncated), (0, Some(false)));
}
