//! How clients reach the servers.

use std::sync::Arc;

use anyhow::Result;
use restow_sdk::{CallDelay, Client};

use super::record::Record;

/// The balancer's URL and a token.
#[derive(Clone, Debug)]
pub struct Access {
    url: String,
    token: String,
    record: Arc<Record>,
}

impl Access {
    /// Access through the balancer with this URL.
    pub fn new(url: &str, token: &str, record: &Arc<Record>) -> Self {
        Self {
            url: url.to_string(),
            token: token.to_string(),
            record: Arc::clone(record),
        }
    }

    /// A client of the SDK, with the retries that it has by default. It has connections of its own, as each run of the
    /// command has, so that the balancer can choose a server.
    ///
    /// # Errors
    /// If the SDK refuses the URL or the token.
    pub fn client(&self) -> Result<Client> {
        let record = Arc::clone(&self.record);
        let client = Client::new(&self.url, &self.token)?.on_delay(move |delay| {
            if let CallDelay::Retry { error, .. } = delay {
                record.retry(error);
            }
        });
        Ok(client)
    }

    /// What all clients have done.
    pub fn record(&self) -> Arc<Record> {
        Arc::clone(&self.record)
    }
}
