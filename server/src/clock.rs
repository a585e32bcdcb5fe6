//! The clock. Operations read it once, and hand the reading on.

use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Variable that names a file with the seconds by which the clock is to go ahead: a test moves the time by writing it.
/// Release builds do not read it. The requests that the AWS SDK makes keep the real time.
pub const OFFSET_FILE_VARIABLE: &str = "RESTOW_CLOCK_OFFSET_FILE";

/// Variable that names a file with the seconds by which the clocks of PostgreSQL and S3 seem to go ahead. With the same
/// file as [`OFFSET_FILE_VARIABLE`], the time of the whole deployment moves; without it, the process's clock is wrong.
pub const DEPENDENCY_OFFSET_FILE_VARIABLE: &str = "RESTOW_DEPENDENCY_CLOCK_OFFSET_FILE";

/// The time of this process, in the microseconds that every database keeps.
pub fn now() -> DateTime<Utc> {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let now = Utc::now().trunc_subsecs(6);
    if cfg!(debug_assertions) {
        now + offset(&FILE, OFFSET_FILE_VARIABLE)
    } else {
        now
    }
}

/// The time that a dependency says, as a test sets it; release builds return it as it is.
pub fn of_dependency(time: DateTime<Utc>) -> DateTime<Utc> {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    if cfg!(debug_assertions) {
        time + offset(&FILE, DEPENDENCY_OFFSET_FILE_VARIABLE)
    } else {
        time
    }
}

/// The seconds in the file that the variable names; none where it names no file.
fn offset(file: &OnceLock<Option<PathBuf>>, variable: &str) -> TimeDelta {
    let file = file.get_or_init(|| std::env::var_os(variable).map(PathBuf::from));
    let text = file
        .as_ref()
        .and_then(|file| std::fs::read_to_string(file).ok());
    text.and_then(|text| text.trim().parse().ok())
        .map_or(TimeDelta::zero(), TimeDelta::seconds)
}
