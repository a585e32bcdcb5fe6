//! Real S3 servers enforce what uploads rely on, and Restow works with them.

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ETAG, ORIGIN,
};
use restow_sdk::generated::types::{DatasetNameRequest, PresignedUploadRequest};
use restow_tests::s3_server::Kind;
use restow_tests::{S3Server, ServerOptions, ServerProcess};

use crate::fixture::{PART_SIZE, executable, noise};

const KEY: &str = "raw/object.bin";

#[tokio::test]
async fn seaweedfs_enforces_what_uploads_rely_on() -> Result<()> {
    enforces_what_uploads_rely_on(Kind::SeaweedFs).await
}

#[tokio::test]
async fn ceph_enforces_what_uploads_rely_on() -> Result<()> {
    enforces_what_uploads_rely_on(Kind::Ceph).await
}

#[tokio::test]
async fn seaweedfs_stores_reuploaded_data() -> Result<()> {
    keeps_the_data_of_a_reupload(Kind::SeaweedFs).await
}

#[tokio::test]
async fn ceph_stores_reuploaded_data() -> Result<()> {
    keeps_the_data_of_a_reupload(Kind::Ceph).await
}

#[tokio::test]
async fn seaweedfs_supports_virtual_host_addressing() -> Result<()> {
    is_reached_by_virtual_hosts(Kind::SeaweedFs).await
}

#[tokio::test]
async fn ceph_supports_virtual_host_addressing() -> Result<()> {
    is_reached_by_virtual_hosts(Kind::Ceph).await
}

async fn enforces_what_uploads_rely_on(kind: Kind) -> Result<()> {
    let Some(mut server) = S3Server::start_if_installed(kind)? else {
        return Ok(());
    };
    let content = noise(PART_SIZE + 1_000, 1);
    let uploaded = a_signed_url_admits_one_length_until_it_expires(&server, &content).await;
    let again = uploaded.with_context(|| said(&server))?;
    eprintln!(
        "{kind} {}: response to a second completion: {again}",
        server.version()
    );
    an_aborted_upload_is_gone(&server)
        .await
        .with_context(|| said(&server))?;
    browsers_may_upload(&server)
        .await
        .with_context(|| said(&server))?;

    server.stop()?;
    ensure!(read(&server).await.is_err(), "{kind} still responds");
    server.start_again()?;
    server.collect_garbage()?;
    ensure!(read(&server).await? == content, "{kind} has lost its data");
    Ok(())
}

/// Uploads in two parts by signed URLs, and returns the response to a second completion.
async fn a_signed_url_admits_one_length_until_it_expires(
    server: &S3Server,
    content: &Bytes,
) -> Result<String> {
    let (client, http) = (server.client(), reqwest::Client::new());
    let upload_id = create(server, KEY).await?;
    let (first, last) = (content.slice(..PART_SIZE), content.slice(PART_SIZE..));
    let now = SystemTime::now();
    let url = sign(server, &upload_id, 1, first.len(), now).await?;
    for wrong in [first.slice(1..), Bytes::from([&first[..], b"x"].concat())] {
        let refused = http.put(&url).body(wrong).send().await?.status();
        ensure!(refused.is_client_error(), "wrong length: {refused}");
    }
    let expired = sign(
        server,
        &upload_id,
        1,
        first.len(),
        now - Duration::from_hours(2),
    )
    .await?;
    let refused = http
        .put(&expired)
        .body(first.clone())
        .send()
        .await?
        .status();
    ensure!(refused.is_client_error(), "expired URL: {refused}");
    let forged = url.replace("partNumber=1", "partNumber=3");
    let refused = http.put(&forged).body(first.clone()).send().await?.status();
    ensure!(refused.is_client_error(), "URL of another part: {refused}");

    let mut parts = Vec::new();
    for (number, body) in [(1, first), (2, last)] {
        let url = sign(server, &upload_id, number, body.len(), now).await?;
        let response = http.put(&url).body(body).send().await?.error_for_status()?;
        let etag = response.headers().get(ETAG).context("no ETag")?.to_str()?;
        parts.push(
            CompletedPart::builder()
                .part_number(number)
                .e_tag(etag)
                .build(),
        );
    }
    complete(&client, server.bucket(), &upload_id, parts.clone())
        .await
        .map_err(anyhow::Error::msg)?;
    ensure!(
        read(server).await? == *content,
        "the downloaded bytes differ"
    );
    ensure!(
        is_gone(&client, server.bucket(), KEY, &upload_id).await?,
        "a completed upload is still listed"
    );
    let late = http
        .put(&url)
        .body(content.slice(..PART_SIZE))
        .send()
        .await?
        .status();
    ensure!(
        late.is_client_error(),
        "a URL of a completed upload: {late}"
    );
    let again = complete(&client, server.bucket(), &upload_id, parts).await;
    ensure!(
        read(server).await? == *content,
        "a second completion changed the object"
    );
    Ok(again.unwrap_or_else(|refused| refused))
}

