//! Load: what clients do with a deployment, including what it refuses, and what they abandon.

use std::time::Duration;

use anyhow::Result;
use restow_sdk::generated::types::{DatasetNameRequest, PresignedUploadRequest};
use restow_sdk::{Client, CommitPolicy};
use serde_json::json;
use tokio::time::Instant;
use uuid::Uuid;

use super::site::Site;

/// Rows of a file that is larger than what is inspected within a request.
const MANY_ROWS: usize = 700_000;

/// Puts load on the deployment for a time.
pub(super) async fn run(site: &Site, time: Duration) -> Result<()> {
    let (client, http) = (
        site.client()?,
        reqwest::Client::builder().no_proxy().build()?,
    );
    let until = Instant::now() + time;
    let large = dataset(&client, "large").await?;
    upload(&client, large, "large.csv", rows(MANY_ROWS)).await?;
    let mut round = 0;
    while Instant::now() < until {
        round += 1;
        let small = dataset(&client, &format!("small {round}")).await?;
        upload(&client, small, "rows.csv", rows(10 + round)).await?;
        // Refused, since its content is not what its name says.
        let rejected = upload(&client, small, "rows.parquet", rows(3)).await;
        assert!(rejected.is_err(), "a rejected upload");
        abandon(&client, small, round.is_multiple_of(2)).await?;
        client.api().list_datasets().send().await?;
        let unknown = client.api().get_dataset().dataset_id(Uuid::new_v4());
        assert!(unknown.send().await.is_err(), "an unknown dataset");
        let anonymous = http.get(format!("{}/api/datasets", site.url()));
        assert_eq!(anonymous.send().await?.status(), 401);
        assert!(
            dataset(&client, &format!("small {round}")).await.is_err(),
            "a name that is taken"
        );
    }
    Ok(())
}

async fn dataset(client: &Client, name: &str) -> Result<Uuid> {
    let body = DatasetNameRequest {
        name: name.parse()?,
    };
    Ok(client.api().create_dataset().body(body).send().await?.id)
}

fn rows(number: usize) -> Vec<u8> {
    let rows = (0..number).map(|row| format!("{row},name {row},{}\n", row * 7));
    let header = std::iter::once("id,name,value\n".to_string());
    header.chain(rows).collect::<String>().into_bytes()
}

/// Uploads a file and commits it.
async fn upload(client: &Client, dataset_id: Uuid, filename: &str, content: Vec<u8>) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join(filename);
    tokio::fs::write(&file, content).await?;
    let reupload = client.reupload(dataset_id).file(&file);
    reupload.commit(CommitPolicy::Always).send().await?;
    Ok(())
}

/// Requests URLs and uploads nothing; half of the jobs are cancelled.
async fn abandon(client: &Client, dataset_id: Uuid, cancels: bool) -> Result<()> {
    let request = json!({ "filename": "abandoned.csv", "file_size": 1_000_000 });
    let body: PresignedUploadRequest = serde_json::from_value(request)?;
    let begun = client
        .api()
        .request_presigned_reupload()
        .dataset_id(dataset_id)
        .body(body)
        .send()
        .await?;
    if cancels {
        let job_id = begun.job_id;
        client.api().cancel_job().job_id(job_id).send().await?;
    }
    Ok(())
}
