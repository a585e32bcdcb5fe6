//! Inspections of objects: by a worker that claims them from the queue, or, for small objects, within the request that
//! completes the upload.

mod capacity;
mod counters;
mod inline;
mod object_source;
mod options;
mod queued;
mod reader;
mod record;

pub use capacity::{InlineInspections, MAX_CONTENT};
pub use inline::{Fetched, Outcome, Reservation, inspect_fetched};
pub use queued::inspect_job;
