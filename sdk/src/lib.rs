//! SDK.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod generated;
