//! The noisy principal: as many requests as a number of connections gets done, whatever the responses say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use anyhow::{Error, Result, anyhow, bail};
use bytes::Bytes;
use hyper::{Method, StatusCode};
use tokio::task::JoinSet;

use crate::bench::connection::{Connection, OTHER_ADDRESS};
use crate::bench::restow::Principal;
use crate::bench::serve::operation::single_part;

/// The noisy principal, which stops when it is dropped.
pub struct Noise {
    tasks: JoinSet<Result<()>>,
    responses: Arc<Responses>,
}

/// How many requests have been admitted, and how many refused.
#[derive(Default)]
struct Responses {
    admitted: AtomicU32,
    refused: AtomicU32,
}

/// How many had been at some time.
pub struct Count {
    at: Instant,
    admitted: u32,
    refused: u32,
}

/// Requests a second that were admitted, and that were refused.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    pub admitted: f64,
    pub refused: f64,
}

impl Noise {
    /// Opens so many connections, each of which sends reads and single-part requests in turn.
    ///
    /// # Errors
    /// If the server accepts no connection.
    pub async fn start(
        address: SocketAddr,
        principal: &Principal,
        connections: u32,
    ) -> Result<Self> {
        let mut noise = Self {
            tasks: JoinSet::new(),
            responses: Arc::default(),
        };
        for _ in 0..connections {
            let connection = Connection::new(address, &principal.token);
            let mut connection = connection.coming_from(OTHER_ADDRESS);
            connection.open().await?;
            let (dataset, responses) = (principal.dataset.clone(), Arc::clone(&noise.responses));
            noise.tasks.spawn(send(connection, dataset, responses));
        }
        Ok(noise)
    }

    /// How many requests have been admitted so far, and how many refused.
    pub fn count(&self) -> Count {
        Count {
            at: Instant::now(),
            admitted: self.responses.admitted.load(Ordering::Relaxed),
            refused: self.responses.refused.load(Ordering::Relaxed),
        }
    }

    /// What has been admitted and refused since then.
    pub fn rates_since(&self, before: &Count) -> Rates {
        let now = self.count();
        let seconds = (now.at - before.at).as_secs_f64();
        Rates {
            admitted: f64::from(now.admitted - before.admitted) / seconds,
            refused: f64::from(now.refused - before.refused) / seconds,
        }
    }

    /// Waits until a request fails without being refused.
    pub async fn failure(&mut self) -> Error {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error.context("the noisy principal"),
            Some(Err(error)) => error.into(),
            Some(Ok(Ok(()))) | None => anyhow!("the noisy principal has stopped"),
        }
    }
}

/// Sends requests until one fails without being refused.
async fn send(
    mut connection: Connection,
    dataset: String,
    responses: Arc<Responses>,
) -> Result<()> {
    let uploads = format!("{dataset}/reupload/presigned");
    let body = Bytes::from(single_part().to_string());
    let requests = [
        (Method::GET, dataset, None, Bytes::new()),
        (Method::POST, uploads, Some("application/json"), body),
    ];
    for (method, path, content_type, body) in requests.iter().cycle() {
        let response = connection.answer(method.clone(), path, *content_type, body.clone());
        let count = match response.await?.0.status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => &responses.refused,
            status if status.is_success() => &responses.admitted,
            status => bail!("{method} was answered with {status}"),
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
