//! The Restow server: plans uploads, signs URLs, and makes uploaded objects the versions of datasets.
//!
//! A request comes in through [`http`], which knows the API and nothing else, and goes on to the noun that it is
//! about: [`dataset`], [`reupload`], [`part`], [`job`], [`preview`], [`version`]. They work with an [`app::App`]:
//! the [`store`], which is the only place that says SQL, and the [`storage`], which is the only place that speaks S3.
//!
//! Beside requests, the [`worker`] inspects what was uploaded and the [`reaper`] removes what was left behind.
//! [`cli`] puts a process together.

pub mod app;
mod bucket_owner;
pub mod cli;
pub mod clock;
pub mod crash;
pub mod dataset;
pub mod error;
pub mod health;
pub mod http;
mod inspection;
pub mod job;
pub mod lease;
pub mod metrics;
mod page;
pub mod part;
pub mod plan;
pub mod preview;
pub mod quota;
pub mod reaper;
pub mod reupload;
pub mod storage;
pub mod store;
mod sweep;
pub mod token;
pub mod version;
pub mod worker;
