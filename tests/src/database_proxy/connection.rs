//! One connection of a client, and the database's connection behind it.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;

use super::fault::Fault;
use super::message::{Peer, Prepared, is_answered, is_continued, is_ready, refused};
use super::shared::{Line, Shared};

/// Passes on what a client and the database say to each other, until one of them ends it, or a fault does.
pub(super) async fn relay(shared: Arc<Shared>, client: TcpStream) -> Result<()> {
    let mut line = shared.line.subscribe();
    let database = UnixStream::connect(&shared.socket).await?;
    let mut connection = Connection {
        client: Peer::new(client),
        database: Peer::new(database),
        prepared: Prepared::default(),
        asked: Vec::new(),
        statement: None,
        // The database says that it is ready once the connection is made.
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
    /// What the client has said and the database is to answer as a whole.
    asked: Vec<Bytes>,
    /// The statement that this executes.
    statement: Option<String>,
    /// How often the database still has to say that it is ready.
    unanswered: usize,
}

impl Connection {
    async fn run(&mut self, shared: &Shared, mut line: watch::Receiver<Line>) -> Result<()> {
        turns(&mut line, |line| line == Line::Open).await;
        let startup = self.client.startup().await?.context("nothing was said")?;
        self.database.send(&[startup]).await?;
        loop {
            turns(&mut line, |line| line == Line::Open).await;
            tokio::select! {
                biased;
                _ = line.changed() => {}
                message = self.client.message() => self.ask(message?.context("the client is gone")?, shared).await?,
                message = self.database.message() => {
                    let message = self.note(message?.context("the database is gone")?);
                    self.client.send(&[message]).await?;
                }
            }
        }
    }

    /// Takes a message of the client.
    async fn ask(&mut self, message: Bytes, shared: &Shared) -> Result<()> {
        if let Some(statement) = self.prepared.executed(&message) {
            self.statement = Some(statement);
        }
        let is_continued = is_continued(&message);
        self.asked.push(message);
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
                self.asked = vec![refused(sqlstate)];
                self.pass_on().await
            }
            Some(Fault::Cut) => bail!("cut"),
            Some(Fault::Hang) => {
                while self.client.message().await?.is_some() {}
                bail!("the client has given up")
            }
            Some(Fault::LoseReply) => {
                self.pass_on().await?;
                self.answers().await?;
                bail!("the reply is lost")
            }
            Some(Fault::Hold(gate)) => {
                self.pass_on().await?;
                let answers = self.answers().await?;
                gate.wait().await;
                Ok(self.client.send(&answers).await?)
            }
        }
    }

    async fn pass_on(&mut self) -> Result<()> {
        self.unanswered += self
            .asked
            .iter()
            .filter(|message| is_answered(message))
            .count();
        Ok(self.database.send(&std::mem::take(&mut self.asked)).await?)
    }

    /// Everything that the database says until it has answered all that it was asked.
    async fn answers(&mut self) -> Result<Vec<Bytes>> {
        let mut answers = Vec::new();
        while self.unanswered > 0 {
            let message = self
                .database
                .message()
                .await?
                .context("the database is gone")?;
            answers.push(self.note(message));
        }
        Ok(answers)
    }

    fn note(&mut self, message: Bytes) -> Bytes {
        self.unanswered = self
            .unanswered
            .saturating_sub(usize::from(is_ready(&message)));
        message
    }
}
