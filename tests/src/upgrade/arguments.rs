//! The arguments of the drill, whose defaults are those of `cargo xtask upgrade-drill`.

use std::path::PathBuf;

use clap::Parser;
use clap::value_parser;

/// Replaces servers of an earlier release while clients upload, and verifies that no request failed and nothing is lost
#[derive(Debug, Parser)]
#[command(bin_name = "system upgrade-drill")]
pub struct Arguments {
    /// Program `restow-server` of the earlier release
    #[arg(long, value_name = "PATH")]
    pub(super) old_server: PathBuf,
    /// Number of upgrades, each on a new database and bucket
    #[arg(long, value_name = "NUMBER", value_parser = value_parser!(u32).range(1..))]
    pub(super) rounds: u32,
    /// Number of clients that push
    #[arg(long, value_name = "NUMBER", value_parser = value_parser!(u32).range(1..))]
    pub(super) clients: u32,
}
