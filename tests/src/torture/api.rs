//! Requests to the API, retried until there is a response, which is checked against the document.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::Utc;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use restow_sdk::generated::types::HttpValidationError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use super::contract::Contract;
use super::history::History;
use super::message::{Request, Response};
use super::report::{Report, Section};

/// Timeout of a response: longer than the server itself waits for anything before it responds.
const RESPONSE_TIMEOUT: Duration = Duration::from_mins(2);

/// Pause before a request is sent again; each later one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_PAUSE: Duration = Duration::from_secs(3);

/// The phase of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Clients begin new jobs, and processes are killed.
    Work,
    /// All faults are removed; clients finish their open jobs.
    Finish,
    /// Requests without a response are no longer retried.
    GiveUp,
}

/// Why a step of a client ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There was no response until the end.
    GaveUp,
    /// There was a violation, which is recorded.
    Violated,
}

/// State that all clients share.
#[derive(Debug)]
pub struct Shared {
    /// What is counted.
    pub report: Report,
    /// The documented statuses.
    pub contract: Contract,
    /// What happened to the whole database.
    pub history: History,
    /// The phase of the run.
    pub phase: watch::Receiver<Phase>,
    /// A client of both, the API and S3.
    pub http: reqwest::Client,
    /// URLs of the servers.
    pub servers: Vec<String>,
}

impl Shared {
    /// For servers at these addresses, and what moves the run to its next phase.
    ///
    /// # Errors
    /// If the document cannot be read, or there is no HTTP client.
    pub fn new(addresses: &[SocketAddr]) -> anyhow::Result<(watch::Sender<Phase>, Arc<Self>)> {
        let (phase, watched) = watch::channel(Phase::Work);
        let shared = Self {
            report: Report::default(),
            contract: Contract::read()?,
            history: History::default(),
            phase: watched,
            http: reqwest::Client::builder()
                .no_proxy()
                .timeout(RESPONSE_TIMEOUT)
                .build()?,
            servers: addresses
                .iter()
                .map(|address| format!("http://{address}"))
                .collect(),
        };
        Ok((phase, Arc::new(shared)))
    }
}

/// The API, as one client sees it.
#[derive(Clone, Debug)]
pub struct Api {
    /// State that all clients share.
    pub shared: Arc<Shared>,
    /// Name of the client in reports.
    pub who: String,
    token: String,
    next_server: Arc<AtomicUsize>,
}

impl Api {
    /// The API for the bearer of a token, who begins with this server.
    pub fn new(shared: Arc<Shared>, who: String, token: String, first_server: usize) -> Self {
        Self {
            shared,
            who,
            token,
            next_server: Arc::new(AtomicUsize::new(first_server)),
        }
    }

    /// Records a violation.
    pub fn violation(&self, what: &str) -> Ended {
        self.shared.report.violate(&self.who, what);
        Ended::Violated
    }

    /// The phase of the run.
    pub fn phase(&self) -> Phase {
        *self.shared.phase.borrow()
    }

    /// Waits for at most this long, less where the run enters its next phase.
    pub async fn pause(&self, longest: Duration) {
        let mut phase = self.shared.phase.clone();
        tokio::select! {
            () = sleep(longest) => {}
            // The run is over once the sender is dropped.
            _ = phase.changed() => {}
        }
    }

    /// Sends a request until there is a response other than 503.
    pub async fn call(&self, request: &Request) -> Result<Response, Ended> {
        let mut repeated = false;
        let mut pause = FIRST_PAUSE;
        loop {
            let sent_at = Utc::now();
            match self.send(request).await? {
                Ok((status, body)) if status != 503 => {
                    return Ok(Response {
                        status,
                        body,
                        repeated,
                        sent_at,
                    });
                }
                Ok(_) => repeated = true,
                Err(reached) => repeated |= reached,
            }
            if self.phase() == Phase::GiveUp {
                self.shared.report.violate(
                    &self.who,
                    &format!("{request:?} has no response although all faults are removed"),
                );
                return Err(Ended::GaveUp);
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// The deserialised body of a response.
    pub fn read<T: DeserializeOwned>(&self, response: &Response) -> Result<T, Ended> {
        let read = serde_json::from_value(response.body.clone());
        read.map_err(|error| self.violation(&format!("{error} in the response {}", response.body)))
    }

    /// Records an unexpected response as a violation.
    pub fn unexpected(&self, what: &str, response: &Response) -> Ended {
        let again = if response.repeated {
            ", sent again"
        } else {
            ""
        };
        self.violation(&format!(
            "{what}{again}: {} {}",
            response.status, response.body
        ))
    }

    /// Status and body; where there is no response, whether the request may have reached the server.
    async fn send(&self, request: &Request) -> Result<Result<(u16, Value), bool>, Ended> {
        let server = self.next_server.fetch_add(1, Ordering::Relaxed) % self.shared.servers.len();
        let url = format!("{}/api{}", self.shared.servers[server], request.path);
        let token = request.token.as_ref().unwrap_or(&self.token);
        let mut sent = self
            .shared
            .http
            .request(request.method.clone(), url)
            .bearer_auth(token);
        if let Some(body) = &request.body {
            sent = sent.json(body);
        }
        let received = match sent.send().await {
            Ok(response) => self.judge(request, response).await?,
            Err(error) => Err(!error.is_connect()),
        };
        let outcome = match &received {
            Ok((status, body)) if *status >= 400 => {
                format!(
                    "{status} {}",
                    body["detail"][0]["type"].as_str().unwrap_or("?")
                )
            }
            Ok((status, _)) => status.to_string(),
            Err(true) => "broke off".to_string(),
            Err(false) => "no connection".to_string(),
        };
        self.shared.report.count(
            Section::Operations,
            &format!("{:28} {outcome}", request.operation),
        );
        Ok(received)
    }

    async fn judge(
        &self,
        request: &Request,
        response: reqwest::Response,
    ) -> Result<Result<(u16, Value), bool>, Ended> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let Ok(bytes) = response.bytes().await else {
            return Ok(Err(true));
        };
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        if !self.shared.contract.admits(request.operation, status) {
            return Err(self.violation(&format!(
                "{request:?} returned {status}, which is not documented: {}",
                text()
            )));
        }
        if status == 204 {
            return Ok(Ok((status, Value::Null)));
        }
        let is_json = headers
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        let Some(body) = serde_json::from_slice::<Value>(&bytes)
            .ok()
            .filter(|_| is_json)
        else {
            return Err(self.violation(&format!(
                "{request:?} returned {status} with a body that is not JSON: {}",
                text()
            )));
        };
        let explained = || {
            serde_json::from_value::<HttpValidationError>(body.clone())
                .is_ok_and(|error| !error.detail.is_empty())
                && (status != 401 || headers.contains_key(WWW_AUTHENTICATE))
                && (!matches!(status, 429 | 503) || headers.contains_key(RETRY_AFTER))
        };
        if status >= 400 && !explained() {
            return Err(self.violation(&format!(
                "{request:?} returned {status} without an error: {body}, {headers:?}"
            )));
        }
        Ok(Ok((status, body)))
    }
}
