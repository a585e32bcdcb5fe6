//! The worker: claims jobs that are due and processes them. Any number of workers share one database.

mod bucket_check;
mod listen;
mod schedule;

pub use listen::listen;
pub use schedule::run;
