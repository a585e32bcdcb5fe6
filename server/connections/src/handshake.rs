//! The TLS handshake of a connection, which is bounded like the wait for a request.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use crate::serve::Timeouts;
use crate::slot::Slot;

/// How long what a client still sends after a failed handshake is read.
const LINGER: Duration = Duration::from_secs(1);

/// Makes the handshake of a connection, which is silent until then. It may take as long as the head of a request. `None` where
/// it failed or took too long, or the slot is needed; the connection is closed then.
pub async fn handshake(
    stream: TcpStream,
    slot: &Slot,
    timeouts: Timeouts,
    config: Arc<ServerConfig>,
) -> Option<TlsStream<TcpStream>> {
    let connection = &slot.connection;
    let accept = TlsAcceptor::from(config).accept(stream).into_fallible();
    let mut accept = pin!(timeout(timeouts.head, accept));
    let mut ended = tokio::select! {
        ended = accept.as_mut() => ended.ok(),
        () = connection.to_be_closed() => None,
    };
    if ended.is_none() && slot.is_closing() {
        let last = timeout(timeouts.last_request, accept.as_mut()).await;
        ended = last.ok().and_then(Result::ok);
    }
    match ended? {
        Ok(stream) => Some(stream),
        Err((error, stream)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            tokio::select! {
                _ = timeout(LINGER, close(stream)) => {}
                () = connection.to_be_closed() => {}
            }
            None
        }
    }
}

/// Closes a connection and reads what is still being sent: unread bytes would reset it, and the client would not see the alert.
async fn close(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
