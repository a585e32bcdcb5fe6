//! Room on the disk, so that a run does not fail in its last minutes for lack of it.

use anyhow::{Context, Result, ensure};

use crate::workspace::target;

/// GiB that all stages take from cold: some 9 for what is built, and 11 for objects, of which SeaweedFS frees few.
const FROM_COLD: u64 = 24;

/// GiB that they take where the programs have been built before.
const ONCE_BUILT: u64 = 14;

/// Makes sure that the disk of the target directory has room for all stages.
///
/// # Errors
/// If it has not.
pub fn ensure_for_all_stages() -> Result<()> {
    let target = target();
    let needed = if target.join("debug/deps").exists() {
        ONCE_BUILT
    } else {
        FROM_COLD
    };
    std::fs::create_dir_all(&target)
        .with_context(|| format!("{} cannot be created", target.display()))?;
    let disk = rustix::fs::statvfs(&target)
        .with_context(|| format!("the disk of {} cannot be examined", target.display()))?;
    let free = disk.f_bavail * disk.f_frsize / (1 << 30);
    ensure!(
        free >= needed,
        "the disk of {} has {free} GiB of room, and all stages need {needed}; remove what other builds have left, or set \
         CARGO_TARGET_DIR to a directory on another disk",
        target.display()
    );
    Ok(())
}
