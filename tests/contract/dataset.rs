//! Datasets: names, renaming, deletion.

use anyhow::Result;
use futures::future::join_all;
use reqwest::{Method, Response};
use restow_sdk::generated::types::{DatasetNameRequest, JobStatus, UpdateDatasetRequest};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{PART_SIZE, System, csv, noise, refused, refused_answer};

async fn create(system: &System, name: &str) -> Result<Response> {
    Ok(system
        .request(Method::POST, "/datasets")
        .json(&json!({ "name": name }))
        .send()
        .await?)
}

#[tokio::test]
async fn dataset_is_created_read_and_renamed() -> Result<()> {
    let system = System::start()?;
    let body = DatasetNameRequest {
        name: "before".parse()?,
    };
    let created = system
        .client
        .api()
        .create_dataset()
        .body(body)
        .send()
        .await?
        .into_inner();
    assert_eq!(
        (created.name.as_str(), created.current_version),
        ("before", None)
    );
    assert_eq!(created.created_at, created.updated_at);
    assert_eq!(created.id.get_version_num(), 7);

    let body = UpdateDatasetRequest {
        name: Some("after".parse()?),
        policy: None,
    };
    let renamed = system
        .client
        .api()
        .update_dataset()
        .dataset_id(created.id)
        .body(body)
        .send()
        .await?
        .into_inner();
    assert_eq!((renamed.id, renamed.name.as_str()), (created.id, "after"));
    assert!(renamed.updated_at > created.updated_at);
    let read = system
        .client
        .api()
        .get_dataset()
        .dataset_id(created.id)
        .send()
        .await?
        .into_inner();
    assert_eq!(
        (read.name.as_str(), read.created_at, read.updated_at),
        ("after", created.created_at, renamed.updated_at)
    );
    system.dataset("before").await?;
    Ok(())
}

#[tokio::test]
async fn names_are_case_sensitive_and_per_principal() -> Result<()> {
    let system = System::start()?;
    let first = system.dataset("measurements").await?;
    let fault = refused_answer(create(&system, "measurements").await?, 409, "name_taken").await?;
    assert_eq!(fault["loc"], json!(["body", "name"]));
    for other in ["Measurements", "me\u{301}asurements"] {
        assert_eq!(create(&system, other).await?.status(), 201, "{other:?}");
    }
    let second = system.dataset("other").await?;
    let body = DatasetNameRequest {
        name: "measurements".parse()?,
    };
    let rename = UpdateDatasetRequest {
        name: Some(body.name.clone()),
        policy: None,
    };
    let response = system
        .client
        .api()
        .update_dataset()
        .dataset_id(second)
        .body(rename.clone())
        .send()
        .await;
    refused(response, 409, "name_taken");
    system
        .client
        .api()
        .update_dataset()
        .dataset_id(first)
        .body(rename)
        .send()
        .await?;

    let bob = system.server.client_with(&system.token_of("bob")?)?;
    let of_bob = bob.api().create_dataset().body(body).send().await?;
    assert_ne!(of_bob.id, first);
    Ok(())
}

#[tokio::test]
async fn concurrent_creations_of_a_name_yield_one() -> Result<()> {
    let system = System::start()?;
    let responses = join_all((0..10).map(|_| create(&system, "wanted"))).await;
    let statuses: Vec<u16> = responses
        .into_iter()
        .map(|response| Ok(response?.status().as_u16()))
        .collect::<Result<_>>()?;
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        9,
        "{statuses:?}"
    );
    Ok(())
}

#[tokio::test]
async fn name_length_and_characters_are_checked() -> Result<()> {
    let system = System::start()?;
    for name in [
        "a",
        "ä",
        "😀",
        "with space",
        "a/b\\c\"d",
        "..a",
        "...",
        "👩\u{200d}🌾",
        "می\u{200c}خواهم",
        "null",
        "%00",
        &"😀".repeat(255),
    ] {
        let response = create(&system, name).await?;
        assert_eq!(response.status(), 201, "{name:?}");
        let created: Value = response.json().await?;
        assert_eq!(created["name"], name);
    }
    let too_long = "😀".repeat(256);
    let cases = [
        ("", "string_too_short"),
        (too_long.as_str(), "string_too_long"),
        ("nul\0", "string_pattern_mismatch"),
        ("two\nlines", "string_pattern_mismatch"),
        ("end\n", "string_pattern_mismatch"),
        ("\u{7f}", "string_pattern_mismatch"),
        ("c1\u{85}", "string_pattern_mismatch"),
        (" ", "string_pattern_mismatch"),
        (" before", "string_pattern_mismatch"),
        ("behind ", "string_pattern_mismatch"),
        ("\u{a0}before", "string_pattern_mismatch"),
        ("behind\u{3000}", "string_pattern_mismatch"),
        (".", "string_pattern_mismatch"),
        ("..", "string_pattern_mismatch"),
        ("\u{200b}", "string_pattern_mismatch"),
        ("zero\u{200b}width", "string_pattern_mismatch"),
        ("\u{200d}", "string_pattern_mismatch"),
        ("joiner\u{200d}", "string_pattern_mismatch"),
        ("mark\u{feff}", "string_pattern_mismatch"),
        ("right\u{202e}to left", "string_pattern_mismatch"),
        (
            "0197f7e2-0000-7000-8000-000000000000",
            "string_pattern_mismatch",
        ),
        (
            "0197F7E2-0000-7000-8000-000000000000",
            "string_pattern_mismatch",
        ),
    ];
    for (name, error_type) in cases {
        let fault = refused_answer(create(&system, name).await?, 422, error_type).await?;
        assert_eq!(fault["loc"], json!(["body", "name"]), "{name:?}");
    }
    Ok(())
}

