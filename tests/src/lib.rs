//! Whole systems to drive: the real server as a process of its own, reached through the SDK.

pub mod balancer;
pub mod bench;
pub mod bucket;
pub mod database_proxy;
pub mod demo;
pub mod fault_proxy;
mod gate;
pub mod invariants;
pub mod monitoring;
pub mod otlp_collector;
mod ports;
pub mod postgres;
mod rules;
pub mod s3_server;
pub mod server_process;
pub mod tls_front;
pub mod torture;
pub mod upgrade;
pub mod web_proxy;
pub mod worker_process;

pub use balancer::Balancer;
pub use bucket::{Bucket, BucketPlace};
pub use database_proxy::DatabaseProxy;
pub use fault_proxy::FaultProxy;
pub use gate::{Gate, Held};
pub use otlp_collector::{OtlpCollector, Span};
pub use postgres::Postgres;
pub use s3_server::{S3Server, SharedS3Server};
pub use server_process::{ServerOptions, ServerProcess};
pub use tls_front::{Authority, TlsFront};
pub use web_proxy::{Conduct, WebProxy};
pub use worker_process::WorkerProcess;

/// The README's Rust has to compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
