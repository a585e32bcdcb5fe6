//! The native module of the Python package `restow`.
//!
//! The package's classes are Python (`python/restow`); this crate runs their operations with the SDK. An operation
//! comes as JSON (`operation`), is run on a background runtime (`engine`, `execute`, and a module for each noun), and returns JSON or bytes;
//! errors become documents with the name of a Python class (`failure`). `module` is the only part that knows Python,
//! and is compiled only with the feature `extension`, so that the workspace builds without Python.

pub mod context;
pub mod dataset;
pub mod engine;
pub mod execute;
pub mod failure;
pub mod job;
#[cfg(feature = "extension")]
mod module;
pub mod operation;
pub mod pull;
pub mod push;
pub mod reporter;
