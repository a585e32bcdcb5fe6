//! Sends messages to webhooks.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use uuid::Uuid;

use super::address::{Allowed, CheckedResolver, NotPublic, SystemResolver};
use super::signature;
use crate::store::DeliveryTarget;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a receiver may take to respond.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);

const USER_AGENT: &str = concat!("restow-server/", env!("CARGO_PKG_VERSION"));

/// A message for a webhook.
pub(super) struct Message<'a> {
    /// Identifier of the delivery, the same for each attempt.
    pub id: Uuid,
    /// Time of the attempt.
    pub at: DateTime<Utc>,
    /// Body, as it is signed.
    pub body: &'a str,
}

/// Sends messages, each on a connection of its own, to addresses that are allowed.
#[derive(Clone, Debug)]
pub struct Sender {
    http: Client,
    allowed: Allowed,
}

impl Sender {
    /// A sender that connects to public addresses, or to all.
    ///
    /// # Errors
    /// If the TLS stack cannot be set up.
    pub fn new(allows_private: bool) -> Result<Self, reqwest::Error> {
        let allowed = if allows_private {
            Allowed::Any
        } else {
            Allowed::Public
        };
        Self::with(allowed, Arc::new(SystemResolver))
    }

    fn with(allowed: Allowed, resolver: Arc<dyn Resolve>) -> Result<Self, reqwest::Error> {
        let resolver: Arc<dyn Resolve> = Arc::new(CheckedResolver::new(resolver, allowed));
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(RESPONSE_TIMEOUT)
            // The receiver could redirect to an address that is not allowed, or to another protocol.
            .redirect(Policy::none())
            // A proxy would connect in place of this process, to whatever address.
            .no_proxy()
            // An address is checked when it is connected to.
            .pool_max_idle_per_host(0)
            .dns_resolver(resolver)
            .build()?;
        Ok(Self { http, allowed })
    }

    /// Sends a message once, and returns the status of the response. Its body is not read.
    ///
    /// # Errors
    /// Why there is no response, without the URL, which may contain a secret.
    pub(super) async fn send(
        &self,
        target: &DeliveryTarget,
        message: &Message<'_>,
    ) -> Result<StatusCode, String> {
        let url: Url = target
            .url
            .parse()
            .map_err(|_| "the URL is invalid".to_string())?;
        self.allowed
            .check_host(&url)
            .map_err(|error| error.to_string())?;
        let request = self.http.post(url).headers(headers(target, message)?);
        let response = request.body(message.body.to_string()).send().await;
        match response {
            Ok(response) => Ok(response.status()),
            Err(error) => Err(reason(&error)),
        }
    }
}

fn headers(target: &DeliveryTarget, message: &Message<'_>) -> Result<HeaderMap, String> {
    let (id, timestamp) = (
        format!("msg_{}", message.id.simple()),
        message.at.timestamp(),
    );
    let secrets: Vec<&[u8]> = target.secrets.iter().map(Vec::as_slice).collect();
    let signature = signature::sign(&secrets, &id, timestamp, message.body);
    let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("webhook-id", value(&id)?);
    headers.insert("webhook-timestamp", timestamp.into());
    headers.insert("webhook-signature", value(&signature)?);
    Ok(headers)
}

/// Why there is no response.
fn reason(error: &reqwest::Error) -> String {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = source {
        if cause.is::<NotPublic>() {
            return NotPublic.to_string();
        }
        source = cause.source();
    }
    let kind = if error.is_timeout() {
        "the receiver did not respond in time"
    } else if error.is_connect() {
        "the receiver cannot be connected to"
    } else {
        "the connection broke off"
    };
    kind.to_string()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use reqwest::dns::{Addrs, Name, Resolving};
    use tokio::net::TcpListener;

    use super::*;

    /// Resolves every name to one address after the other.
    struct Rebinding {
        addresses: Vec<SocketAddr>,
        lookups: AtomicUsize,
    }

    impl Resolve for Rebinding {
        fn resolve(&self, _: Name) -> Resolving {
            let lookup = self.lookups.fetch_add(1, Ordering::SeqCst);
            let address = self.addresses[lookup.min(self.addresses.len() - 1)];
            Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
        }
    }

    fn target(url: String) -> DeliveryTarget {
        DeliveryTarget {
            url,
            is_of_owner: true,
            secrets: vec![b"secret".to_vec()],
        }
    }

    fn message() -> Message<'static> {
        Message {
            id: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
            body: "{}",
        }
    }

    #[tokio::test]
    async fn name_that_resolves_to_a_private_address_is_not_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let local = listener.local_addr().unwrap();
        let resolver = Arc::new(Rebinding {
            // A check before the connection is made sees a public address.
            addresses: vec!["8.8.8.8:1".parse().unwrap(), local],
            lookups: AtomicUsize::new(0),
        });
        let checked =
            CheckedResolver::new(Arc::clone(&resolver) as Arc<dyn Resolve>, Allowed::Public);
        let seen: Vec<_> = checked
            .resolve("rebinding.example".parse().unwrap())
            .await
            .unwrap()
            .collect();
        assert_eq!(seen.len(), 1);
        let target = target(format!("http://rebinding.example:{}/", local.port()));
        let sender = Sender::with(Allowed::Public, Arc::clone(&resolver) as Arc<dyn Resolve>);
        let sent = sender.unwrap().send(&target, &message()).await;
        assert_eq!(sent, Err("the host has no public address".to_string()));
        assert_eq!(resolver.lookups.load(Ordering::SeqCst), 2);
        // The name is reachable as such.
        let any = Sender::with(Allowed::Any, resolver).unwrap();
        let message = message();
        let connected = tokio::select! {
            accepted = listener.accept() => accepted.is_ok(),
            _ = any.send(&target, &message) => false,
        };
        assert!(connected);
    }

    #[tokio::test]
    async fn private_address_is_not_connected_to() {
        let sender = Sender::new(false).unwrap();
        for url in [
            "http://127.0.0.1:1/",
            "http://[::1]:1/",
            "http://169.254.169.254/",
            "http://localhost:1/",
        ] {
            let sent = sender.send(&target(url.to_string()), &message()).await;
            assert_eq!(
                sent,
                Err("the host has no public address".to_string()),
                "{url}"
            );
        }
    }
}
