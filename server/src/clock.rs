//! The clock. Operations read it once, and hand the reading on.

use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Variable that names a file with the seconds by which the clock is to go ahead: a test moves the time by writing it.
/// Release builds do not read it. The requests that the AWS SDK makes keep the real time.
pub const OFFSET_FILE_VARIABLE: &str = "RESTOW_CLOCK_OFFSET_FILE";

/// The time, in the microseconds that every database keeps.
pub fn now() -> DateTime<Utc> {
    let now = Utc::now().trunc_subsecs(6);
    if cfg!(debug_assertions) {
        now + offset()
    } else {
        now
    }
}

/// By how much the clock is to go ahead; nothing where no file says so.
fn offset() -> TimeDelta {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let file = FILE.get_or_init(|| std::env::var_os(OFFSET_FILE_VARIABLE).map(PathBuf::from));
    let text = file
        .as_ref()
        .and_then(|file| std::fs::read_to_string(file).ok());
    text.and_then(|text| text.trim().parse().ok())
        .map_or(TimeDelta::zero(), TimeDelta::seconds)
}
