//! Keys that would do harm as file names.

use crate::fixture::{BUCKET, Endpoint};

#[tokio::test]
async fn no_key_is_a_path() {
    let endpoint = Endpoint::start().await;
    let longest = "k".repeat(1024);
    let keys = [
        "o/../../x",
        "../x",
        "/etc/passwd",
        "a",
        "a/b",
        "a/b/c",
        "a/",
        "./.",
        "//",
        "CON",
        "a\\..\\b",
        "é%2e%2e+ &?#",
        "object.json",
        &longest,
    ];
    for key in keys {
        endpoint.put(key, key.as_bytes()).await;
    }
    for key in keys {
        assert_eq!(
            endpoint.get(key).await,
            Ok(key.as_bytes().to_vec()),
            "{key}"
        );
    }
    let listed = endpoint
        .client
        .list_objects_v2()
        .bucket(BUCKET)
        .send()
        .await
        .expect("a listing");
    assert_eq!(listed.contents().len(), keys.len());

    let above = endpoint.directory.path().read_dir().expect("the directory");
    let names: Vec<_> = above
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, [BUCKET]);
}

#[tokio::test]
async fn unlistable_keys_are_rejected() {
    let endpoint = Endpoint::start().await;
    for (key, refusal) in [
        ("nul\0", "InvalidArgument"),
        ("line\nfeed", "InvalidArgument"),
        (&"k".repeat(1025), "KeyTooLongError"),
    ] {
        let created = endpoint
            .client
            .create_multipart_upload()
            .bucket(BUCKET)
            .key(key)
            .send()
            .await;
        assert_eq!(
            created.map_err(crate::fixture::code).unwrap_err(),
            refusal,
            "{key:?}"
        );
    }
}
