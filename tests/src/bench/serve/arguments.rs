//! The arguments of the run.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use super::operation::Operation;
use crate::bench::report::Output;

/// Measures requests served by Restow, by a FastAPI service and by an axum service in turn
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench serve [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error. PostgreSQL, the \
                  S3 server and the load are on this machine, too.\n\nExample:\n  \
                  cargo xtask bench serve --seconds 1 --rounds 1 --operation read"
)]
pub struct Arguments {
    /// How long each service is under load for each operation in a round
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) seconds: u32,
    /// How many rounds there are
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) rounds: u32,
    /// Connections that send one request after another
    #[arg(short, long, value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(super) connections: u32,
    /// Only this operation; may be repeated
    #[arg(long = "operation", value_name = "NAME", value_enum)]
    pub(super) operations: Vec<Operation>,
    /// How the FastAPI service sends requests to S3
    #[arg(long, value_name = "LIBRARY", value_enum, default_value_t = S3Client::Aiobotocore)]
    pub(super) python_s3: S3Client,
    #[command(flatten)]
    pub(super) output: Output,
    #[command(flatten)]
    pub(super) peers: Peers,
}

/// What the FastAPI service sends requests to S3 with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum S3Client {
    /// boto3 in a pool of threads.
    Boto3,
    /// aiobotocore, without threads.
    Aiobotocore,
}

/// Where the other services are; `cargo xtask bench` sets them.
#[derive(Args, Debug)]
pub(super) struct Peers {
    #[arg(long, env = "RESTOW_BENCH_AXUM", hide = true)]
    pub(super) axum: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_UVICORN", hide = true)]
    pub(super) uvicorn: PathBuf,
    /// Directory of the application.
    #[arg(long, env = "RESTOW_BENCH_FASTAPI", hide = true)]
    pub(super) fastapi: PathBuf,
    /// What the services are made of.
    #[arg(long, env = "RESTOW_BENCH_VERSIONS", hide = true)]
    pub(super) versions: String,
    /// The tables of the services.
    #[arg(long, env = "RESTOW_BENCH_SCHEMA", hide = true)]
    pub(super) schema: PathBuf,
}
