//! The contract of Restow: its operations as a trait, their types, and the document that is derived from both.
//!
//! - [`api`] declares the operations; the server implements them.
//! - [`dataset`], [`reupload`], [`job`], [`part`], [`preview`], [`version`] and [`page`] are its nouns.
//! - [`request`], [`idempotency`] and [`validation`] parse a request and report all its faults at once; [`response`] and
//!   [`error`] are what is sent back.
//! - [`document`] is the published `openapi.json`.

pub mod api;
pub mod dataset;
pub mod document;
pub mod error;
pub mod failures;
pub mod idempotency;
pub mod job;
pub mod page;
pub mod part;
pub mod preview;
pub mod request;
pub mod response;
pub mod reupload;
mod string_enum;
pub mod validation;
pub mod version;

pub use api::{RestowApi, restow_api_mod};
pub use preview::{Column, ColumnChange, ColumnType, Preview, SchemaDiff};
pub use response::{ApiResponse, Created, NoContent, ResponseHead};
