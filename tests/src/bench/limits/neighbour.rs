//! The quiet principal, alone and beside the noisy one, on a server with rate limits and on one without.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::arguments::Arguments;
use super::noise::{Noise, Rates};
use super::result::{Limits, Results};
use super::served::{Served, served};
use crate::bench::database::Database;
use crate::bench::restow::{Principal, Restow};
use crate::bench::serve::operation::{Client, Operation};
use crate::bench::stores::Stores;

/// What the quiet principal requests.
const OPERATIONS: [Operation; 2] = [Operation::Read, Operation::Single];

/// How long the noisy principal sends before anything is measured: what a limit admits at once is then used up.
const LEAD: Duration = Duration::from_secs(1);

/// A server with both principals.
struct Neighbours<'a> {
    stores: &'a Stores,
    restow: Restow,
    limits: Limits,
    quiet: Principal,
    noisy: Principal,
}

/// Measures both operations on both servers in turn.
///
/// # Errors
/// If a server does not start, or a request of the noisy principal fails without being refused.
pub async fn measure(
    executable: &Path,
    stores: &Stores,
    arguments: &Arguments,
    results: &mut Results,
) -> Result<()> {
    let mut servers = Vec::new();
    for limits in [Limits::Set, Limits::None] {
        servers.push(Neighbours::start(executable, stores, arguments, limits).await?);
    }
    for round in 0..=arguments.rounds {
        for neighbours in &servers {
            for operation in OPERATIONS {
                let alone_first = round % 2 == 1;
                let compared = neighbours.compare(operation, arguments, alone_first);
                let (alone, beside, rates) = compared.await?;
                // The first round brings everything to work and is not counted.
                if round > 0 {
                    let of = (operation, neighbours.limits);
                    results.add_neighbour(of, [&alone, &beside], rates);
                }
            }
        }
        servers.reverse();
    }
    Ok(())
}

impl<'a> Neighbours<'a> {
    async fn start(
        executable: &Path,
        stores: &'a Stores,
        arguments: &Arguments,
        limits: Limits,
    ) -> Result<Self> {
        let rates = [
            ("RESTOW_PRINCIPAL_RATE", arguments.principal_rate.as_str()),
            ("RESTOW_ADDRESS_RATE", arguments.address_rate.as_str()),
        ];
        let none = [("RESTOW_NO_RATE_LIMITS", "true")];
        let (name, variables) = match limits {
            Limits::Set => ("limited", &rates[..]),
            Limits::None => ("unlimited", &none[..]),
        };
        let place = (Database::Postgres, name);
        let restow = Restow::start(executable, stores, place, variables)?;
        Ok(Self {
            stores,
            limits,
            quiet: restow.create_principal("quiet").await?,
            noisy: restow.create_principal("noisy").await?,
            restow,
        })
    }

    /// The quiet principal alone, and beside the noisy one with what became of that one's requests, in either order.
    async fn compare(
        &self,
        operation: Operation,
        arguments: &Arguments,
        alone_first: bool,
    ) -> Result<(Served, Served, Rates)> {
        let alone = self.alone(operation, arguments);
        let beside = self.beside(operation, arguments);
        if alone_first {
            let alone = alone.await?;
            let (beside, rates) = beside.await?;
            return Ok((alone, beside, rates));
        }
        let (beside, rates) = beside.await?;
        Ok((alone.await?, beside, rates))
    }

    async fn alone(&self, operation: Operation, arguments: &Arguments) -> Result<Served> {
        self.stores.wait_until_idle(self.restow.tree).await;
        self.quiet(operation, arguments).await
    }

    async fn beside(&self, operation: Operation, arguments: &Arguments) -> Result<(Served, Rates)> {
        self.stores.wait_until_idle(self.restow.tree).await;
        let address = self.restow.address;
        let mut noise = Noise::start(address, &self.noisy, arguments.connections).await?;
        tokio::select! {
            () = sleep(LEAD) => {}
            error = noise.failure() => return Err(error),
        }
        let before = noise.count();
        let served = tokio::select! {
            served = self.quiet(operation, arguments) => served?,
            error = noise.failure() => return Err(error),
        };
        Ok((served, noise.rates_since(&before)))
    }

    async fn quiet(&self, operation: Operation, arguments: &Arguments) -> Result<Served> {
        let Principal { token, dataset } = &self.quiet;
        let service = (self.restow.address, token.as_str());
        let s3 = self.stores.s3_address();
        let client = Client::connect(operation, service, s3, dataset).await?;
        served(client, arguments.pace(), arguments.lasting()).await
    }
}
