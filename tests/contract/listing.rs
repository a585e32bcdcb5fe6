//! Lists: paged by key, each item once, with any filter.

use anyhow::Result;
use futures::TryStreamExt;
use reqwest::Method;
use restow_sdk::generated::types::JobStatus;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{PART_SIZE, System, csv, noise, refused_answer};

/// The items of all pages of a list, read with two items per page.
async fn pages(system: &System, path: &str) -> Result<Vec<Vec<Value>>> {
    let mut pages = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let mut request = system.request(Method::GET, path).query(&[("limit", "2")]);
        if let Some(token) = &token {
            request = request.query(&[("page_token", token)]);
        }
        let page: Value = request.send().await?.error_for_status()?.json().await?;
        pages.push(page["items"].as_array().cloned().unwrap_or_default());
        token = page["next_page"].as_str().map(str::to_string);
        if token.is_none() {
            return Ok(pages);
        }
    }
}

fn members(pages: &[Vec<Value>], name: &str) -> Vec<Value> {
    pages
        .iter()
        .flatten()
        .map(|item| item[name].clone())
        .collect()
}

fn sizes(pages: &[Vec<Value>]) -> Vec<usize> {
    pages.iter().map(Vec::len).collect()
}

#[tokio::test]
async fn datasets_are_paged_oldest_first() -> Result<()> {
    let system = System::start()?;
    let mut created = Vec::new();
    for name in ["e", "a", "d", "b"] {
        created.push(json!(system.dataset(name).await?));
    }
    let found = pages(&system, "/datasets").await?;
    assert_eq!(
        (sizes(&found), members(&found, "id")),
        (vec![2, 2], created)
    );
    let streamed: Vec<_> = system
        .client
        .api()
        .list_datasets()
        .limit(3_u64)
        .stream()
        .try_collect()
        .await?;
    assert_eq!(
        streamed
            .iter()
            .map(|dataset| dataset.name.as_str())
            .collect::<Vec<_>>(),
        ["e", "a", "d", "b"]
    );
    Ok(())
}

#[tokio::test]
async fn datasets_are_found_by_name() -> Result<()> {
    let system = System::start()?;
    let wanted = system.dataset("50% ä&b=c+d").await?;
    system.dataset("50").await?;
    let found = system
        .client
        .api()
        .list_datasets()
        .name("50% ä&b=c+d")
        .send()
        .await?
        .into_inner();
    assert_eq!(
        found
            .items
            .iter()
            .map(|dataset| dataset.id)
            .collect::<Vec<_>>(),
        [wanted]
    );
    assert_eq!(found.next_page, None);
    for absent in ["", "50%", "nul\0"] {
        assert!(
            system
                .client
                .api()
                .list_datasets()
                .name(absent)
                .send()
                .await?
                .items
                .is_empty(),
            "{absent:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn jobs_and_versions_are_paged_newest_first() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("five").await?;
    let mut jobs: Vec<Uuid> = Vec::new();
    for rows in 1..=5 {
        jobs.insert(
            0,
            system
                .publish(dataset_id, "rows.csv", csv(rows))
                .await?
                .job_id,
        );
    }
    let listed = pages(&system, &format!("/datasets/{dataset_id}/jobs")).await?;
    assert_eq!(
        (sizes(&listed), members(&listed, "id")),
        (vec![2, 2, 1], jobs.iter().map(|id| json!(id)).collect())
    );
    let listed = pages(&system, &format!("/datasets/{dataset_id}/versions")).await?;
    assert_eq!(
        (sizes(&listed), members(&listed, "version")),
        (vec![2, 2, 1], (1..=5).rev().map(|n| json!(n)).collect())
    );

    let api = system.client.api();
    let streamed = api.list_jobs().dataset_id(dataset_id).limit(2_u64).stream();
    let streamed: Vec<Uuid> = streamed.map_ok(|job| job.id).try_collect().await?;
    assert_eq!(streamed, jobs);
    let streamed = api
        .list_versions()
        .dataset_id(dataset_id)
        .limit(2_u64)
        .stream();
    let streamed: Vec<i64> = streamed
        .map_ok(|version| version.version)
        .try_collect()
        .await?;
    assert_eq!(streamed, [5, 4, 3, 2, 1]);
    Ok(())
}

#[tokio::test]
async fn parts_are_paged_by_number() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("parts").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(6 * PART_SIZE, 1))
        .await?;
    upload.put_some([6, 4, 1, 2, 5]).await?;
    let listed = pages(&system, &format!("/jobs/{}/parts", upload.job_id)).await?;
    assert_eq!(
        (sizes(&listed), members(&listed, "part_number")),
        (vec![2, 2, 1], [1, 2, 4, 5, 6].map(|n| json!(n)).into())
    );
    assert!(
        members(&listed, "size")
            .iter()
            .all(|size| *size == PART_SIZE)
    );
    assert!(
        members(&listed, "last_modified")
            .iter()
            .all(Value::is_string)
    );
    let streamed = system
        .client
        .api()
        .list_parts()
        .job_id(upload.job_id)
        .limit(2_u64)
        .stream();
    let streamed: Vec<i64> = streamed
        .map_ok(|part| part.part_number)
        .try_collect()
        .await?;
    assert_eq!(streamed, [1, 2, 4, 5, 6]);
    Ok(())
}

