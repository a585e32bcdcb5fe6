//! The policies in `deploy/iam`, on a store that enforces them.

mod request;
mod setup;

use anyhow::{Context, Result, ensure};
use restow_sdk::CommitPolicy;
use restow_sdk::generated::types::{DatasetNameRequest, PresignedUploadRequest};
use restow_tests::{ServerOptions, ServerProcess};

use self::request::{Request, Target};
use self::setup::{Setup, policies, without};
use crate::fixture::{PART_SIZE, executable, noise};

/// The requests that need each action of the server's policy on objects and on the bucket.
const NEEDED: [(&str, Request); 7] = [
    ("s3:GetObject", Request::Get),
    ("s3:PutObject", Request::Create),
    ("s3:DeleteObject", Request::Delete),
    ("s3:AbortMultipartUpload", Request::Abort),
    ("s3:ListMultipartUploadParts", Request::Parts),
    ("s3:ListBucket", Request::List),
    ("s3:ListBucketMultipartUploads", Request::Uploads),
];

#[tokio::test]
async fn restow_works_with_least_rights() -> Result<()> {
    let Some(setup) = Setup::start()? else {
        return Ok(());
    };
    setup.allow(&policies()?).await?;
    let directory = tempfile::tempdir()?;
    let options = ServerOptions::new(executable(), directory.path())
        .with_environment(setup.environment())
        .with("--single-part-limit", "5MiB")
        .with("--part-size", "5MiB")
        .with("--drain", "0s");
    options.run(&["migrate"])?;
    let token = options.run(&["token", "create", "--principal", "alice"])?;
    let server = ServerProcess::start(&options)?;
    let client = server.client_with(&token)?;
    let name = DatasetNameRequest {
        name: "weather".parse()?,
    };
    let dataset = client.api().create_dataset().body(name).send().await?.id;

    // Two parts, with URLs of the uploading key; then the inspection reads the object.
    let content = noise(PART_SIZE + 1_000, 1);
    let file = directory.path().join("a.bin");
    std::fs::write(&file, &content)?;
    let reupload = client.reupload(dataset).file(&file);
    let reupload = reupload.commit(CommitPolicy::Always).send().await?;
    let version = reupload.version.context("no version")?;
    let download = client.api().download_version().dataset_id(dataset);
    let url = download.version(version.version).send().await?.url.clone();
    ensure!(reqwest::get(&url).await?.bytes().await? == content);

    // Cancelling aborts, and the sweep lists what is left.
    let file = PresignedUploadRequest::builder()
        .filename("b.bin")
        .file_size(2 * PART_SIZE as u64);
    let job = client
        .api()
        .request_presigned_reupload()
        .dataset_id(dataset);
    let job = job.body(file).send().await?.job_id;
    client.api().cancel_job().job_id(job).send().await?;
    ensure!(
        setup.open_uploads().await? == 0,
        "an upload was not aborted"
    );
    let reaped = options.run(&["reap"])?;
    ensure!(reaped.contains("0 operations failed"), "{reaped}");
    let ready = reqwest::get(format!("{}/readyz", server.url())).await?;
    let ready: serde_json::Value = ready.json().await?;
    ensure!(ready["status"] == "ok", "{ready}");
    ensure!(ready["bucket"]["status"] == "owner", "{ready}");
    let log = server.log()?;
    ensure!(!log.contains("access_denied"), "{log}");
    let examined = options.output(&["doctor"])?;
    let said = String::from_utf8_lossy(&examined.stdout);
    ensure!(examined.status.success(), "{said}");
    Ok(())
}

#[tokio::test]
async fn each_action_of_the_server_is_needed() -> Result<()> {
    let Some(setup) = Setup::start()? else {
        return Ok(());
    };
    let policies = policies()?;
    let server = policies.first().context("no policy")?;
    let target = Target::in_datasets();
    for (action, request) in NEEDED {
        let [full, reduced] = [server.clone(), without(server, action)];
        ensure!(full != reduced, "the policy does not have {action}");
        setup.allow(&[reduced]).await?;
        let refused = setup.send("server", request, &target).await?;
        ensure!(!refused, "{request:?} succeeds without {action}");
        setup.allow(&[full]).await?;
        let allowed = setup.send("server", request, &target).await?;
        ensure!(allowed, "{request:?} fails with {action}");
    }
    Ok(())
}

#[tokio::test]
async fn policies_allow_nothing_else() -> Result<()> {
    let Some(setup) = Setup::start()? else {
        return Ok(());
    };
    setup.allow(&policies()?).await?;
    let (inside, marker, outside) = (Target::in_datasets(), Target::marker(), Target::outside());
    let on_object = [Request::Get, Request::Head, Request::Delete, Request::Put];
    let on_upload = [
        Request::Create,
        Request::Part,
        Request::Parts,
        Request::Abort,
    ];
    let on_bucket = [Request::List, Request::Uploads, Request::BucketPolicy];
    let all = [&on_object[..], &on_upload, &on_bucket].concat();
    for (user, target, allowed) in [
        (
            "uploader",
            &inside,
            &[Request::Put, Request::Create, Request::Part][..],
        ),
        ("uploader", &outside, &[]),
        ("uploader", &marker, &[]),
        ("reader", &inside, &[Request::Get, Request::Head]),
        ("reader", &outside, &[]),
        ("reader", &marker, &[]),
        ("server", &outside, &[Request::List, Request::Uploads]),
        (
            "server",
            &marker,
            &[
                Request::Get,
                Request::Head,
                Request::Put,
                Request::Create,
                Request::Part,
                Request::List,
                Request::Uploads,
            ],
        ),
    ] {
        for request in &all {
            let succeeded = setup.send(user, *request, target).await?;
            ensure!(
                succeeded == allowed.contains(request),
                "{user}, {request:?} of {target:?}: succeeded is {succeeded}"
            );
        }
    }
    Ok(())
}
