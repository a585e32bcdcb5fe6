//! Signed URLs: each accepts one part of one length of one upload, until that upload ends.

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::stream;
use reqwest::header::{CACHE_CONTROL, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use restow_tests::SharedS3Server;
use serde_json::json;

use crate::fixture::{PART_SIZE, System, Upload, Wire, csv, noise, path_and_query, put};

/// Asserts that S3 holds no part of an upload.
async fn assert_nothing_held(upload: &Upload) -> Result<()> {
    assert_eq!(upload.held().await?, []);
    Ok(())
}

/// The URL with another value of a query parameter.
fn with_query(url: &str, name: &str, value: &str) -> Result<String> {
    let mut url: Url = url.parse()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    anyhow::ensure!(
        pairs.iter().any(|(found, _)| found == name),
        "no {name} in the URL"
    );
    let changed = pairs.into_iter().map(|(found, old)| {
        if found == name {
            (found, value.to_string())
        } else {
            (found, old)
        }
    });
    url.query_pairs_mut()
        .clear()
        .extend_pairs(changed.collect::<Vec<_>>());
    Ok(url.into())
}

fn query(url: &str, name: &str) -> Result<String> {
    let url: Url = url.parse()?;
    let value = url
        .query_pairs()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned());
    value.with_context(|| format!("no {name}"))
}

#[tokio::test]
async fn url_signature_covers_length_and_host() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("signed").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    for (number, url) in (1..).zip(&upload.urls) {
        assert!(url.starts_with(&format!(
            "{}/{}/{}?",
            system.place.endpoint, system.place.name, upload.key
        )));
        assert_eq!(query(url, "X-Amz-Algorithm")?, "AWS4-HMAC-SHA256");
        assert_eq!(query(url, "X-Amz-SignedHeaders")?, "content-length;host");
        assert_eq!(query(url, "X-Amz-Expires")?, "3600");
        assert_eq!(query(url, "partNumber")?, number.to_string());
        assert_eq!(Some(query(url, "uploadId")?), upload.multipart_id);
    }
    assert_eq!(
        query(&upload.urls[0], "X-Amz-Date")?,
        query(&upload.urls[1], "X-Amz-Date")?
    );
    Ok(())
}

#[tokio::test]
async fn url_is_refused_after_completion() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("immutable").await?;
    for size in [1_000, 2 * PART_SIZE + 7] {
        let content = noise(size, 4);
        let upload = system
            .begin(dataset_id, "noise.bin", content.clone())
            .await?;
        upload.put_all().await?;
        upload.complete(Vec::new()).await?;
        let evil = noise(upload.part(1).len(), 5);
        let late = put(&system.http, &upload.urls[0], evil.clone()).await?;
        assert!(late.status().is_client_error(), "{}", late.status());
        upload.wait().await?;
        upload.commit().await?;
        let later = put(&system.http, &upload.urls[0], evil).await?;
        assert!(later.status().is_client_error(), "{}", later.status());
        assert_eq!(system.read(dataset_id).await?, content);
    }
    assert!(system.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn put_during_completion_leaves_object_unchanged() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("in flight").await?;
    let content = noise(100_000, 6);
    let upload = system
        .begin(dataset_id, "noise.bin", content.clone())
        .await?;
    upload.put_all().await?;
    let evil = noise(100_000, 7);
    let mut wire = Wire::to(&upload.urls[0]).await?;
    wire.head(
        &format!("PUT {}", path_and_query(&upload.urls[0])?),
        &[("content-length", "100000")],
    )
    .await?;
    wire.send(&evil[..50_000]).await?;
    upload.complete(Vec::new()).await?;
    wire.send(&evil[50_000..]).await?;
    assert_eq!(wire.status().await?, 404);
    upload.wait().await?;
    upload.commit().await?;
    assert_eq!(system.read(dataset_id).await?, content);
    Ok(())
}

#[tokio::test]
async fn body_of_another_size_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("sizes").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(PART_SIZE + 100, 8))
        .await?;
    for (url, right) in upload.urls.iter().zip([PART_SIZE, 100]) {
        for size in [right + 1, right - 1, 1, 0] {
            let response = put(&system.http, url, noise(size, 9)).await?;
            assert_eq!(
                response.status(),
                StatusCode::FORBIDDEN,
                "{size} instead of {right}"
            );
        }
    }
    assert_nothing_held(&upload).await
}

