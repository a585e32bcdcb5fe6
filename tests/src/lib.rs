//! Whole systems to drive: the real server as a process of its own, reached through the SDK.

pub mod demo;
pub mod postgres;
pub mod s3_server;
pub mod server_process;

pub use postgres::Postgres;
pub use s3_server::S3Server;
pub use server_process::{ServerOptions, ServerProcess};
