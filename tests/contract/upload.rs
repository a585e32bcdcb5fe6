//! Uploads, from the request for URLs to the download.

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RANGE};
use restow_sdk::generated::types::JobStatus;
use restow_sdk::{CommitPolicy, Phase};
use serde_json::json;

use crate::fixture::{MIB, PART_SIZE, System, csv, named, noise};

#[tokio::test]
async fn small_file_round_trips_in_one_part() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("small").await?;
    let content = csv(1_000);
    let upload = system
        .begin(dataset_id, "rows.csv", content.clone())
        .await?;
    assert_eq!(
        (upload.urls.len(), &upload.multipart_id, upload.part_size),
        (1, &None, None)
    );
    assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
    assert_eq!(upload.job().await?.part_size, None);

    let etag = upload.put(1).await?;
    upload.complete(vec![named(1, &etag)]).await?;
    assert_eq!(upload.wait().await?.status, JobStatus::Ready);
    assert_eq!(system.current_version(dataset_id).await?, None);

    let version = upload.commit().await?;
    assert_eq!((version.version, version.row_count), (1, Some(1_000)));
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    assert_eq!(system.read(dataset_id).await?, content);
    assert_eq!(system.read_version(dataset_id, 1).await?, content);
    assert_eq!(upload.job().await?.status, JobStatus::Committed);
    assert_eq!(upload.job().await?.version, Some(1));
    Ok(())
}

#[tokio::test]
async fn parts_may_be_sent_in_any_order() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("large").await?;
    let content = noise(6 * PART_SIZE + 12_345, 1);
    let upload = system
        .begin(dataset_id, "noise.bin", content.clone())
        .await?;
    assert_eq!((upload.urls.len(), upload.part_size), (7, Some(PART_SIZE)));
    assert!(upload.multipart_id.is_some());
    assert_eq!(
        upload.job().await?.part_size,
        Some(i64::try_from(PART_SIZE)?)
    );

    let sent = stream::iter([7, 2, 5, 1, 6, 3, 4])
        .map(|number| {
            let upload = &upload;
            async move { Ok::<_, anyhow::Error>(named(number, &upload.put(number).await?)) }
        })
        .buffer_unordered(3);
    upload.complete(sent.try_collect().await?).await?;
    upload.wait().await?;
    let version = upload.commit().await?;

    assert_eq!(version.file_size, i64::try_from(content.len())?);
    assert!(version.etag.ends_with("-7"), "{}", version.etag);
    assert_eq!(system.read(dataset_id).await?, content);
    assert_eq!(system.bucket().objects().await?, [upload.key]);
    assert!(system.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn uploader_sends_many_parts() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("uploader").await?;
    let directory = tempfile::tempdir()?;
    let (source, copy) = (
        directory.path().join("rows.csv"),
        directory.path().join("copy.csv"),
    );
    let content = csv(32 * MIB / 20);
    std::fs::write(&source, &content)?;
    let mut reported = Vec::new();
    let reupload = system
        .client
        .reupload(dataset_id)
        .file(&source)
        .state_dir(directory.path())
        .concurrency(3);
    let done = reupload
        .on_progress(|progress| reported.push(*progress))
        .send()
        .await?;

    let last = reported.last().context("no progress")?;
    assert_eq!(
        (last.phase, last.bytes_done),
        (Phase::Commit, content.len() as u64)
    );
    assert!(
        last.parts_total >= 6 && last.parts_done == last.parts_total,
        "{last:?}"
    );
    let version = done.version.context("not committed")?;
    assert_eq!(
        (version.version, version.filename.as_str()),
        (1, "rows.csv")
    );
    assert_eq!(version.content_type, "text/csv");
    assert_eq!(version.row_count, Some(i64::try_from(32 * MIB / 20)?));
    system.client.download(dataset_id).to_path(&copy).await?;
    assert!(std::fs::read(copy)? == content);
    Ok(())
}

