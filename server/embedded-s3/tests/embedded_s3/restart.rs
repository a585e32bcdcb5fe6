//! What a new process finds, after an orderly end and after a crash.

use std::fs;

use crate::fixture::{BUCKET, Endpoint};

#[tokio::test]
async fn uploads_parts_and_objects_survive() {
    let endpoint = Endpoint::start().await;
    endpoint.put("replaced", b"old").await;
    endpoint.put("deleted", b"gone").await;
    endpoint.put("replaced", b"new").await;
    endpoint
        .client
        .delete_object()
        .bucket(BUCKET)
        .key("deleted")
        .send()
        .await
        .expect("deleted");
    let created = endpoint
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key("upload");
    let created = created
        .content_type("text/csv")
        .metadata("restow-job", "7")
        .send()
        .await;
    let id = created.expect("an upload").upload_id.expect("an id");
    endpoint
        .upload("upload", &id, 1, b"stale")
        .await
        .expect("a part");
    let first = endpoint
        .upload("upload", &id, 1, b"first")
        .await
        .expect("a part");
    let listed = endpoint
        .client
        .list_parts()
        .bucket(BUCKET)
        .key("upload")
        .upload_id(&id);
    let before = listed.send().await.expect("parts");

    let endpoint = endpoint.restart().await;
    assert_eq!(endpoint.get("replaced").await, Ok(b"new".to_vec()));
    assert_eq!(endpoint.get("deleted").await, Err("NoSuchKey".to_owned()));
    let listed = endpoint
        .client
        .list_parts()
        .bucket(BUCKET)
        .key("upload")
        .upload_id(&id);
    assert_eq!(listed.send().await.expect("parts").parts(), before.parts());
    let second = endpoint
        .upload("upload", &id, 2, b"second")
        .await
        .expect("a part");
    endpoint
        .complete("upload", &id, &[(1, &first), (2, &second)])
        .await
        .expect("an object");

    let endpoint = endpoint.restart().await;
    assert_eq!(endpoint.get("upload").await, Ok(b"firstsecond".to_vec()));
    let head = endpoint
        .client
        .head_object()
        .bucket(BUCKET)
        .key("upload")
        .send()
        .await
        .expect("an object");
    assert_eq!(head.content_type.as_deref(), Some("text/csv"));
    assert_eq!(head.metadata.expect("metadata")["restow-job"], "7");
    assert_eq!(
        endpoint.abort("upload", &id).await,
        Err("NoSuchUpload".to_owned())
    );
}

/// A process that dies leaves what it had not finished: a body half received, an old revision of a
/// part, the description of an object that was not to be, an object without one, and an object that
/// was replaced.
#[tokio::test]
async fn what_a_crash_leaves_is_cleared() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("upload").await;
    let etag = endpoint
        .upload("upload", &id, 1, b"other")
        .await
        .expect("a part");
    let etag = (
        endpoint
            .upload("upload", &id, 1, b"first")
            .await
            .expect("a part"),
        etag,
    )
        .0;
    endpoint.put("object", b"newer").await;

    let bucket = endpoint.bucket_directory();
    let upload = bucket.join("uploads").join(&id);
    let stale = upload.join(format!("00001-1-{}", "0".repeat(32)));
    fs::write(bucket.join("incoming/.tmp1"), "half a body").expect("written");
    fs::write(&stale, "stale").expect("written");
    fs::write(upload.join("object.json"), "{}").expect("written");
    let objects = bucket.join("objects");
    let live = objects.join("00000000000000000001");
    let replaced = objects.join("00000000000000000000");
    fs::create_dir(&replaced).expect("created");
    for file in live.read_dir().expect("an object") {
        let file = file.expect("a file");
        fs::copy(file.path(), replaced.join(file.file_name())).expect("copied");
    }
    fs::create_dir(objects.join("00000000000000000009")).expect("created");

    let endpoint = endpoint.restart().await;
    assert_eq!(endpoint.incoming(), 0);
    assert!(!stale.exists());
    assert_eq!(endpoint.get("object").await, Ok(b"newer".to_vec()));
    let left: Vec<_> = objects
        .read_dir()
        .expect("objects")
        .map(|left| left.expect("an entry").path())
        .collect();
    assert_eq!(left, [live]);
    endpoint
        .complete("upload", &id, &[(1, &etag)])
        .await
        .expect("an object");
    assert_eq!(endpoint.get("upload").await, Ok(b"first".to_vec()));
}