#[tokio::test]
async fn truncated_body_is_not_stored() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("halves").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(100_000, 10))
        .await?;
    let mut wire = Wire::to(&upload.urls[0]).await?;
    wire.head(
        &format!("PUT {}", path_and_query(&upload.urls[0])?),
        &[("content-length", "100000")],
    )
    .await?;
    wire.send(&upload.content[..50_000]).await?;
    drop(wire);
    assert_nothing_held(&upload).await?;
    upload.put(1).await?;
    assert_eq!(upload.held().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn expect_continue_is_honoured() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("expect").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(10)).await?;
    let length = upload.content.len().to_string();
    let asking = [
        ("content-length", length.as_str()),
        ("expect", "100-continue"),
    ];

    let mut wire = Wire::to(&upload.urls[0]).await?;
    let forged = with_query(&upload.urls[0], "X-Amz-Expires", "7200")?;
    wire.head(&format!("PUT {}", path_and_query(&forged)?), &asking)
        .await?;
    let mut status = wire.status().await?;
    if status == 100 {
        // Some servers check the signature only after they have read the body.
        wire.send(&upload.content).await?;
        status = wire.status().await?;
    }
    assert_eq!(status, 403);

    let mut wire = Wire::to(&upload.urls[0]).await?;
    wire.head(
        &format!("PUT {}", path_and_query(&upload.urls[0])?),
        &asking,
    )
    .await?;
    assert_eq!(wire.status().await?, 100);
    wire.send(&upload.content).await?;
    assert_eq!(wire.status().await?, 200);
    assert_eq!(upload.held().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn ambiguous_content_length_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("lengths").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(10)).await?;
    let chunks = stream::iter([Ok::<Bytes, std::io::Error>(upload.content.clone())]);
    let chunked = put(
        &system.http,
        &upload.urls[0],
        reqwest::Body::wrap_stream(chunks),
    )
    .await?;
    assert!(chunked.status().is_client_error(), "{}", chunked.status());

    let length = upload.content.len().to_string();
    let mut wire = Wire::to(&upload.urls[0]).await?;
    let both = [
        ("content-length", length.as_str()),
        ("transfer-encoding", "chunked"),
    ];
    wire.head(&format!("PUT {}", path_and_query(&upload.urls[0])?), &both)
        .await?;
    wire.send(b"3\r\nabc\r\n0\r\n\r\n").await?;
    // Refused or read as chunked: nothing may be stored.
    assert!((400..500).contains(&wire.status().await?));
    assert_nothing_held(&upload).await
}

#[tokio::test]
async fn url_refuses_other_methods() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("methods").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(10)).await?;
    for method in [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::DELETE,
        Method::PATCH,
    ] {
        let response = system
            .http
            .request(method.clone(), &upload.urls[0])
            .body(upload.content.clone())
            .send()
            .await?;
        assert!(
            response.status().is_client_error() || response.status() == 501,
            "{method}: {}",
            response.status()
        );
    }
    assert_nothing_held(&upload).await?;
    assert_eq!(system.bucket().uploads().await?, [upload.key.as_str()]);
    upload.put(1).await?;
    Ok(())
}

#[tokio::test]
async fn altered_url_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("changed").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 11))
        .await?;
    let other = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 11))
        .await?;
    let url = &upload.urls[0];
    let signature = query(url, "X-Amz-Signature")?;
    let turned = if signature.starts_with('0') { "1" } else { "0" };
    let changed = [
        with_query(
            url,
            "X-Amz-Signature",
            &format!("{turned}{}", &signature[1..]),
        )?,
        with_query(url, "X-Amz-Expires", "7200")?,
        with_query(url, "X-Amz-SignedHeaders", "host")?,
        with_query(url, "partNumber", "2")?,
        with_query(
            url,
            "uploadId",
            &other.multipart_id.clone().context("no upload")?,
        )?,
        url.replace(&upload.key, &other.key),
        url.replace(&upload.key, "datasets/else"),
        url.split('?').next().context("no path")?.to_string(),
    ];
    for url in changed {
        let response = put(&system.http, &url, upload.part(1)).await?;
        assert_eq!(
            response.status(),
            StatusCode::FORBIDDEN,
            "{}",
            path_and_query(&url)?
        );
    }
    assert_nothing_held(&upload).await?;
    assert_nothing_held(&other).await
}

