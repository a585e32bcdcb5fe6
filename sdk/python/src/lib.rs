//! The native module of the Python package `restow`.
//!
//! The package's classes are Python (`python/restow`); this crate runs their operations with the SDK. An operation
//! comes as JSON (`operation`), is run on a background runtime (`engine`, `execute`, and a module for each noun), and returns JSON or bytes;
//! errors become documents with the name of a Python class (`failure`). A stream of events is kept between the calls that
//! take one event each (`following`). `module` is the only part that knows Python, and is compiled only with the feature
//! `extension`, so that the workspace builds without Python.

pub mod argument;
pub mod context;
pub mod dataset;
pub mod engine;
pub mod event;
pub mod execute;
pub mod failure;
pub mod following;
pub mod grant;
pub mod job;
pub mod list;
#[cfg(feature = "extension")]
mod module;
pub mod operation;
pub mod pull;
pub mod push;
pub mod reporter;
pub mod token;
pub mod trust;
pub mod webhook;
