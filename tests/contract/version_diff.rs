//! Differences between any two versions of a dataset.

use anyhow::Result;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{System, detail, refused_answer};

async fn request(system: &System, dataset_id: Uuid, query: &str) -> Result<Response> {
    let path = format!("/datasets/{dataset_id}/diff?{query}");
    Ok(system.request(Method::GET, &path).send().await?)
}

async fn diff(system: &System, dataset_id: Uuid, query: &str) -> Result<Value> {
    let response = request(system, dataset_id, query).await?;
    Ok(response.error_for_status()?.json().await?)
}

#[tokio::test]
async fn any_two_versions_are_compared() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("versions").await?;
    for content in ["id\n1\n2\n", "id,city\n1,Bern\n", "id\nx\n"] {
        system
            .publish(dataset_id, "rows.csv", content.into())
            .await?;
    }
    let added = diff(&system, dataset_id, "from=1&to=2").await?;
    assert_eq!(
        (&added["current_version"], &added["verdict"]),
        (&json!(1), &json!("compatible"))
    );
    assert_eq!(added["row_count"], json!({ "from": 2, "to": 1 }));
    assert_eq!(added["changes"][0]["column"], "city");
    let removed = diff(&system, dataset_id, "from=2&to=1").await?;
    assert_eq!(removed["changes"][0]["kind"], "column_removed");
    let to_current = diff(&system, dataset_id, "from=1").await?;
    assert_eq!(to_current["changes"][0]["kind"], "type_breaks");
    assert_eq!(to_current["verdict"], "breaking");
    let same = diff(&system, dataset_id, "from=2&to=2").await?;
    assert_eq!(
        (&same["verdict"], &same["changes"]),
        (&json!("identical"), &json!([]))
    );
    Ok(())
}

#[tokio::test]
async fn versions_that_cannot_be_read_are_not_compared() -> Result<()> {
    let system = System::start_with(&[("--keep-versions", "0"), ("--no-reaper", "")])?;
    let dataset_id = system.dataset("missing").await?;
    let empty = request(&system, dataset_id, "from=1").await?;
    refused_answer(empty, 404, "not_found").await?;
    for content in ["id\n1\n", "id\n2\n"] {
        system
            .publish(dataset_id, "rows.csv", content.into())
            .await?;
    }
    let unknown = request(&system, dataset_id, "from=1&to=7").await?;
    let fault = refused_answer(unknown, 404, "not_found").await?;
    assert_eq!(fault["loc"], json!(["query", "to"]));
    system.reap(&["--keep-versions", "0"])?;
    let retired = request(&system, dataset_id, "from=1").await?;
    let fault = refused_answer(retired, 404, "not_found").await?;
    assert_eq!(fault["loc"], json!(["query", "from"]));
    let faults = detail(request(&system, dataset_id, "to=0").await?, 422).await?;
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (&fault["type"], &fault["loc"]))
        .collect();
    assert_eq!(
        found,
        [
            (&json!("missing"), &json!(["query", "from"])),
            (&json!("greater_than_equal"), &json!(["query", "to"]))
        ]
    );
    Ok(())
}
