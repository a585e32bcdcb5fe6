//! The endpoint as its clients see it: over HTTP, through the AWS SDK and through presigned URLs.

mod aborted_bodies;
mod cors;
mod fixture;
mod keys;
mod listing;
mod log;
mod multipart;
mod objects;
mod parts;
mod races;
mod restart;
mod shutdown;
mod signatures;
