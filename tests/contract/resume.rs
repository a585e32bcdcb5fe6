//! Resuming: the parts that S3 holds, and fresh URLs for the others.

use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::Utc;
use reqwest::Method;
use restow_sdk::Progress;
use serde_json::json;

use crate::fixture::{PART_SIZE, System, eventually, noise, put, refused, refused_answer};

#[tokio::test]
async fn upload_resumes_with_fresh_urls() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("resumed").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(5 * PART_SIZE + 3, 1))
        .await?;
    let sent = upload.put_some([2, 5]).await?;
    let held = upload.held().await?;
    let expected: Vec<_> = [(2, &sent[0]), (5, &sent[1])]
        .map(|(number, part)| (number, part.etag.trim_matches('"').to_string()))
        .into();
    assert_eq!(held, expected);

    let fresh = upload.renew(&[6, 1, 3, 4]).await?;
    assert_eq!(
        fresh.iter().map(|url| url.part_number).collect::<Vec<_>>(),
        [6, 1, 3, 4]
    );
    for url in fresh {
        let bytes = upload.part(usize::try_from(url.part_number)?);
        assert_eq!(url.content_length, i64::try_from(bytes.len())?);
        assert!(url.expires_at > Utc::now());
        put(&system.http, &url.url, bytes)
            .await?
            .error_for_status()?;
    }
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    assert!(system.read(dataset_id).await? == upload.content);
    Ok(())
}

#[tokio::test]
async fn parts_are_listed_only_while_uploading() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("empty").await?;
    let upload = system.begin(dataset_id, "noise.bin", noise(10, 1)).await?;
    assert_eq!(upload.held().await?, []);
    upload.put(1).await?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    let fault = refused(upload.held().await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "ready");
    refused(upload.renew(&[1]).await, 409, "invalid_state");
    Ok(())
}

#[tokio::test]
async fn expired_url_is_refused_and_fresh_works() -> Result<()> {
    let system = System::start_with(&[("--url-expires", "4s")])?;
    let dataset_id = system.dataset("expired").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    let refusal = eventually("S3 refuses the URL", async || {
        let response = put(&system.http, &upload.urls[0], upload.part(1))
            .await
            .ok()?;
        (!response.status().is_success()).then_some(response.status())
    })
    .await;
    assert!([400, 403].contains(&refusal.as_u16()), "{refusal}");
    for number in 1..=2 {
        let fresh = upload.renew(&[number]).await?;
        put(
            &system.http,
            &fresh[0].url,
            upload.part(usize::try_from(number)?),
        )
        .await?
        .error_for_status()?;
    }
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    let download = system
        .client
        .api()
        .download_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner();
    eventually("the download expires", async || {
        let response = system.http.get(&download.url).send().await.ok()?;
        response.status().is_client_error().then_some(())
    })
    .await;
    assert!(system.read(dataset_id).await? == upload.content);
    Ok(())
}

#[tokio::test]
async fn uploader_renews_expired_urls() -> Result<()> {
    let system = System::start_with(&[("--url-expires", "3s")])?;
    let dataset_id = system.dataset("uploader").await?;
    let directory = tempfile::tempdir()?;
    let source = directory.path().join("noise.bin");
    let content = noise(6 * PART_SIZE, 1);
    std::fs::write(&source, &content)?;
    // A slow listener delays the upload, as a slow network would, until its first URLs have expired.
    let begun = Instant::now();
    let dawdle = move |progress: &Progress| {
        while progress.parts_done == 1 && begun.elapsed() < Duration::from_secs(4) {
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    system
        .client
        .reupload(dataset_id)
        .file(&source)
        .state_dir(directory.path())
        .concurrency(1)
        .on_progress(dawdle)
        .send()
        .await?;
    assert!(system.read(dataset_id).await? == content);
    Ok(())
}

#[tokio::test]
async fn unplanned_parts_get_no_urls() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("plan").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    let fault = refused(upload.renew(&[1, 3, 10_000]).await, 409, "parts_mismatch");
    assert_eq!(
        fault.ctx["parts"],
        json!([{ "part_number": 3, "problem": "not_planned" }, { "part_number": 10_000, "problem": "not_planned" }])
    );
    let path = format!("/jobs/{}/urls", upload.job_id);
    for (numbers, error_type) in [
        (json!([]), "too_short"),
        (json!([0]), "greater_than_equal"),
        (json!([10_001]), "less_than_equal"),
        (json!(["1"]), "int_type"),
        (json!(vec![1; 1_001]), "too_long"),
        (json!(1), "list_type"),
    ] {
        let body = json!({ "part_numbers": numbers });
        let response = system
            .request(Method::POST, &path)
            .json(&body)
            .send()
            .await?;
        refused_answer(response, 422, error_type).await?;
    }
    Ok(())
}

#[tokio::test]
async fn requesting_urls_extends_the_deadline() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("deadline").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(PART_SIZE, 1))
        .await?;
    let before = upload.job().await?;
    assert_eq!((before.deadline - before.created_at).num_hours(), 24);
    let fresh = upload.renew(&[1]).await?;
    let after = upload.job().await?;
    assert!(after.deadline > before.deadline);
    assert!(fresh[0].expires_at <= after.deadline);
    Ok(())
}

#[tokio::test]
async fn urls_never_outlive_their_job() -> Result<()> {
    let system = System::start_with(&[("--job-deadline", "10m")])?;
    let dataset_id = system.dataset("short").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(PART_SIZE, 1))
        .await?;
    let fresh = upload.renew(&[1]).await?;
    assert!(fresh[0].expires_at <= upload.job().await?.deadline);
    assert!(
        upload.urls[0].contains("X-Amz-Expires=600&")
            || upload.urls[0].contains("X-Amz-Expires=599&")
    );
    Ok(())
}
