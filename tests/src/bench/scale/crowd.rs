//! Many uploads at once, and many connections that do nothing.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use hyper::Method;
use restow_server::cli::raise_limit;

use super::fill::dataset;
use super::result::Results;
use super::site::Site;
use crate::bench::connection::Connection;
use crate::bench::load::closed;
use crate::bench::serve::operation::{Client, Operation};

/// How long the uploads go on.
const LASTING: Duration = Duration::from_secs(10);

/// Has so many clients upload at once, one small file after another.
pub async fn uploads(site: &Site<'_>, number: u32, results: &mut Results) -> Result<()> {
    let mut clients = Vec::new();
    for client in 0..number {
        let path = format!("/api/datasets/{}", dataset(u64::from(client)));
        let service = (site.address(), site.token());
        let s3 = site.s3_address();
        clients.push(Client::connect(Operation::Cycle, service, s3, &path).await?);
    }
    let before = site.memory()?;
    let outcome = closed(clients, LASTING).await?;
    let name = format!("{number} uploads at once");
    let times = [
        outcome.rate(),
        outcome.quantile(0.5),
        outcome.quantile(0.99),
    ];
    results.add_crowd(&name, before, site.memory()?, times);
    Ok(())
}

/// Opens so many connections, each of which sends one request and then nothing; the time is that of requests beside them.
pub async fn connections(site: &Site<'_>, number: u32, results: &mut Results) -> Result<()> {
    raise_limit();
    let before = site.memory()?;
    let mut idle: Vec<Connection> = Vec::new();
    for _ in 0..number {
        let mut connection = site.connect();
        let asked = connection.answer(Method::GET, "/healthz", None, Bytes::new());
        asked.await?;
        idle.push(connection);
    }
    let path = format!("/api/datasets/{}", dataset(0));
    let service = (site.address(), site.token());
    let client = Client::connect(Operation::Read, service, site.s3_address(), &path).await?;
    let outcome = closed(vec![client], Duration::from_secs(2)).await?;
    // Where it has too few descriptors, the server closes some of them.
    let kept = site.open_connections().await?.min(number);
    let name = format!("{kept} idle connections, and one that reads");
    let times = [
        outcome.rate(),
        outcome.quantile(0.5),
        outcome.quantile(0.99),
    ];
    results.add_crowd(&name, before, site.memory()?, times);
    drop(idle);
    Ok(())
}
