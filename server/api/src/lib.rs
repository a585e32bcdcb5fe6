//! The contract of Restow: its operations as a trait, their types, and the document that is derived from both.
//!
//! - [`api`] declares the operations; the server implements them.
//! - [`dataset`], [`reupload`], [`job`], [`part`], [`preview`], [`version`] and [`page`] are what they speak of.
//! - [`request`] and [`validation`] read a request and name all its faults at once; [`answer`] and [`error`] are
//!   what comes back.
//! - [`document`] is the published `openapi.json`.

pub mod answer;
pub mod api;
pub mod dataset;
pub mod document;
pub mod error;
pub mod failures;
pub mod job;
pub mod page;
pub mod part;
pub mod preview;
pub mod request;
pub mod reupload;
mod string_enum;
pub mod validation;
pub mod version;

pub use answer::{Answer, Answered, Created, NoContent};
pub use api::{RestowApi, restow_api_mod};
pub use preview::{Column, ColumnChange, ColumnType, Preview, SchemaDiff};
