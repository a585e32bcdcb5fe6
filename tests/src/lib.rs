//! Whole systems to drive: the real server as a process of its own, reached through the SDK.

pub mod demo;
pub mod fault_proxy;
pub mod postgres;
pub mod s3_server;
pub mod server_process;
pub mod worker_process;

pub use fault_proxy::FaultProxy;
pub use postgres::Postgres;
pub use s3_server::S3Server;
pub use server_process::{ServerOptions, ServerProcess};
pub use worker_process::WorkerProcess;

/// The README's Rust has to compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