async fn an_aborted_upload_is_gone(server: &S3Server) -> Result<()> {
    let (client, key) = (server.client(), "raw/aborted.bin");
    let upload_id = create(server, key).await?;
    client
        .abort_multipart_upload()
        .bucket(server.bucket())
        .key(key)
        .upload_id(&upload_id)
        .send()
        .await?;
    ensure!(
        is_gone(&client, server.bucket(), key, &upload_id).await?,
        "an aborted upload is still listed"
    );
    Ok(())
}

async fn browsers_may_upload(server: &S3Server) -> Result<()> {
    let preflight = reqwest::Client::new()
        .request(
            Method::OPTIONS,
            format!("{}/{}/{KEY}", server.endpoint(), server.bucket()),
        )
        .header(ORIGIN, "https://app.example")
        .header(ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, "content-md5")
        .send()
        .await?;
    ensure!(
        preflight.status().is_success(),
        "a preflight: {}",
        preflight.status()
    );
    ensure!(
        preflight
            .headers()
            .contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
        "{:?}",
        preflight.headers()
    );
    Ok(())
}

async fn create(server: &S3Server, key: &str) -> Result<String> {
    let created = server
        .client()
        .create_multipart_upload()
        .bucket(server.bucket())
        .key(key)
        .send()
        .await?;
    created.upload_id.context("no upload id")
}

/// A URL for one part, signed at this time and valid for an hour.
async fn sign(
    server: &S3Server,
    upload_id: &str,
    part: i32,
    length: usize,
    at: SystemTime,
) -> Result<String> {
    let config = PresigningConfig::builder()
        .start_time(at)
        .expires_in(Duration::from_hours(1))
        .build()?;
    let put = server
        .client()
        .upload_part()
        .bucket(server.bucket())
        .key(KEY)
        .upload_id(upload_id);
    let signed = put
        .part_number(part)
        .content_length(i64::try_from(length)?)
        .presigned(config)
        .await?;
    Ok(signed.uri().to_string())
}

/// Completes the upload, and returns the server's response or error.
async fn complete(
    client: &Client,
    bucket: &str,
    id: &str,
    parts: Vec<CompletedPart>,
) -> Result<String, String> {
    let parts = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    let request = client
        .complete_multipart_upload()
        .bucket(bucket)
        .key(KEY)
        .upload_id(id)
        .multipart_upload(parts);
    match request.send().await {
        Ok(done) => Ok(format!("200, ETag {:?}", done.e_tag.unwrap_or_default())),
        Err(error) => {
            let status = error
                .raw_response()
                .map(|response| response.status().as_u16());
            Err(format!(
                "{} {}",
                status.unwrap_or_default(),
                error.code().unwrap_or_default()
            ))
        }
    }
}

