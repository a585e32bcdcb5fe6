//! The worker: takes jobs that are due and brings them on. Any number of them share one database.

mod inspect;
mod listen;
mod schedule;

pub use listen::listen;
pub use schedule::run;
