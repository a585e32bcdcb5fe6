//! Silent connections: opened from one address as fast as possible, and then left alone.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::bench::connection::{OTHER_ADDRESS, connect};

/// Connections that are being opened at once.
const AT_ONCE: usize = 256;

/// What the silent connections have sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Nothing,
    HalfALine,
}

/// Connections that are open, unless the server has closed them.
pub struct Silence {
    streams: Vec<TcpStream>,
    /// Seconds in which they were opened.
    pub opening: f64,
    opened: Instant,
}

impl Sent {
    pub const ALL: [Self; 2] = [Self::Nothing, Self::HalfALine];

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Nothing => b"",
            Self::HalfALine => b"GET /api/data",
        }
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing sent",
            Self::HalfALine => "half a request line sent",
        })
    }
}

impl Silence {
    /// Opens so many connections, or as many as the system lets this process open.
    pub async fn open(address: SocketAddr, number: u32, sent: Sent) -> Self {
        let begun = Instant::now();
        let attempts = stream::iter(0..number).map(|_| one(address, sent));
        let attempts: Vec<io::Result<TcpStream>> =
            attempts.buffer_unordered(AT_ONCE).collect().await;
        let opened = Instant::now();
        let mut streams = Vec::new();
        let mut failure = None;
        for attempt in attempts {
            match attempt {
                Ok(stream) => streams.push(stream),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            eprintln!(
                "{} of {number} connections were opened: {error}",
                streams.len()
            );
        }
        Self {
            streams,
            opening: (opened - begun).as_secs_f64(),
            opened,
        }
    }

    /// Number of connections that were opened.
    #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
    pub fn number(&self) -> f64 {
        self.streams.len() as f64
    }

    /// Seconds from the last one's opening until the server has closed all of them; not a number if it does not within a time.
    pub async fn until_closed(self, within: Duration) -> f64 {
        let opened = self.opened;
        let closed = timeout(within, async {
            for mut stream in self.streams {
                wait_until_closed(&mut stream).await;
            }
        });
        closed
            .await
            .map_or(f64::NAN, |()| opened.elapsed().as_secs_f64())
    }
}

async fn one(address: SocketAddr, sent: Sent) -> io::Result<TcpStream> {
    let mut stream = connect(address, Some(OTHER_ADDRESS)).await?;
    // The server may have closed it already, for another one.
    let _ = stream.write_all(sent.bytes()).await;
    Ok(stream)
}

/// Reads to the end, which a reset is, too.
async fn wait_until_closed(stream: &mut TcpStream) {
    let mut response = [0; 512];
    while stream
        .read(&mut response)
        .await
        .is_ok_and(|length| length > 0)
    {}
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    #[cfg_attr(
        not(target_os = "linux"),
        ignore = "only Linux has further loopback addresses"
    )]
    async fn closed_and_open_connections_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (silence, held) = tokio::join!(Silence::open(address, 3, Sent::HalfALine), async {
            let mut held = Vec::new();
            while held.len() < 3 {
                let (mut stream, peer) = listener.accept().await.unwrap();
                assert_eq!(peer.ip(), OTHER_ADDRESS);
                let mut line = vec![0; Sent::HalfALine.bytes().len()];
                stream.read_exact(&mut line).await.unwrap();
                assert_eq!(line, Sent::HalfALine.bytes());
                held.push(stream);
            }
            held
        });
        assert!((silence.number() - 3.0).abs() < 1e-9);
        drop(held);
        assert!(
            silence
                .until_closed(Duration::from_mins(1))
                .await
                .is_finite()
        );

        let silence = Silence::open(address, 1, Sent::Nothing).await;
        assert!(
            silence
                .until_closed(Duration::from_millis(1))
                .await
                .is_nan()
        );
    }
}
