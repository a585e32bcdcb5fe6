//! As much of PostgreSQL's protocol (version 3) as it takes to know which statement a message executes.

use std::collections::HashMap;
use std::io;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// What begins every message but a client's first one: its kind, and then its length without the kind.
const LENGTH_AT: usize = 1;

/// Bytes before the content of a message.
const HEAD: usize = 5;

/// One end of a connection.
#[derive(Debug)]
pub(super) struct Peer<S> {
    stream: S,
    buffer: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
        }
    }

    /// The first message of a client, which has no kind; `None` at the end.
    pub(super) async fn startup(&mut self) -> io::Result<Option<Bytes>> {
        self.frame(0).await
    }

    /// The next message; `None` at the end. Nothing is lost when the wait is given up.
    pub(super) async fn message(&mut self) -> io::Result<Option<Bytes>> {
        self.frame(LENGTH_AT).await
    }

    async fn frame(&mut self, length_at: usize) -> io::Result<Option<Bytes>> {
        loop {
            let length = self
                .buffer
                .get(length_at..)
                .and_then(|rest| rest.first_chunk());
            let whole = length.map(|length| length_at + u32::from_be_bytes(*length) as usize);
            if let Some(whole) = whole.filter(|whole| *whole <= self.buffer.len()) {
                return Ok(Some(self.buffer.split_to(whole).freeze()));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    pub(super) async fn send(&mut self, messages: &[Bytes]) -> io::Result<()> {
        for message in messages {
            self.stream.write_all(message).await?;
        }
        self.stream.flush().await
    }
}

/// Whether this message of the database ends its response.
pub(super) fn is_ready(message: &[u8]) -> bool {
    message.first() == Some(&b'Z')
}

/// Whether the database responds to a message with a response that ends in `ReadyForQuery`.
pub(super) fn is_answered(message: &[u8]) -> bool {
    matches!(message.first(), Some(b'Q' | b'S'))
}

/// Whether a message is one of several that the database responds to together: Parse, Bind, Describe, Execute, Close.
pub(super) fn is_continued(message: &[u8]) -> bool {
    matches!(message.first(), Some(b'P' | b'B' | b'D' | b'E' | b'C'))
}

/// A statement that the database refuses with this SQLSTATE, in whatever state the connection is.
pub(super) fn refused(sqlstate: &str) -> Bytes {
    let text = format!(
        "DO $$BEGIN RAISE EXCEPTION 'refused by the proxy' USING ERRCODE = '{sqlstate}'; END$$\0"
    );
    let length = u32::try_from(text.len() + HEAD - LENGTH_AT)
        .unwrap_or(u32::MAX)
        .to_be_bytes();
    [b"Q".as_slice(), &length, text.as_bytes()].concat().into()
}

/// The statements that a connection has prepared: their text by their name.
#[derive(Debug, Default)]
pub(super) struct Prepared(HashMap<String, String>);

impl Prepared {
    /// The text of the statement that a message of the client has the database execute, if it does.
    pub(super) fn executed(&mut self, message: &[u8]) -> Option<String> {
        let mut texts = message
            .get(HEAD..)?
            .split(|byte| *byte == 0)
            .map(String::from_utf8_lossy);
        let mut text = || texts.next().unwrap_or_default().into_owned();
        match message.first()? {
            b'Q' => Some(text()),
            b'P' => {
                let (name, statement) = (text(), text());
                self.0.insert(name, statement);
                None
            }
            b'B' => {
                let (_portal, name) = (text(), text());
                self.0.get(&name).cloned()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 4)
            .expect("short")
            .to_be_bytes();
        [&[kind], length.as_slice(), content].concat()
    }

    #[test]
    fn prepared_statement_is_found_by_name() {
        let mut prepared = Prepared::default();
        assert_eq!(
            prepared.executed(&message(b'P', b"one\0SELECT 1\0\0\0")),
            None
        );
        assert_eq!(
            prepared.executed(&message(b'P', b"two\0SELECT 2\0\0\0")),
            None
        );
        assert_eq!(
            prepared.executed(&message(b'B', b"\0one\0\0\0")).as_deref(),
            Some("SELECT 1")
        );
        assert_eq!(prepared.executed(&message(b'E', b"\0\0\0\0\0")), None);
        assert_eq!(
            prepared.executed(&message(b'Q', b"COMMIT\0")).as_deref(),
            Some("COMMIT")
        );
    }

    #[tokio::test]
    async fn messages_are_split_at_every_cut() -> io::Result<()> {
        let (mut sender, receiver) = tokio::io::duplex(1);
        let sent = [message(b'Q', b"COMMIT\0"), message(b'S', b"")].concat();
        let sending = tokio::spawn(async move { sender.write_all(&sent).await });
        let mut peer = Peer::new(receiver);
        assert_eq!(
            peer.message().await?.as_deref(),
            Some(&message(b'Q', b"COMMIT\0")[..])
        );
        assert_eq!(
            peer.message().await?.as_deref(),
            Some(&message(b'S', b"")[..])
        );
        assert_eq!(peer.message().await?, None);
        sending.await?
    }
}