#[tokio::test]
async fn uploader_can_leave_job_at_preview() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("uploader").await?;
    let directory = tempfile::tempdir()?;
    let source = directory.path().join("rows.csv");
    std::fs::write(&source, csv(10))?;
    let reupload = system
        .client
        .reupload(dataset_id)
        .file(&source)
        .state_dir(directory.path())
        .filename("other.csv");
    let done = reupload.commit(CommitPolicy::LeaveAtPreview).send().await?;
    assert!(done.version.is_none());
    assert_eq!(
        (done.job.status, done.preview.row_count),
        (JobStatus::Ready, Some(10))
    );
    assert_eq!(done.job.filename, "other.csv");
    assert_eq!(system.current_version(dataset_id).await?, None);
    Ok(())
}

#[tokio::test]
async fn single_part_limit_is_inclusive() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("edge").await?;
    for (size, parts) in [
        (1, 1),
        (PART_SIZE - 1, 1),
        (PART_SIZE, 1),
        (PART_SIZE + 1, 2),
        (2 * PART_SIZE, 2),
    ] {
        let content = noise(size, 2);
        let upload = system
            .begin(dataset_id, "edge.bin", content.clone())
            .await?;
        assert_eq!(upload.urls.len(), parts, "{size}");
        assert_eq!(upload.multipart_id.is_some(), parts > 1, "{size}");
        upload.put_all().await?;
        upload.complete(Vec::new()).await?;
        upload.wait().await?;
        upload.commit().await?;
        assert_eq!(system.read(dataset_id).await?, content, "{size}");
    }
    Ok(())
}

#[tokio::test]
async fn download_supports_ranges() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("ranges").await?;
    let content = noise(2 * PART_SIZE, 3);
    system
        .publish(dataset_id, "noise.bin", content.clone())
        .await?;
    let download = system
        .client
        .api()
        .download_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let (first, last) = (PART_SIZE - 5, PART_SIZE + 4);
    let response = system
        .http
        .get(&download.url)
        .header(RANGE, format!("bytes={first}-{last}"))
        .send()
        .await?;
    assert_eq!(response.status(), 206);
    assert_eq!(response.bytes().await?, content.slice(first..=last));
    Ok(())
}

/// Filenames that would break a header, a path or a database if used there unescaped.
fn nasty_filenames() -> Vec<String> {
    let mut names: Vec<String> = [
        "say \"hello\".csv",
        "semi;colon=\\back'quote'.csv",
        "two\r\nX-Evil: lines.csv",
        "\u{202e}vsc.exe\u{200f}.csv",
        "../../../etc/passwd",
        "..\\..\\windows.csv",
        "nul\u{0}byte.csv",
        "Zürich – 日本語.CSV",
        "con",
        ".csv",
        " ",
    ]
    .map(str::to_string)
    .into();
    names.push("😀".repeat(255));
    names
}

#[tokio::test]
async fn any_filename_is_preserved() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("names").await?;
    for filename in nasty_filenames() {
        let content = csv(1);
        let upload = system
            .prepare(dataset_id, &filename, content.clone())
            .await?;
        let stem = format!("datasets/{dataset_id}/{}", upload.job_id);
        assert!(
            [stem.clone(), format!("{stem}.csv")].contains(&upload.key),
            "{filename:?}: {}",
            upload.key
        );
        assert_eq!(upload.job().await?.filename, filename);
        let version = upload.commit().await?;
        assert_eq!(version.filename, filename);

        let download = system
            .client
            .api()
            .download_dataset()
            .dataset_id(dataset_id)
            .send()
            .await?
            .into_inner();
        assert_eq!(
            (&download.filename, &download.etag),
            (&filename, &version.etag)
        );
        let response = system.http.get(&download.url).send().await?;
        assert!(!response.headers().contains_key("x-evil"), "{filename:?}");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/csv");
        let disposition = response.headers()[CONTENT_DISPOSITION]
            .to_str()?
            .to_string();
        assert!(
            disposition.len() < 1_500,
            "longer than S3 permits: {disposition}"
        );
        // Only filenames too long for S3 may be truncated.
        let whole = filename.len() < 300;
        let shown = filename_in(&disposition)?;
        assert!(
            filename.starts_with(&shown) && (shown == filename || !whole),
            "{disposition}"
        );
        assert_eq!(response.bytes().await?, content);
    }
    Ok(())
}