#[tokio::test]
async fn upload_url_cannot_copy_another_object() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("copies").await?;
    let secret = system
        .prepare(dataset_id, "secret.bin", noise(PART_SIZE, 12))
        .await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(PART_SIZE, 13))
        .await?;
    let source = format!("/restow/{}", secret.key);
    let own = upload.put(1).await?;
    for range in [None, Some("bytes=0-99")] {
        for body in [upload.content.clone(), Bytes::new()] {
            let mut request = system
                .http
                .put(&upload.urls[0])
                .header("x-amz-copy-source", &source);
            if let Some(range) = range {
                request = request.header("x-amz-copy-source-range", range);
            }
            // Refused, or the header ignored: S3 holds only what this client has sent.
            request.body(body).send().await?;
            assert_eq!(
                upload.held().await?,
                [(1, own.trim_matches('"').to_string())]
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn part_headers_do_not_reach_the_object() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("headers").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(10)).await?;
    let request = system
        .http
        .put(&upload.urls[0])
        .body(upload.content.clone());
    let request = request
        .header("content-type", "text/html")
        .header("content-disposition", "inline");
    let request = request
        .header("x-amz-acl", "public-read")
        .header("x-amz-meta-evil", "1");
    let response = request.header("x-amz-tagging", "evil=1").send().await?;
    // A store may refuse such a part, or ignore the headers.
    if !response.status().is_success() {
        upload.put(1).await?;
    }
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    let head = system.bucket().head(&upload.key).await?;
    assert_eq!(head.content_type.as_deref(), Some("text/csv"));
    assert_eq!(
        head.content_disposition.as_deref(),
        Some("attachment; filename=\"rows.csv\"")
    );
    assert!(!head.metadata.unwrap_or_default().contains_key("evil"));
    let anonymous = system
        .http
        .get(format!(
            "{}/{}/{}",
            system.place.endpoint, system.place.name, upload.key
        ))
        .send()
        .await?;
    assert_eq!(anonymous.status(), StatusCode::FORBIDDEN);
    Ok(())
}

#[tokio::test]
async fn unsigned_requests_to_s3_are_refused() -> Result<()> {
    // The codes of other servers differ.
    let is_embedded = SharedS3Server::from_environment()?.is_none();
    let system = System::start()?;
    let dataset_id = system.dataset("anonymous").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(10)).await?;
    let bucket = format!("{}/{}", system.place.endpoint, system.place.name);
    let object = format!("{bucket}/{}", upload.key);
    let requests = [
        (Method::GET, object.clone()),
        (Method::HEAD, object.clone()),
        (Method::DELETE, object.clone()),
        (Method::PUT, object.clone()),
        (Method::POST, format!("{object}?uploads")),
        (Method::GET, format!("{bucket}?list-type=2")),
        (Method::GET, format!("{bucket}?uploads")),
    ];
    for (method, url) in requests {
        let response = system.http.request(method.clone(), &url).send().await?;
        assert!(
            response.status().is_client_error(),
            "{method}: {}",
            response.status()
        );
        assert!(
            !is_embedded || response.status() == StatusCode::FORBIDDEN,
            "{method}: {}",
            response.status()
        );
        let bearer = system
            .http
            .request(method.clone(), &url)
            .bearer_auth(system.server.token())
            .send()
            .await?;
        assert!(
            !bearer.status().is_success(),
            "{method} with a bearer: {}",
            bearer.status()
        );
    }
    // Some servers list the buckets of an anonymous client: none.
    let told = system.http.get(&system.place.endpoint).send().await?;
    assert!(
        !is_embedded || told.status() == StatusCode::FORBIDDEN,
        "{}",
        told.status()
    );
    let told = told.text().await?;
    assert!(
        !told.contains(&format!("<Name>{}</Name>", system.place.name)),
        "{told}"
    );
    upload.commit().await?;
    assert_eq!(system.read(dataset_id).await?, upload.content);
    Ok(())
}

#[tokio::test]
async fn download_url_reads_only_its_object() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("downloads").await?;
    let first = system.publish(dataset_id, "rows.csv", csv(10)).await?;
    let other = system.prepare(dataset_id, "rows.csv", csv(20)).await?;
    let download = system
        .client
        .api()
        .download_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner();
    assert_eq!(
        (download.file_size, &download.etag),
        (first.file_size, &first.etag)
    );
    let key = format!("datasets/{dataset_id}/{}.csv", first.job_id);
    let moved = system
        .http
        .get(download.url.replace(&key, &other.key))
        .send()
        .await?;
    assert_eq!(moved.status(), StatusCode::FORBIDDEN);
    for method in [Method::PUT, Method::DELETE] {
        let response = system
            .http
            .request(method.clone(), &download.url)
            .body("evil")
            .send()
            .await?;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{method}");
    }
    assert_eq!(system.read(dataset_id).await?, csv(10));
    Ok(())
}

#[tokio::test]
async fn responses_with_signed_urls_are_not_stored() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("unstored").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(3)).await?;
    let reupload = format!("/datasets/{dataset_id}/reupload/presigned");
    let file = json!({ "filename": "rows.csv", "file_size": 3 });
    for (method, path, body) in [
        (Method::POST, reupload, file),
        (
            Method::POST,
            format!("/jobs/{}/urls", upload.job_id),
            json!({ "part_numbers": [1] }),
        ),
        (
            Method::GET,
            format!("/datasets/{dataset_id}/download"),
            json!({}),
        ),
        (
            Method::GET,
            format!("/datasets/{dataset_id}/versions/1/download"),
            json!({}),
        ),
    ] {
        let response = system
            .request(method, &path)
            .json(&body)
            .send()
            .await?
            .error_for_status()?;
        let control = response.headers().get(CACHE_CONTROL).cloned();
        assert!(
            response.text().await?.contains("X-Amz-Signature"),
            "{path} returns no URL"
        );
        assert_eq!(
            control,
            Some(HeaderValue::from_static("no-store")),
            "{path}"
        );
    }
    Ok(())
}
