//! Round trips to PostgreSQL: one for each statement, and one statement for each operation that can do with it. They need
//! a cluster; see `system with-postgres`.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use reqwest::Method;
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{DatabaseProxy, Postgres};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{System, csv, migrate};

/// How often an operation is repeated: other tasks of the server use the database meanwhile, and a connection that was idle
/// is tested before its use.
const ATTEMPTS: usize = 50;

struct Site {
    system: System,
    proxy: DatabaseProxy,
}

impl Site {
    /// A server behind a proxy; `None` where there is no cluster.
    fn start(options: &[(&str, &str)]) -> Result<Option<Self>> {
        let Some(socket) = std::env::var_os(POSTGRES_VARIABLE).map(PathBuf::from) else {
            return Ok(None);
        };
        let name = Uuid::new_v4().simple().to_string();
        let url = Postgres::create_database(&socket, &name)?;
        migrate(&[("RESTOW_DATABASE_URL".to_string(), url)])?;
        let proxy = DatabaseProxy::start(&socket)?;
        let environment = vec![("RESTOW_DATABASE_URL".to_string(), proxy.url(&name))];
        let options = [&[("--no-reaper", "")], options].concat();
        let system = System::start_in(tempfile::tempdir()?, environment, &options)?;
        // Whose dataset it is, is another statement for administrators, and no process remembers that it was one.
        system.server.run(&["principal", "demote", "default"])?;
        Ok(Some(Self { system, proxy }))
    }

    /// Checks that a request takes so many round trips where nothing else uses the database.
    async fn assert_takes(
        &self,
        round_trips: usize,
        method: Method,
        path: &str,
        body: Option<(&serde_json::Value, bool)>,
    ) -> Result<()> {
        let mut counts = Vec::new();
        while counts.len() < ATTEMPTS && counts.last() != Some(&round_trips) {
            let mut request = self.system.request(method.clone(), path);
            if let Some((body, has_key)) = body {
                request = request.json(body);
                if has_key {
                    request = request.header("idempotency-key", Uuid::new_v4().to_string());
                }
            }
            let before = self.proxy.round_trips();
            let response = request.send().await?;
            let (status, text) = (response.status(), response.text().await?);
            ensure!(status.is_success(), "{method} {path}: {status} {text}");
            counts.push(self.proxy.round_trips() - before);
        }
        let fewest = counts.iter().min().copied();
        assert_eq!(fewest, Some(round_trips), "{method} {path}: {counts:?}");
        Ok(())
    }

    /// Checks that a request for URLs takes two: the row of the job, and the id of its upload.
    async fn assert_request_takes_two(&self, dataset_id: Uuid) -> Result<()> {
        let path = format!("/datasets/{dataset_id}/reupload/presigned");
        let body = json!({ "filename": "a.csv", "file_size": 1 });
        for has_key in [false, true] {
            let body = Some((&body, has_key));
            self.assert_takes(2, Method::POST, &path, body).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn each_read_is_one_round_trip() -> Result<()> {
    let Some(site) = Site::start(&[])? else {
        return Ok(());
    };
    let dataset_id = site.system.dataset("read").await?;
    let published = site.system.publish(dataset_id, "1.csv", csv(1)).await?;
    let dataset = format!("/datasets/{dataset_id}");
    for path in [
        "/datasets".to_string(),
        dataset.clone(),
        format!("{dataset}/jobs"),
        format!("{dataset}/jobs?status=committed"),
        format!("/jobs/{}", published.job_id),
        format!("{dataset}/versions"),
        format!("{dataset}/versions/1"),
        format!("{dataset}/versions/1/download"),
        format!("{dataset}/download"),
    ] {
        site.assert_takes(1, Method::GET, &path, None).await?;
    }
    Ok(())
}

#[tokio::test]
async fn url_request_is_two_round_trips() -> Result<()> {
    let Some(site) = Site::start(&[])? else {
        return Ok(());
    };
    let dataset_id = site.system.dataset("written").await?;
    site.assert_request_takes_two(dataset_id).await
}

#[tokio::test]
async fn quotas_cost_no_round_trip() -> Result<()> {
    let Some(site) = Site::start(&[("--quota", "1GiB"), ("--max-open-jobs", "100000")])? else {
        return Ok(());
    };
    let dataset_id = site.system.dataset("limited").await?;
    site.assert_request_takes_two(dataset_id).await
}
