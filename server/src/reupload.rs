//! Reuploads: requested, completed.

mod assemble;
mod attempt;
mod complete;
mod multipart;
mod object_key;
mod presigned;
mod reconcile;
mod refuse;
mod repeat;
mod request;

pub use assemble::resume;
pub use complete::complete;
pub use multipart::ensure_upload;
pub use request::request;
