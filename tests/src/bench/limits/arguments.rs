//! The arguments of the run.

use std::time::Duration;

use clap::Parser;

use crate::bench::report::Output;

/// Measures what a noisy principal costs a quiet one, and what silent connections cost other clients
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench limits [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error. PostgreSQL, the \
                  S3 server and the load are on this machine, too.\n\nExample:\n  \
                  cargo xtask bench limits --seconds 1 --rounds 1 --silent-connections 500"
)]
pub struct Arguments {
    /// How long each measurement lasts
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// How many rounds there are
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) rounds: u32,
    /// Requests a second of each client that is measured, sent one after another
    #[arg(short, long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pace: u32,
    /// Connections of the noisy principal
    #[arg(short, long, value_name = "NUMBER", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(super) connections: u32,
    /// Requests that a principal may send, as COUNT/TIME; more than --pace, or the quiet one is refused
    #[arg(long, value_name = "RATE", default_value = "100/1s")]
    pub(super) principal_rate: String,
    /// Requests that an address may send, as COUNT/TIME
    #[arg(long, value_name = "RATE", default_value = "2000/1s")]
    pub(super) address_rate: String,
    /// Silent connections that are opened at once
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=25_000))]
    pub(super) silent_connections: u32,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Arguments {
    /// How long a measurement lasts.
    pub(super) fn lasting(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    /// Requests a second of a client that is measured.
    pub(super) fn pace(&self) -> f64 {
        self.pace.into()
    }

    /// How long a connection may be silent: longer than a measurement, so that the silent ones are open until its end.
    pub(super) fn idle_timeout(&self) -> Duration {
        2 * self.lasting()
    }
}