#[tokio::test]
async fn status_filter_applies_to_every_page() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("filtered").await?;
    let mut waiting = Vec::new();
    for round in 0..5 {
        let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
        if round % 2 == 0 {
            waiting.insert(0, json!(upload.job_id));
        } else {
            upload.cancel().await?;
        }
    }
    let listed = pages(
        &system,
        &format!("/datasets/{dataset_id}/jobs?status=awaiting_upload"),
    )
    .await?;
    assert_eq!(
        (sizes(&listed), members(&listed, "id")),
        (vec![2, 1], waiting)
    );
    let api = system.client.api();
    let ready = api
        .list_jobs()
        .dataset_id(dataset_id)
        .status(JobStatus::Ready)
        .send()
        .await?;
    assert!(ready.items.is_empty());
    let odd = system
        .request(
            Method::GET,
            &format!("/datasets/{dataset_id}/jobs?status=lost"),
        )
        .send()
        .await?;
    refused_answer(odd, 422, "enum").await?;
    Ok(())
}

#[tokio::test]
async fn streamed_list_keeps_its_filter() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("streamed").await?;
    for round in 0..6 {
        let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
        if round % 2 == 0 {
            upload.cancel().await?;
        }
    }
    let filtered = system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .status(JobStatus::Cancelled);
    let streamed: Vec<JobStatus> = filtered
        .limit(1_u64)
        .stream()
        .map_ok(|job| job.status)
        .try_collect()
        .await?;
    assert_eq!(streamed, [JobStatus::Cancelled; 3]);
    Ok(())
}

#[tokio::test]
async fn unknown_page_token_returns_404() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("tokens").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    for path in [
        "/datasets".to_string(),
        format!("/datasets/{dataset_id}/jobs"),
        format!("/datasets/{dataset_id}/versions"),
        format!("/jobs/{}/parts", upload.job_id),
    ] {
        for token in ["nonsense", "", "-1", "../..", "99999999999999999999999"] {
            let response = system
                .request(Method::GET, &path)
                .query(&[("page_token", token)])
                .send()
                .await?;
            let fault = refused_answer(response, 404, "not_found").await?;
            assert_eq!(
                fault["loc"],
                json!(["query", "page_token"]),
                "{path} {token:?}"
            );
        }
    }
    for path in ["/events", "/tokens"] {
        let response = system
            .request(Method::GET, path)
            .query(&[("page_token", "nonsense")]);
        refused_answer(response.send().await?, 404, "not_found").await?;
    }
    Ok(())
}

#[tokio::test]
async fn page_limit_is_1_to_1000() -> Result<()> {
    let system = System::start()?;
    for (limit, error_type) in [
        ("0", "greater_than_equal"),
        ("1001", "less_than_equal"),
        ("-1", "greater_than_equal"),
        ("x", "int_type"),
    ] {
        let response = system
            .request(Method::GET, "/datasets")
            .query(&[("limit", limit)])
            .send()
            .await?;
        let fault = refused_answer(response, 422, error_type).await?;
        assert_eq!(fault["loc"], json!(["query", "limit"]));
    }
    for limit in ["1", "1000"] {
        let response = system
            .request(Method::GET, "/datasets")
            .query(&[("limit", limit)])
            .send()
            .await?;
        assert_eq!(response.status(), 200);
    }
    Ok(())
}

#[tokio::test]
async fn pages_of_tokens_remember_whose_they_are() -> Result<()> {
    let system = System::start()?;
    for _ in 0..3 {
        system.token_of("alice")?;
    }
    let api = system.client.api();
    let own = api.list_tokens().limit(2_u64).stream();
    assert_eq!(own.try_collect::<Vec<_>>().await?.len(), 1);
    let of_alice = api.list_tokens().principal("alice").limit(2_u64).stream();
    let owners: Vec<String> = of_alice
        .map_ok(|token| token.principal)
        .try_collect()
        .await?;
    assert_eq!(owners, ["alice"; 3]);
    Ok(())
}
