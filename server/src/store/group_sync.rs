//! Durability of SQLite's commits: several that end at about the same time share one `fsync` of the write-ahead log.
//!
//! SQLite itself would sync the log within each commit (`synchronous = FULL`), so that the next one has to wait for the disk.
//! Here it writes the log without a sync (`NORMAL`, with which SQLite still syncs whatever a checkpoint relies on), and each
//! writer waits for a sync that began after its commit before its result is returned.

use std::fmt::{self, Debug, Formatter};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Writes everything that was committed before to the disk.
type Sync = dyn Fn() -> io::Result<()> + Send + std::marker::Sync;

/// The syncs of one database.
pub(super) struct GroupSync {
    sync: Arc<Sync>,
    /// Number of callers so far.
    requested: AtomicU64,
    state: tokio::sync::Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Callers that the last sync covered, the first ones.
    synced: u64,
    /// Why a sync failed.
    failure: Option<String>,
}

impl GroupSync {
    /// Syncs the write-ahead log of a database file.
    pub(super) fn of_file(file: &Path) -> Self {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let log = Log {
            path: PathBuf::from(log),
            directory: file.parent().map(Path::to_path_buf).unwrap_or_default(),
            known: Mutex::default(),
        };
        Self::new(move || log.sync())
    }

    fn new(sync: impl Fn() -> io::Result<()> + Send + std::marker::Sync + 'static) -> Self {
        Self {
            sync: Arc::new(sync),
            requested: AtomicU64::new(0),
            state: tokio::sync::Mutex::default(),
        }
    }

    /// How many callers there were, and how many of them have been served.
    #[cfg(test)]
    pub(super) async fn counts(&self) -> (u64, u64) {
        let state = self.state.lock().await;
        (self.requested.load(Ordering::SeqCst), state.synced)
    }

    /// Returns once what the caller has committed is on the disk.
    ///
    /// # Errors
    /// If the disk fails. From then on every call fails: the system may have dropped what it could not write, and a later
    /// sync that succeeds says nothing of it.
    pub(super) async fn wait(&self) -> io::Result<()> {
        let ticket = self.requested.fetch_add(1, Ordering::SeqCst) + 1;
        let mut state = self.state.lock().await;
        if state.failure.is_none() && state.synced < ticket {
            let covered = self.requested.load(Ordering::SeqCst);
            let sync = Arc::clone(&self.sync);
            match tokio::task::spawn_blocking(move || sync()).await {
                Ok(Ok(())) => state.synced = covered,
                Ok(Err(error)) => state.failure = Some(error.to_string()),
                Err(error) => state.failure = Some(error.to_string()),
            }
        }
        match &state.failure {
            None => Ok(()),
            Some(failure) => Err(io::Error::other(format!(
                "failed to write the database to the disk: {failure}; check the disk and restart the server"
            ))),
        }
    }
}

impl Debug for GroupSync {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GroupSync").finish_non_exhaustive()
    }
}

/// A write-ahead log.
struct Log {
    path: PathBuf,
    directory: PathBuf,
    /// The file whose entry in the directory is on the disk.
    known: Mutex<Option<u64>>,
}

impl Log {
    fn sync(&self) -> io::Result<()> {
        // Opened anew, since SQLite removes it with its last connection and makes another one.
        let log = match File::open(&self.path) {
            // What was in it is in the database, which SQLite has synced.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        log.sync_data()?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let file = log.metadata()?.ino();
        if *known != Some(file) {
            File::open(&self.directory)?.sync_all()?;
            *known = Some(file);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use futures::future::join_all;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn concurrent_commits_share_syncs() {
        const CALLERS: usize = 50;
        let (all_called, wait_for_all) = channel::<()>();
        let wait_for_all = Mutex::new(wait_for_all);
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        let group = Arc::new(GroupSync::new(move || {
            // The first sync lasts until every caller waits.
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                wait_for_all.lock().unwrap().recv().unwrap();
            }
            Ok(())
        }));
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let group = Arc::clone(&group);
                tokio::spawn(async move { group.wait().await })
            })
            .collect();
        while group.requested.load(Ordering::SeqCst) < CALLERS as u64 {
            tokio::task::yield_now().await;
        }
        all_called.send(()).unwrap();
        for outcome in join_all(callers).await {
            outcome.unwrap().unwrap();
        }
        let count = count.load(Ordering::SeqCst);
        assert!((2..CALLERS as u64).contains(&count), "{count} syncs");
        assert_eq!(group.counts().await, (CALLERS as u64, CALLERS as u64));
    }

    #[tokio::test]
    async fn sync_begins_after_its_commit() {
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        let group = GroupSync::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        for commits in 1..=3 {
            group.wait().await.unwrap();
            assert_eq!(count.load(Ordering::SeqCst), commits);
        }
    }

    #[tokio::test]
    async fn failed_sync_is_never_forgotten() {
        let count = AtomicU64::new(0);
        let group = GroupSync::new(move || match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::Error::other("no space")),
            _ => Ok(()),
        });
        for _ in 0..2 {
            let error = group.wait().await.unwrap_err().to_string();
            assert!(error.contains("no space"), "{error}");
        }
    }
}