#[tokio::test]
async fn names_are_compared_in_normal_form() -> Result<()> {
    let system = System::start()?;
    let (composed, decomposed) = ("Z\u{fc}rich", "Zu\u{308}rich");
    let created = create(&system, decomposed).await?;
    assert_eq!(created.status(), 201);
    let created: Value = created.json().await?;
    assert_eq!(created["name"], composed);
    for name in [composed, decomposed] {
        refused_answer(create(&system, name).await?, 409, "name_taken").await?;
        let found = system.client.find_dataset(name).await?;
        assert_eq!(created["id"], found.id.to_string(), "{name:?}");
    }
    let other = system.dataset("other").await?;
    let rename = |name: &str| {
        let request = system.request(Method::PATCH, &format!("/datasets/{other}"));
        request.json(&json!({ "name": name })).send()
    };
    refused_answer(rename(decomposed).await?, 409, "name_taken").await?;
    let renamed: Value = rename("e\u{301}").await?.json().await?;
    assert_eq!(renamed["name"], "\u{e9}");
    Ok(())
}

#[tokio::test]
async fn sdk_rejects_invalid_names_locally() {
    for name in [
        "",
        "nul\0",
        " ",
        "..",
        "\u{200b}",
        "0197f7e2-0000-7000-8000-000000000000",
    ] {
        assert!(
            name.parse::<restow_sdk::generated::types::Name>().is_err(),
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn deletion_removes_jobs_objects_and_name() -> Result<()> {
    let system = System::start()?;
    let api = system.client.api();
    let kept = system.dataset("kept").await?;
    system.publish(kept, "rows.csv", csv(1)).await?;
    let dataset_id = system.dataset("deleted").await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    system.publish(dataset_id, "rows.csv", csv(2)).await?;
    let ready = system.prepare(dataset_id, "rows.csv", csv(3)).await?;
    let open = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    open.put(1).await?;

    assert_eq!(
        api.delete_dataset()
            .dataset_id(dataset_id)
            .send()
            .await?
            .status(),
        204
    );
    refused(
        api.delete_dataset().dataset_id(dataset_id).send().await,
        404,
        "not_found",
    );
    refused(
        api.get_dataset().dataset_id(dataset_id).send().await,
        404,
        "not_found",
    );
    refused(
        api.get_version()
            .dataset_id(dataset_id)
            .version(1)
            .send()
            .await,
        404,
        "not_found",
    );
    for upload in [&ready, &open] {
        refused(upload.job().await, 404, "not_found");
        refused(upload.commit().await, 404, "not_found");
        refused(upload.complete(Vec::new()).await, 404, "not_found");
        refused(upload.renew(&[1]).await, 404, "not_found");
    }
    let listed = api.list_datasets().send().await?.into_inner().items;
    assert_eq!(
        listed
            .into_iter()
            .map(|dataset| dataset.id)
            .collect::<Vec<_>>(),
        [kept]
    );

    let again = system.dataset("deleted").await?;
    assert_ne!(again, dataset_id);
    system.reap_until(&[], "1 deleted datasets and").await;
    assert_eq!(system.bucket().objects().await?.len(), 1);
    assert!(system.bucket().uploads().await?.is_empty());
    assert_eq!(system.read(kept).await?, csv(1));
    Ok(())
}

#[tokio::test]
async fn deletion_during_completion_leaves_nothing() -> Result<()> {
    let system = System::start()?;
    for round in 0..5 {
        let dataset_id = system.dataset(&format!("round {round}")).await?;
        let upload = system.begin(dataset_id, "rows.csv", csv(100)).await?;
        upload.put(1).await?;
        let deletion = system.client.api().delete_dataset().dataset_id(dataset_id);
        let (completed, deleted) = tokio::join!(upload.complete(Vec::new()), deletion.send());
        deleted?;
        if completed.is_err() {
            let status = completed.as_ref().err().and_then(restow_sdk::Error::status);
            assert!(
                status.is_some_and(|status| status == 404 || status == 409),
                "{completed:?}"
            );
        }
    }
    crate::fixture::eventually("all objects are removed", async || {
        system
            .reap(&["--delete-grace", "1s", "--url-expires", "1s"])
            .ok()?;
        let bucket = system.bucket();
        let empty =
            bucket.objects().await.ok()?.is_empty() && bucket.uploads().await.ok()?.is_empty();
        empty.then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn deleted_dataset_refuses_uploads() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("gone").await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let body = json!({ "filename": "a.csv", "file_size": 1 });
    let response = system
        .request(Method::POST, &path)
        .json(&body)
        .send()
        .await?;
    let fault = refused_answer(response, 404, "not_found").await?;
    assert_eq!(fault["loc"], json!(["path", "dataset_id"]));
    assert!(system.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn cancelled_job_is_still_listed() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("jobs").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    upload.cancel().await?;
    let listed = system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    let found: Vec<(Uuid, JobStatus)> =
        listed.into_iter().map(|job| (job.id, job.status)).collect();
    assert_eq!(found, [(upload.job_id, JobStatus::Cancelled)]);
    Ok(())
}
