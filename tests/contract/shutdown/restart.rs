//! A rolling restart under load: one server stops while another takes over.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result};
use futures::future::join_all;
use restow_sdk::Client;
use restow_sdk::generated::types::DatasetNameRequest;
use restow_tests::Balancer;
use restow_tests::balancer::Choice;

use crate::fixture::{System, eventually, with_token};

/// Clients that send requests at the same time.
const CLIENTS: usize = 8;

/// Requests that the second server has to answer before the load ends.
const REQUESTS_AFTER: usize = 200;

/// Reads and writes without a retry, until told to stop, and returns the errors.
async fn load(
    client: Client,
    number: usize,
    served: &AtomicUsize,
    stop: &AtomicBool,
) -> Vec<String> {
    let mut errors = Vec::new();
    for round in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("dataset {number}-{round}").parse();
        let api = client.api();
        let outcome = async {
            let body = DatasetNameRequest {
                name: name.context("the name is invalid")?,
            };
            let created = api.create_dataset().body(body).send().await?;
            let read = api.get_dataset().dataset_id(created.id).send().await?;
            anyhow::ensure!(read.name == created.name, "another dataset was read");
            Ok::<_, anyhow::Error>(())
        };
        match outcome.await {
            Ok(()) => {
                served.fetch_add(2, Ordering::Relaxed);
            }
            Err(error) => errors.push(format!("{error:#}")),
        }
    }
    errors
}

#[tokio::test]
async fn rolling_restart_fails_no_request() -> Result<()> {
    let first = System::start_with(&[("--drain", "2s")])?;
    let mut environment = first.place.environment(&first.place.endpoint);
    environment.extend(first.environment());
    let file = first.server.data_dir().join("restow.sqlite");
    if !environment
        .iter()
        .any(|(name, _)| name == "RESTOW_DATABASE_URL")
    {
        let url = format!("sqlite:{}", file.display());
        environment.push(("RESTOW_DATABASE_URL".to_string(), url));
    }
    let alone = [("--no-worker", ""), ("--no-reaper", "")];
    let second = System::start_in(with_token(&environment)?, environment.clone(), &alone)?;
    let balancer =
        Balancer::start(Choice::First, &[first.server.url(), second.server.url()]).await?;
    let (served, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let clients = (0..CLIENTS)
        .map(|_| Client::new(balancer.url(), second.server.token()))
        .collect::<Result<Vec<_>, _>>()?;
    let loads = clients
        .into_iter()
        .enumerate()
        .map(|(number, client)| load(client, number, &served, &stop));
    let restart = async {
        let enough = |since: usize| {
            let served = &served;
            eventually("enough requests are served", move || async move {
                (served.load(Ordering::Relaxed) >= since + REQUESTS_AFTER).then_some(())
            })
        };
        enough(0).await;
        let (status, stopped) = first.stop().await?;
        assert_eq!(status.code(), Some(0));
        let before = served.load(Ordering::Relaxed);
        enough(before).await;
        stop.store(true, Ordering::Relaxed);
        Ok::<_, anyhow::Error>((before, stopped))
    };
    let (errors, restarted) = futures::join!(join_all(loads), restart);
    let (before, _stopped) = restarted?;
    let errors = errors.concat();
    let total = served.load(Ordering::Relaxed);
    println!(
        "{total} requests served, {} of them after the first server had ended; {} failed",
        total - before,
        errors.len()
    );
    assert_eq!(balancer.ready(), 1);
    assert!(
        errors.is_empty(),
        "{} failed: {:?}",
        errors.len(),
        errors.first()
    );
    Ok(())
}
