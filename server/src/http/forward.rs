//! Hands requests on to the framework's own listener, which is on a loopback port of this process.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use dropshot::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Version, header};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use subtle::ConstantTimeEq;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// How long an unused connection is kept: less than the 30 s after which the framework closes it.
const MAX_IDLE: Duration = Duration::from_secs(15);

/// Maximum number of unused connections that are kept.
const MAX_UNUSED: usize = 256;

/// Header by which a response says that the body of its request was read to its end. It does not leave the process.
pub(super) const BODY_READ: HeaderName = HeaderName::from_static("restow-body-read");

/// Header by which a request says where its client is. What a client says in it does not reach the framework.
const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("restow-client-address");

/// What stands before the address. Other programs on this machine reach the framework's listener too, and do not know it.
static PROOF: LazyLock<String> = LazyLock::new(|| format!("{:032x} ", rand::random::<u128>()));

/// Headers of one connection, which are not those of the next (RFC 9110, section 7.6.1). `Expect` is answered by the
/// connection to the client.
const CONNECTION_HEADERS: [HeaderName; 5] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::TE,
    header::UPGRADE,
    header::EXPECT,
];

/// Has a request say where its client is, in place of what it says itself.
pub(super) fn set_client_address(headers: &mut HeaderMap, address: Option<IpAddr>) {
    headers.remove(CLIENT_ADDRESS);
    let value = address.and_then(|address| format!("{}{address}", *PROOF).parse().ok());
    headers.extend(value.map(|value: HeaderValue| (CLIENT_ADDRESS, value)));
}

/// Address of the client, which this process has passed on.
pub(super) fn client_address(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get(CLIENT_ADDRESS)?.to_str().ok()?;
    let (proof, address) = value.split_at_checked(PROOF.len())?;
    let is_proven = bool::from(proof.as_bytes().ct_eq(PROOF.as_bytes()));
    address.parse().ok().filter(|_| is_proven)
}

/// Why no response came.
pub(super) type ForwardError = Box<dyn std::error::Error + Send + Sync>;

/// A connection, and since when it is unused.
type Unused = (SendRequest<Incoming>, Instant);

/// Connections to the framework's listener.
#[derive(Debug)]
pub(super) struct Forwarder {
    listener: SocketAddr,
    /// The one that was used last is the last one.
    unused: Mutex<VecDeque<Unused>>,
}

impl Forwarder {
    /// Hands on to the listener at an address.
    pub(super) fn new(listener: SocketAddr) -> Self {
        Self {
            listener,
            unused: Mutex::default(),
        }
    }

    /// The framework's response to a request.
    ///
    /// # Errors
    /// If the framework cannot be connected to, or the client's body breaks off.
    pub(super) async fn send(
        &self,
        mut request: Request<Incoming>,
    ) -> Result<Response<Body>, ForwardError> {
        let has_body = !request.body().is_end_stream();
        *request.version_mut() = Version::HTTP_11;
        remove_connection_headers(request.headers_mut());
        let mut sender = match self.take() {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        let mut response = sender.send_request(request).await?;
        // The framework may close a connection whose request's body it did not read, so that such a one is used once.
        let is_read = response.headers_mut().remove(BODY_READ).is_some();
        if is_read || !has_body {
            self.keep(sender);
        }
        *response.version_mut() = Version::HTTP_11;
        remove_connection_headers(response.headers_mut());
        // Bodies are framed anew, as the client's version of HTTP needs it.
        response.headers_mut().remove(header::TRANSFER_ENCODING);
        Ok(response.map(Body::wrap))
    }

    async fn connect(&self) -> Result<SendRequest<Incoming>, ForwardError> {
        let stream = TcpStream::connect(self.listener).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection inside of the process ended early");
            }
        });
        Ok(sender)
    }

    /// A connection that is ready for another request.
    fn take(&self) -> Option<SendRequest<Incoming>> {
        let mut unused = self.unused();
        while unused
            .front()
            .is_some_and(|(_, since)| since.elapsed() >= MAX_IDLE)
        {
            unused.pop_front();
        }
        // One that is closed, or whose response is still being read, is not ready.
        let ready = unused.iter().rposition(|(sender, _)| sender.is_ready())?;
        unused.remove(ready).map(|(sender, _)| sender)
    }

    fn keep(&self, sender: SendRequest<Incoming>) {
        let mut unused = self.unused();
        if unused.len() >= MAX_UNUSED {
            unused.pop_front();
        }
        unused.push_back((sender, Instant::now()));
    }

    fn unused(&self) -> std::sync::MutexGuard<'_, VecDeque<Unused>> {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the headers of the connection, and those that `Connection` names.
fn remove_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&CONNECTION_HEADERS) {
        // Without these, the request would be another one.
        if ![
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
            header::AUTHORIZATION,
            CLIENT_ADDRESS,
        ]
        .contains(name)
        {
            headers.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_believed_of_this_process_alone() {
        let mut headers = HeaderMap::new();
        let address: IpAddr = "203.0.113.7".parse().unwrap();
        set_client_address(&mut headers, Some(address));
        assert_eq!(client_address(&headers), Some(address));
        for forged in ["203.0.113.7", &format!("{:032x} 203.0.113.7", 0)] {
            headers.insert(CLIENT_ADDRESS, forged.parse().unwrap());
            assert_eq!(client_address(&headers), None, "{forged}");
        }
        set_client_address(&mut headers, None);
        assert!(headers.is_empty());
    }
}
