//! Points at which a test can make the process abort: at once, with nothing flushed and nothing released.
//!
//! [`VARIABLE`] names the point. Release builds do not read it, and nothing is left of the points in them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Variable that names the point at which the process is to die.
pub const VARIABLE: &str = "RESTOW_DIE_AT";

static CHOSEN: OnceLock<Point> = OnceLock::new();

/// Variable that names the background task that is to panic each time that it starts, or, with a number behind a colon,
/// the first times.
pub const PANIC_VARIABLE: &str = "RESTOW_PANIC_IN";

/// Declares the points, each with its name in the variable.
macro_rules! points {
    ($($(#[$doc:meta])+ $point:ident = $name:literal,)+) => {
        /// What has just been done, by step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Point { $($(#[$doc])+ $point,)+ }

        impl Point {
            /// Every point, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$point),+];

            /// The point's name in the variable.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$point => $name),+ }
            }
        }
    };
}

points! {
    /// The row of a job is written, and S3 knows nothing of it.
    RequestRowWritten = "request:row-written",
    /// S3 has created the upload, and its id is nowhere else.
    RequestUploadCreated = "request:upload-created",
    /// The id of the upload is in the row, and the client does not know of the job.
    RequestUploadRecorded = "request:upload-recorded",

    /// The completion is claimed by the request for it.
    CompleteClaimed = "complete:claimed",
    /// S3 has listed the parts, and they are those of the plan.
    CompletePartsListed = "complete:parts-listed",
    /// The row says that the request is sent to S3, which it is not yet.
    CompleteAskedNoted = "complete:asked-noted",
    /// S3 has responded, and the object has not been looked for.
    CompleteAnswered = "complete:answered",
    /// The object is seen, and the row does not say so.
    CompleteObjectSeen = "complete:object-seen",
    /// The row says that the object is to be inspected, and the client has no response.
    CompleteFinished = "complete:finished",
    /// The completion that another process began is claimed by a worker.
    ResumeClaimed = "resume:claimed",

    /// The completion is to be refused, and nothing is done about it.
    RefuseDecided = "refuse:decided",
    /// A new upload is created in the place of a lost one, and its id is nowhere else.
    RefuseUploadCreated = "refuse:upload-created",
    /// The job waits for its upload again, and the client has no response.
    RefuseReturned = "refuse:returned",

    /// The inspection is claimed.
    InspectClaimed = "inspect:claimed",
    /// A part of the object is read, of those that are larger than a few megabytes.
    InspectReading = "inspect:reading",
    /// The inspection is over, and its result is nowhere else.
    InspectDone = "inspect:done",
    /// The result is in the database.
    InspectWritten = "inspect:written",

    /// The version is written, in a transaction that is not committed.
    CommitPending = "commit:pending",
    /// The version is the current one, and the client has no response.
    CommitDone = "commit:done",
    /// Another version is made the current one, in a transaction that is not committed.
    RestorePending = "restore:pending",
    /// Another version is the current one, and the client has no response.
    RestoreDone = "restore:done",
    /// The job is cancelled, and the client has no response.
    CancelDone = "cancel:done",

    /// A job is expired, and all of it is still in S3.
    ReapJobExpired = "reap:job-expired",
    /// The uploads of a job that ended without a version are aborted, and its object is still there.
    ReapUploadsAborted = "reap:uploads-aborted",
    /// Uploads and object of such a job are gone, and the row does not say so.
    ReapObjectDeleted = "reap:object-deleted",
    /// A version is retired, and its object is still there.
    ReapVersionRetired = "reap:version-retired",
    /// The object of a version that is over is gone, and its row is still there.
    ReapVersionObjectDeleted = "reap:version-object-deleted",
    /// An upload that no job knows of is aborted.
    SweepUploadAborted = "sweep:upload-aborted",
    /// The marker is written to the bucket, and not yet read back.
    SweepMarkerWritten = "sweep:marker-written",
    /// The database is at the next generation, and the marker in the bucket is not.
    SweepGenerationAdvanced = "sweep:generation-advanced",
}

/// Reads at which point the process is to die.
///
/// # Errors
/// If the variable names no point.
pub fn arm() -> Result<(), String> {
    let chosen = if cfg!(debug_assertions) {
        std::env::var_os(VARIABLE)
    } else {
        None
    };
    let Some(name) = chosen else { return Ok(()) };
    let point = Point::ALL.iter().find(|point| name == point.name());
    let point =
        point.ok_or_else(|| format!("{VARIABLE} names no known point: {}", name.display()))?;
    CHOSEN.get_or_init(|| *point);
    Ok(())
}

/// Dies if the process is to die here.
#[inline]
pub fn at(point: Point) {
    if cfg!(debug_assertions) && CHOSEN.get() == Some(&point) {
        eprintln!("died at {}", point.name());
        std::process::abort();
    }
}

/// Panics if the background task of this name is to. Release builds do not read the variable.
///
/// # Panics
/// If the variable names the task, and it is not over how often that is to be.
pub fn panic_in(task: &str) {
    static PANICS: AtomicU32 = AtomicU32::new(0);
    if !cfg!(debug_assertions) {
        return;
    }
    let Ok(chosen) = std::env::var(PANIC_VARIABLE) else {
        return;
    };
    let (name, times) = chosen.split_once(':').unwrap_or((&chosen, ""));
    let times = times.parse().unwrap_or(u32::MAX);
    assert!(
        name != task || PANICS.fetch_add(1, Ordering::Relaxed) >= times,
        "{PANIC_VARIABLE} names this task"
    );
}

/// What was said by a task or thread that panicked.
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn point_names_are_unique() {
        let names: std::collections::HashSet<_> =
            Point::ALL.iter().map(|point| point.name()).collect();
        assert_eq!(names.len(), Point::ALL.len());
    }
}