/// Whether no part of an upload is listed: by an empty list or one of two errors.
async fn is_gone(client: &Client, bucket: &str, key: &str, upload_id: &str) -> Result<bool> {
    match client
        .list_parts()
        .bucket(bucket)
        .key(key)
        .upload_id(upload_id)
        .send()
        .await
    {
        Ok(listed) => Ok(listed.parts().is_empty()),
        Err(error) if matches!(error.code(), Some("NoSuchUpload" | "NoSuchKey")) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

async fn read(server: &S3Server) -> Result<Bytes> {
    let object = server
        .client()
        .get_object()
        .bucket(server.bucket())
        .key(KEY)
        .send()
        .await?;
    Ok(object.body.collect().await?.into_bytes())
}

async fn keeps_the_data_of_a_reupload(kind: Kind) -> Result<()> {
    let Some(server) = S3Server::start_if_installed(kind)? else {
        return Ok(());
    };
    reupload(&server).await.with_context(|| said(&server))
}

/// A Restow server with this S3, and its client.
fn start_restow(
    directory: &Path,
    environment: Vec<(String, String)>,
) -> Result<(ServerProcess, restow_sdk::Client)> {
    let options =
        ServerOptions::new(executable(), directory.join("data")).with_environment(environment);
    let restow = ServerProcess::start(
        &options
            .with("--part-size", "5MiB")
            .with("--single-part-limit", "5MiB"),
    )?;
    let client =
        restow.client_with(&restow.run(&["token", "create", "--principal", "alice"])?)?;
    Ok((restow, client))
}

/// Replaces the data of a dataset by a file of three parts, and reads it back.
async fn reupload(server: &S3Server) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (restow, client) = start_restow(directory.path(), server.environment())?;
    let name = DatasetNameRequest {
        name: "real".parse()?,
    };
    let dataset_id = client.api().create_dataset().body(name).send().await?.id;

    let (source, copy) = (
        directory.path().join("noise.bin"),
        directory.path().join("copy.bin"),
    );
    let content = noise(3 * PART_SIZE, 2);
    std::fs::write(&source, &content)?;
    let done = client.reupload(dataset_id).file(&source).send().await;
    let version = done
        .with_context(|| restow.log().unwrap_or_default())?
        .version
        .context("not committed")?;
    client.download(dataset_id).to_path(&copy).await?;
    ensure!(
        std::fs::read(copy)? == content,
        "the downloaded bytes differ"
    );
    eprintln!(
        "{} {}: ETag of the version {:?}",
        server.kind(),
        server.version(),
        version.etag
    );
    Ok(())
}

async fn is_reached_by_virtual_hosts(kind: Kind) -> Result<()> {
    let Some(server) = S3Server::start_if_installed(kind)? else {
        return Ok(());
    };
    let Some(environment) = server.virtual_environment() else {
        eprintln!("SKIPPED: {} does not resolve", server.virtual_host());
        return Ok(());
    };
    virtual_reupload(&server, environment)
        .await
        .with_context(|| said(&server))
}

/// The same without the SDK's uploader, since this process has to resolve the virtual host itself.
async fn virtual_reupload(server: &S3Server, environment: Vec<(String, String)>) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (_restow, client) = start_restow(directory.path(), environment)?;
    let http = reqwest::Client::builder()
        .resolve(&server.virtual_host(), server.address())
        .build()?;
    let name = DatasetNameRequest {
        name: "virtual".parse()?,
    };
    let dataset_id = client.api().create_dataset().body(name).send().await?.id;
    let content = noise(2 * PART_SIZE, 3);
    let body = PresignedUploadRequest {
        filename: "noise.bin".parse()?,
        file_size: (content.len() as u64).try_into()?,
        content_type: "application/octet-stream".parse()?,
    };
    let begun = client
        .api()
        .request_presigned_reupload()
        .dataset_id(dataset_id)
        .body(body)
        .send()
        .await?
        .into_inner();
    let host = format!(
        "http://{}:{}/",
        server.virtual_host(),
        server.address().port()
    );
    for (url, part) in begun
        .urls
        .iter()
        .zip([content.slice(..PART_SIZE), content.slice(PART_SIZE..)])
    {
        ensure!(url.starts_with(&host), "expected {host}: {url}");
        http.put(url).body(part).send().await?.error_for_status()?;
    }
    client
        .api()
        .complete_presigned_reupload()
        .dataset_id(dataset_id)
        .job_id(begun.job_id)
        .send()
        .await?;
    client.wait(begun.job_id).await?;
    client
        .api()
        .commit_job()
        .job_id(begun.job_id)
        .send()
        .await?;
    let download = client
        .api()
        .download_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    ensure!(
        http.get(&download.url).send().await?.bytes().await? == content,
        "the downloaded bytes differ"
    );
    Ok(())
}

/// Name, version and log of a server.
fn said(server: &S3Server) -> String {
    format!(
        "{} {}\n{}",
        server.kind(),
        server.version(),
        server.log_tail()
    )
}
