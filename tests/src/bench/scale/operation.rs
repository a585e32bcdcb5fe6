//! Every operation of the API, each requested many times.

use std::mem::take;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hyper::Method;
use serde_json::json;
use tokio::time::sleep;

use super::coverage::ensure_complete;
use super::fill::{FIRST_FREE, dataset};
use super::result::Sizes;
use super::session::{Session, Times, Upload};
use super::site::{COLLEAGUE, Site};
use super::turns::turns;

/// How long inspections may take, and how often they are looked at.
const END_TIMEOUT: Duration = Duration::from_mins(2);
const INTERVAL: Duration = Duration::from_millis(20);

/// How often each operation is requested before its time counts: connections, statements and memory are new to the servers.
pub const UNCOUNTED: u64 = 5;

/// Operations that are requested together; then it is the turn of the next database.
#[derive(Clone, Copy, Debug)]
enum Group {
    Reads,
    OwnDatasets,
    OpenUploads,
    WholeUploads,
    Access,
    Webhooks,
}

/// Requests every operation of all servers, so many times in each of so many rounds; `document` is the API's.
///
/// # Errors
/// If a request fails, or an operation of the document has been left out.
pub async fn measure(
    sites: &[Site<'_>],
    (rounds, requests_per_round): (u32, u32),
    document: &Path,
    figures: &mut Sizes,
) -> Result<()> {
    let mut sessions: Vec<Session> = sites.iter().map(Session::new).collect();
    let mut next = FIRST_FREE;
    for round in 0..=rounds {
        let requests = if round == 0 {
            UNCOUNTED
        } else {
            u64::from(requests_per_round)
        };
        let numbers = next..next + requests;
        next = numbers.end;
        eprintln!("operations, round {round} of {rounds}");
        request_all(&mut sessions, &numbers, round).await?;
        let sessions = sessions.iter_mut();
        let times: Vec<Times> = sessions.map(|session| take(&mut session.times)).collect();
        ensure_complete(&times[0], document)?;
        // The first round brings everything to work and is not counted.
        if round > 0 {
            figures.add(&times);
        }
    }
    Ok(())
}

/// Requests every operation once for each number of a dataset, of all servers.
async fn request_all(sessions: &mut [Session], numbers: &Range<u64>, round: u32) -> Result<()> {
    for group in Group::ALL {
        for turn in turns(sessions.len(), round) {
            let session = &mut sessions[turn];
            session.open().await?;
            let requested = group.request(session, numbers).await;
            requested.with_context(|| format!("{} rows", session.rows))?;
        }
    }
    Ok(())
}

impl Group {
    const ALL: [Self; 6] = [
        Self::Reads,
        Self::OwnDatasets,
        Self::OpenUploads,
        Self::WholeUploads,
        Self::Access,
        Self::Webhooks,
    ];

    async fn request(self, session: &mut Session, numbers: &Range<u64>) -> Result<()> {
        let datasets = numbers.clone().map(|number| dataset(number).to_string());
        let datasets: Vec<String> = datasets.collect();
        match self {
            Self::Reads => reads(session, &datasets).await,
            Self::OwnDatasets => datasets_of_its_own(session, numbers.clone()).await,
            Self::OpenUploads => open_uploads(session, &datasets).await,
            Self::WholeUploads => whole_uploads(session, &datasets).await,
            Self::Access => access(session, &datasets).await,
            Self::Webhooks => webhooks(session, &datasets).await,
        }
    }
}

/// What only reads: lists of the dataset with the most versions and jobs, the others of one dataset after another.
async fn reads(session: &mut Session, datasets: &[String]) -> Result<()> {
    let large = format!("/api/datasets/{}", dataset(0));
    for (number, id) in (1_u32..).zip(datasets) {
        let path = format!("/api/datasets/{id}");
        // The large dataset has at least a hundred versions.
        let version = 1 + number % 100;
        session.get("list_datasets", "/api/datasets").await?;
        session.get("get_dataset", &path).await?;
        session.get("list_jobs", &format!("{large}/jobs")).await?;
        let rules = format!("{path}/trust-rules");
        session.get("list_trust_rules", &rules).await?;
        session
            .get("list_dataset_events", &format!("{large}/events"))
            .await?;
        session
            .get_as_administrator("list_events", "/api/events")
            .await?;
        session
            .get("list_versions", &format!("{large}/versions"))
            .await?;
        session
            .get("get_version", &format!("{large}/versions/{version}"))
            .await?;
        let download = format!("{large}/versions/{version}/download");
        session.get("download_version", &download).await?;
        session
            .get("download_dataset", &format!("{path}/download"))
            .await?;
    }
    Ok(())
}

/// What changes datasets, of those that are created for it.
async fn datasets_of_its_own(session: &mut Session, numbers: Range<u64>) -> Result<()> {
    for number in numbers {
        let body = json!({"name": format!("new {number}")});
        let created = session
            .post("create_dataset", "/api/datasets", &body)
            .await?;
        let path = format!("/api/datasets/{}", created["id"].as_str().context("no id")?);
        let body = json!({"name": format!("renamed {number}")});
        session
            .timed("update_dataset", Method::PATCH, &path, Some(&body))
            .await?;
        session
            .timed("delete_dataset", Method::DELETE, &path, None)
            .await?;
        session
            .timed(
                "undelete_dataset",
                Method::POST,
                &format!("{path}/undelete"),
                None,
            )
            .await?;
    }
    Ok(())
}

/// What is done with an upload before its end.
async fn open_uploads(session: &mut Session, datasets: &[String]) -> Result<()> {
    for dataset in datasets {
        let upload = session.request(dataset, true).await?;
        let path = format!("/api/jobs/{}", upload.job);
        session.get("get_job", &path).await?;
        session.get("list_parts", &format!("{path}/parts")).await?;
        session
            .get("list_job_events", &format!("{path}/events"))
            .await?;
        let body = json!({"part_numbers": [1, 2]});
        session
            .post("request_part_urls", &format!("{path}/urls"), &body)
            .await?;
        session
            .timed("cancel_job", Method::POST, &format!("{path}/cancel"), None)
            .await?;
    }
    Ok(())
}

/// What is done from the end of an upload on.
async fn whole_uploads(session: &mut Session, datasets: &[String]) -> Result<()> {
    let mut uploads = Vec::new();
    for dataset in datasets {
        let upload = session.request(dataset, false).await?;
        session.complete(&upload).await?;
        uploads.push(upload);
    }
    wait_until_ready(session, &uploads).await?;
    for upload in &uploads {
        let path = format!("/api/jobs/{}", upload.job);
        session
            .get("get_preview", &format!("{path}/preview"))
            .await?;
        session
            .post("inspect_job", &format!("{path}/inspect"), &json!({}))
            .await?;
    }
    wait_until_ready(session, &uploads).await?;
    for upload in &uploads {
        let commit = format!("/api/jobs/{}/commit", upload.job);
        session
            .post("commit_job", &commit, &json!({"force": true}))
            .await?;
        let path = format!("/api/datasets/{}", upload.dataset);
        session
            .get("diff_versions", &format!("{path}/diff?from=1"))
            .await?;
        let restore = format!("{path}/versions/1/restore");
        session
            .post("restore_version", &restore, &json!({}))
            .await?;
    }
    Ok(())
}

/// What is done with webhooks. A restoration gives each something to deliver.
async fn webhooks(session: &mut Session, datasets: &[String]) -> Result<()> {
    for id in datasets {
        let webhooks = format!("/api/datasets/{id}/webhooks");
        let body = json!({"url": "https://hooks.example/", "types": ["version.restored", "dataset.renamed"]});
        let created = session.post("create_webhook", &webhooks, &body).await?;
        let webhook = created["webhook"]["id"].as_str().context("no id")?;
        let path = format!("{webhooks}/{webhook}");
        session.get("list_webhooks", &webhooks).await?;
        session
            .post(
                "rotate_webhook_secret",
                &format!("{path}/rotate"),
                &json!({}),
            )
            .await?;
        let body = json!({"name": format!("with a webhook {id}")});
        session
            .timed(
                "update_dataset",
                Method::PATCH,
                &format!("/api/datasets/{id}"),
                Some(&body),
            )
            .await?;
        let deliveries = format!("{path}/deliveries");
        let listed = session.get("list_deliveries", &deliveries).await?;
        let delivery = listed["items"][0]["id"].as_str().context("no delivery")?;
        session
            .post(
                "resend_delivery",
                &format!("{deliveries}/{delivery}/resend"),
                &json!({}),
            )
            .await?;
        session
            .timed("delete_webhook", Method::DELETE, &path, None)
            .await?;
    }
    Ok(())
}

/// What is done with tokens and grants.
async fn access(session: &mut Session, datasets: &[String]) -> Result<()> {
    for id in datasets {
        session.get("get_caller", "/api/caller").await?;
        session.get("list_tokens", "/api/tokens").await?;
        let body = json!({"name": "measured", "scopes": ["read"], "datasets": [id]});
        let created = session.post("create_token", "/api/tokens", &body).await?;
        let token = created["token"]["id"].as_str().context("no id")?;
        let path = format!("/api/tokens/{token}");
        session
            .timed("revoke_token", Method::DELETE, &path, None)
            .await?;
        let grants = format!("/api/datasets/{id}/grants");
        let path = format!("{grants}/{COLLEAGUE}");
        let body = json!({"role": "reader"});
        session
            .timed("put_grant", Method::PUT, &path, Some(&body))
            .await?;
        session.get("list_grants", &grants).await?;
        session
            .timed("delete_grant", Method::DELETE, &path, None)
            .await?;
    }
    Ok(())
}

async fn wait_until_ready(session: &mut Session, uploads: &[Upload]) -> Result<()> {
    let begun = Instant::now();
    for upload in uploads {
        loop {
            let status = session.status(&upload.job).await?;
            if status == "ready" {
                break;
            }
            ensure!(
                matches!(status.as_str(), "completing" | "inspecting"),
                "a job is {status}"
            );
            ensure!(begun.elapsed() < END_TIMEOUT, "a job is still {status}");
            sleep(INTERVAL).await;
        }
    }
    Ok(())
}
