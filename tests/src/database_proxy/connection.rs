//! One connection of a client, and the database's connection behind it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;

use super::fault::Fault;
use super::message::{Peer, Prepared, is_answered, is_continued, is_ready, refused};
use super::shared::{Line, Shared};

/// Forwards messages between a client and the database until one of them, or a fault, ends the connection.
pub(super) async fn relay(shared: Arc<Shared>, client: TcpStream) -> Result<()> {
    let mut line = shared.line.subscribe();
    let database = UnixStream::connect(&shared.socket).await?;
    let mut connection = Connection {
        client: Peer::new(client),
        database: Peer::new(database),
        prepared: Prepared::default(),
        pending: Vec::new(),
        statement: None,
        // The database sends `ReadyForQuery` once the connection is made.
        unanswered: 1,
    };
    tokio::select! {
        ended = connection.run(&shared, line.clone()) => ended,
        () = turns(&mut line, |line| line == Line::Cut) => bail!("all are cut"),
    }
}

async fn turns(line: &mut watch::Receiver<Line>, wanted: impl Fn(Line) -> bool) {
    // Without a proxy there is no connection either.
    let _ = line.wait_for(|line| wanted(*line)).await;
}

struct Connection {
    client: Peer<TcpStream>,
    database: Peer<UnixStream>,
    prepared: Prepared,
    /// Messages of the client that are sent to the database together.
    pending: Vec<Bytes>,
    /// The statement that this executes.
    statement: Option<String>,
    /// How many `ReadyForQuery` messages the database still has to send.
    unanswered: usize,
}

impl Connection {
    async fn run(&mut self, shared: &Shared, mut line: watch::Receiver<Line>) -> Result<()> {
        turns(&mut line, |line| line == Line::Open).await;
        let startup = self.client.startup().await?.context("no startup message")?;
        self.database.send(&[startup]).await?;
        loop {
            turns(&mut line, |line| line == Line::Open).await;
            tokio::select! {
                biased;
                _ = line.changed() => {}
                message = self.client.message() => self.receive(message?.context("the client has closed the connection")?, shared).await?,
                message = self.database.message() => {
                    let message = self.note(message?.context("the database has closed the connection")?);
                    self.client.send(&[message]).await?;
                }
            }
        }
    }

    /// Takes a message of the client.
    async fn receive(&mut self, message: Bytes, shared: &Shared) -> Result<()> {
        if let Some(statement) = self.prepared.executed(&message) {
            self.statement = Some(statement);
        }
        let is_continued = is_continued(&message);
        let answered = usize::from(is_answered(&message));
        shared.round_trips.fetch_add(answered, Ordering::Relaxed);
        self.pending.push(message);
        if is_continued {
            return Ok(());
        }
        match self
            .statement
            .take()
            .and_then(|statement| shared.meet(statement))
        {
            None => self.pass_on().await,
            Some(Fault::Refuse(sqlstate)) => {
                self.pending = vec![refused(sqlstate)];
                self.pass_on().await
            }
            Some(Fault::Cut) => bail!("cut"),
            Some(Fault::Hang) => {
                while self.client.message().await?.is_some() {}
                bail!("the client has closed the connection")
            }
            Some(Fault::LoseReply) => {
                self.pass_on().await?;
                self.responses().await?;
                bail!("the reply is lost")
            }
            Some(Fault::Hold(gate)) => {
                self.pass_on().await?;
                let responses = self.responses().await?;
                gate.wait().await;
                Ok(self.client.send(&responses).await?)
            }
        }
    }

    async fn pass_on(&mut self) -> Result<()> {
        self.unanswered += self
            .pending
            .iter()
            .filter(|message| is_answered(message))
            .count();
        Ok(self
            .database
            .send(&std::mem::take(&mut self.pending))
            .await?)
    }

    /// All messages of the database until it has responded to every pending message.
    async fn responses(&mut self) -> Result<Vec<Bytes>> {
        let mut responses = Vec::new();
        while self.unanswered > 0 {
            let message = self
                .database
                .message()
                .await?
                .context("the database has closed the connection")?;
            responses.push(self.note(message));
        }
        Ok(responses)
    }

    fn note(&mut self, message: Bytes) -> Bytes {
        self.unanswered = self
            .unanswered
            .saturating_sub(usize::from(is_ready(&message)));
        message
    }
}