/// The filename under which a browser would save the download.
fn filename_in(disposition: &str) -> Result<String> {
    let rest = disposition
        .strip_prefix("attachment; filename=\"")
        .context("no attachment")?;
    let (plain, rest) = rest
        .split_once('"')
        .context("unterminated plain filename")?;
    let Some(encoded) = rest.strip_prefix("; filename*=UTF-8''") else {
        return Ok(plain.to_string());
    };
    let url: reqwest::Url =
        format!("http://localhost/?name={}", encoded.replace('+', "%2B")).parse()?;
    let (_, name) = url.query_pairs().next().context("no name")?;
    Ok(name.into_owned())
}

#[tokio::test]
async fn key_keeps_only_a_safe_extension() -> Result<()> {
    let system = System::start_with(&[("--s3-prefix", "team/a")])?;
    let dataset_id = system.dataset("keys").await?;
    for (filename, extension) in [
        ("Secret Plan.CSV", ".csv"),
        ("a.tar.gz", ".gz"),
        ("a.b c", ""),
        ("none", ""),
    ] {
        let upload = system.begin(dataset_id, filename, csv(1)).await?;
        assert_eq!(
            upload.key,
            format!("team/a/datasets/{dataset_id}/{}{extension}", upload.job_id)
        );
    }
    Ok(())
}

#[tokio::test]
async fn invalid_content_type_is_kept_in_database() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("types").await?;
    for (content_type, sent) in [
        (
            "application/geo+json; charset=utf-8",
            "application/geo+json; charset=utf-8",
        ),
        (
            "text/csv\r\nx-amz-acl: public-read",
            "application/octet-stream",
        ),
        ("tëxt/csv", "application/octet-stream"),
        ("nul\u{0}", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        // Without an extension, from which some servers derive a content type.
        let body = json!({ "filename": "a", "file_size": 3, "content_type": content_type });
        let path = format!("/datasets/{dataset_id}/reupload/presigned");
        let response = system
            .request(reqwest::Method::POST, &path)
            .json(&body)
            .send()
            .await?;
        let response: serde_json::Value = response.error_for_status()?.json().await?;
        let job_id = response["job_id"]
            .as_str()
            .context("no job")?
            .parse::<uuid::Uuid>()?;
        let url = response["urls"][0].as_str().context("no URL")?;
        system
            .http
            .put(url)
            .body("abc")
            .send()
            .await?
            .error_for_status()?;
        system
            .client
            .api()
            .complete_presigned_reupload()
            .dataset_id(dataset_id)
            .job_id(job_id)
            .send()
            .await?;
        assert_eq!(system.client.wait(job_id).await?.content_type, content_type);
        let head = system
            .bucket()
            .head(response["s3_key"].as_str().context("no key")?)
            .await?;
        assert_eq!(head.content_type.as_deref(), Some(sent), "{content_type:?}");
    }
    Ok(())
}

#[tokio::test]
async fn object_metadata_names_its_job() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("metadata").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(3)).await?;
    let version = upload.commit().await?;
    let head = system.bucket().head(&upload.key).await?;
    assert_eq!(
        head.e_tag.as_deref(),
        Some(format!("\"{}\"", version.etag).as_str())
    );
    let metadata = head.metadata.unwrap_or_default();
    assert_eq!(metadata.get("restow-job"), Some(&upload.job_id.to_string()));
    assert_eq!(
        (version.job_id, version.dataset_id),
        (upload.job_id, dataset_id)
    );
    Ok(())
}
