//! Reuploads: planned, requested, completed.

mod complete;
mod completion;
mod plan;
mod reconcile;
mod request;

pub use complete::complete;
pub use completion::resume;
pub use plan::{Plan, PlanLimits};
pub(crate) use request::extension;
pub use request::{ensure_upload, request, url_life};
