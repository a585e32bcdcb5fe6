//! The Restow server: plans uploads, signs URLs, and makes uploaded objects the versions of datasets.
//!
//! A request comes in through [`http`], which knows the API and nothing else, and continues in the noun that it is
//! about: [`dataset`], [`reupload`], [`part`], [`job`], [`preview`], [`version`], [`grant`], [`token`],
//! [`trust`], [`event`], [`webhook`]. The [`caller`] says who may do it, and the [`actor`] who did. They work with an [`app::App`]:
//! the [`store`], the only place with SQL, and the [`storage`], the only place that sends requests to S3.
//!
//! In the background, the [`worker`] inspects uploaded objects and the [`reaper`] removes abandoned ones.
//! [`cli`] puts a process together.

mod abort;
pub mod actor;
pub mod app;
pub mod caller;
pub mod cli;
pub mod clock;
pub mod crash;
pub mod dataset;
pub mod doctor;
pub mod error;
pub mod event;
pub mod fsck;
pub mod grant;
pub mod health;
pub mod http;
pub mod idempotency;
pub mod identity;
mod inspection;
pub mod job;
pub mod lease;
pub mod metrics;
mod observation;
pub mod oidc;
pub mod ownership;
mod page;
pub mod part;
pub mod plan;
pub mod preview;
pub mod quota;
pub mod rate_limit;
pub mod reaper;
pub mod reupload;
pub mod service;
pub mod storage;
pub mod store;
pub mod supervision;
pub mod tls;
pub mod token;
mod trace;
pub mod trust;
pub mod verdict;
pub mod version;
pub mod webhook;
pub mod worker;
