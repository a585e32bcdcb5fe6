//! The Restow server: plans uploads, signs URLs, and makes uploaded objects the versions of datasets.
//!
//! A request comes in through [`http`], which knows the API and nothing else, and continues in the noun that it is
//! about: [`dataset`], [`reupload`], [`part`], [`job`], [`preview`], [`version`]. They work with an [`app::App`]:
//! the [`store`], the only place with SQL, and the [`storage`], the only place that sends requests to S3.
//!
//! In the background, the [`worker`] inspects uploaded objects and the [`reaper`] removes abandoned ones.
//! [`cli`] puts a process together.

mod abort;
pub mod app;
pub mod cli;
pub mod clock;
pub mod crash;
pub mod dataset;
pub mod doctor;
pub mod error;
pub mod fsck;
pub mod health;
pub mod http;
pub mod idempotency;
mod inspection;
pub mod job;
pub mod lease;
pub mod metrics;
pub mod ownership;
mod page;
pub mod part;
pub mod plan;
pub mod preview;
pub mod quota;
pub mod reaper;
pub mod reupload;
pub mod service;
pub mod storage;
pub mod store;
pub mod supervision;
pub mod token;
pub mod verdict;
pub mod version;
pub mod worker;
