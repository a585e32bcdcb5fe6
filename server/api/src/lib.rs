//! The contract of Restow: its operations as a trait, their types, and the document that is derived from both.
//!
//! - [`api`] declares the operations; the server implements them.
//! - [`dataset`], [`policy`], [`reupload`], [`job`], [`part`], [`read_options`], [`preview`], [`mod@column`], [`finding`], [`diff`],
//!   [`version`], [`token`], [`scope`], [`grant`], [`trust`] and [`page`] are its nouns.
//! - [`right`] is the table of what each operation demands of its caller.
//! - [`request`], [`idempotency`] and [`validation`] parse a request and report all its faults at once; [`response`] and
//!   [`error`] are what is sent back.
//! - [`document`] is the published `openapi.json`.

pub mod api;
pub mod column;
pub mod dataset;
pub mod diff;
pub mod document;
pub mod error;
pub mod event;
pub mod failures;
pub mod finding;
pub mod grant;
pub mod idempotency;
pub mod job;
pub mod page;
pub mod part;
pub mod policy;
pub mod preview;
pub mod read_options;
pub mod request;
pub mod response;
pub mod reupload;
pub mod right;
pub mod scope;
mod string_enum;
pub mod token;
pub mod trust;
pub mod validation;
pub mod version;
pub mod webhook;

pub use api::{RestowApi, restow_api_mod};
pub use column::{Column, ColumnType, DistinctCount, Histogram, TopValue};
pub use diff::{Change, ChangeKind, SchemaDiff, Verdict};
pub use finding::{Finding, FindingType, Severity};
pub use policy::Policy;
pub use preview::Preview;
pub use read_options::{Compression, Format, ReadOptions};
pub use response::{
    ApiResponse, Created, DownloadResponse, Downloaded, Events, EventsResponse, NoContent,
    Rendered, ResponseHead,
};
