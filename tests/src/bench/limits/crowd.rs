//! Clients that send requests, alone and beside silent connections.

use std::path::Path;

use anyhow::{Context, Result};
use futures::future::{join, try_join};
use restow_server::cli::raise_limit;

use super::arguments::Arguments;
use super::reader::{Connecting, Reader};
use super::result::{Results, Taken};
use super::served::{Served, served};
use super::silence::{Sent, Silence};
use crate::bench::database::Database;
use crate::bench::restow::{Principal, Restow};
use crate::bench::stores::Stores;

/// The server, whose limits are its own defaults but for the time that connections may be silent.
struct Site<'a> {
    restow: Restow,
    principal: Principal,
    arguments: &'a Arguments,
}

/// What became of the requests of the clients, in the order of [`Connecting::ALL`].
type Clients = [Served; 2];

/// Opens silent connections of each kind in turn, and reads beside them.
///
/// # Errors
/// If the server does not start, or does not report its connections and memory.
pub async fn measure(
    executable: &Path,
    stores: &Stores,
    arguments: &Arguments,
    results: &mut Results,
) -> Result<()> {
    raise_limit();
    let idle_timeout = format!("{}s", arguments.idle_timeout().as_secs());
    let variables = [("RESTOW_IDLE_TIMEOUT", idle_timeout.as_str())];
    let place = (Database::Postgres, "crowded");
    let restow = Restow::start(executable, stores, place, &variables)?;
    let site = Site {
        principal: restow.create_principal("reader").await?,
        restow,
        arguments,
    };
    for round in 0..=arguments.rounds {
        for sent in Sent::ALL {
            stores.wait_until_idle(site.restow.tree).await;
            let alone = site.read().await?;
            let (beside, taken) = site.read_beside(sent).await?;
            // The first round brings everything to work and is not counted.
            if round > 0 {
                results.add_silence(sent, &taken);
                for (number, connecting) in Connecting::ALL.into_iter().enumerate() {
                    let clients = [&alone[number], &beside[number]];
                    results.add_reader((sent, connecting), clients);
                }
            }
        }
    }
    Ok(())
}

impl Site<'_> {
    async fn read(&self) -> Result<Clients> {
        let [once, each_time] = self.readers().await?;
        self.served(once, each_time).await
    }

    /// Reads from the moment on in which silent connections begin to be opened, and waits until those are closed.
    async fn read_beside(&self, sent: Sent) -> Result<(Clients, Taken)> {
        let memory_before = self.memory()?;
        let [once, each_time] = self.readers().await?;
        let number = self.arguments.silent_connections;
        let opening = Silence::open(self.restow.address, number, sent);
        let (silence, clients) = join(opening, self.served(once, each_time)).await;
        let taken = Taken {
            opened: silence.number(),
            opening: silence.opening,
            open: self.restow.metric("restow_connections").await?,
            memory_before,
            memory: self.memory()?,
            // The last one is open for as long as it may be silent.
            closing: silence
                .until_closed(4 * self.arguments.idle_timeout())
                .await,
        };
        Ok((clients?, taken))
    }

    /// Clients that have connected.
    async fn readers(&self) -> Result<[Reader; 2]> {
        let connect =
            |connecting| Reader::connect(self.restow.address, &self.principal, connecting);
        let (once, each_time) =
            try_join(connect(Connecting::Once), connect(Connecting::EachTime)).await?;
        Ok([once, each_time])
    }

    async fn served(&self, once: Reader, each_time: Reader) -> Result<Clients> {
        let (pace, lasting) = (self.arguments.pace(), self.arguments.lasting());
        let reading = try_join(
            served(once, pace, lasting),
            served(each_time, pace, lasting),
        );
        Ok(reading.await?.into())
    }

    fn memory(&self) -> Result<f64> {
        let resident = self.restow.tree.resident();
        resident.context("the system does not report the memory of processes")
    }
}
