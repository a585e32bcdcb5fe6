//! The clients as a whole.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use restow_sdk::RetryPolicy;
use tokio::task::JoinSet;

use super::api::{Api, Shared};
use super::client::Client;
use super::lost::Lost;
use super::model::Model;
use super::pool::Pool;
use super::settings::PRINCIPALS;

/// What clients are made from.
pub struct Crew<'a> {
    shared: &'a Arc<Shared>,
    tokens: &'a [String],
    /// For each principal a client of the SDK for each server.
    sdk: Vec<Vec<restow_sdk::Client>>,
}

impl<'a> Crew<'a> {
    /// Clients with the tokens of all principals.
    ///
    /// # Errors
    /// If the SDK refuses a token.
    pub fn new(shared: &'a Arc<Shared>, tokens: &'a [String]) -> Result<Self> {
        let of_all_servers =
            |token: &String| shared.servers.iter().map(|url| sdk(url, token)).collect();
        Ok(Self {
            shared,
            tokens,
            sdk: tokens.iter().map(of_all_servers).collect::<Result<_>>()?,
        })
    }

    /// Starts so many clients, whose files are in that directory.
    ///
    /// # Errors
    /// If there are too many.
    pub fn start(&self, seed: u64, directory: &Path, count: u64) -> Result<JoinSet<Client>> {
        let pool = Arc::new(Pool::default());
        let mut clients = JoinSet::new();
        for number in 0..count {
            let place = usize::try_from(number)?;
            let of_principal = place % PRINCIPALS.len();
            let (principal, token) = (PRINCIPALS[of_principal], &self.tokens[of_principal]);
            let client = Client {
                number,
                principal,
                api: Api::new(
                    Arc::clone(self.shared),
                    format!("client {number}"),
                    token.clone(),
                    place,
                ),
                sdk: self.sdk[of_principal].clone(),
                model: Model::default(),
                backup: Model::default(),
                caught_up: 0,
                lost: Lost::default(),
                pool: Arc::clone(&pool),
                directory: directory.to_path_buf(),
                seed,
            };
            clients.spawn(client.run());
        }
        Ok(clients)
    }
}

/// A client of the SDK with short timeouts, so that it also fails sometimes.
///
/// # Errors
/// If the SDK refuses the URL or the token.
pub fn sdk(url: &str, token: &str) -> Result<restow_sdk::Client> {
    let retry = RetryPolicy {
        retries: 5,
        initial_delay: Duration::from_millis(100),
        max_delay: Duration::from_secs(2),
    };
    Ok(restow_sdk::Client::builder(url, token)
        .retry(retry)
        .stall_timeout(Duration::from_secs(20))
        .build()?)
}
