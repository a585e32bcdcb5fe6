//! The progress of several files together.

use std::sync::Mutex;
use std::time::Instant;

use super::lock::locked;
use super::status::Status;
use crate::units;

/// Adds up the progress of all files.
pub struct Overall {
    started: Instant,
    state: Mutex<State>,
}

struct State {
    files: Vec<FileProgress>,
    files_done: u64,
    /// Sum of the bytes done of all files, which is not to be added up anew at every progress of one of many.
    bytes_done: u64,
    bytes_total: u64,
    /// Bytes that moved since the start, without those of files that needed no transfer.
    bytes_moved: u64,
}

#[derive(Clone, Copy)]
struct FileProgress {
    size: u64,
    /// Bytes done, at most `size`.
    done: u64,
}

impl Overall {
    /// Nothing is done yet of files with these sizes in bytes.
    pub fn new(sizes: &[u64]) -> Self {
        let files = sizes.iter().map(|size| FileProgress {
            size: *size,
            done: 0,
        });
        Self {
            started: Instant::now(),
            state: Mutex::new(State {
                files: files.collect(),
                files_done: 0,
                bytes_done: 0,
                bytes_total: sizes.iter().sum(),
                bytes_moved: 0,
            }),
        }
    }

    /// Records the bytes done of a file.
    pub fn record(&self, index: usize, done: u64) {
        let mut state = locked(&self.state);
        let file = &mut state.files[index];
        let before = file.done;
        file.done = done.clamp(before, file.size.max(before));
        let moved = file.done - before;
        state.bytes_done += moved;
        state.bytes_moved += moved;
    }

    /// Records that nothing is left to do for a file, whatever came of it.
    pub fn finish(&self, index: usize) {
        let mut state = locked(&self.state);
        let file = &mut state.files[index];
        let skipped = file.size - file.done;
        file.done = file.size;
        state.bytes_done += skipped;
        state.files_done += 1;
    }

    /// The progress of all files as one status.
    pub fn status(&self) -> Status {
        let state = locked(&self.state);
        Status::of_files(
            (state.files_done, state.files.len() as u64),
            (state.bytes_done, state.bytes_total),
            units::per_second(state.bytes_moved, self.started.elapsed()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_add_up() {
        let overall = Overall::new(&[100, 300]);
        overall.record(0, 50);
        overall.record(0, 40);
        overall.record(1, 900);
        assert_eq!(overall.status().bytes, Some((350, 400)));
        overall.finish(0);
        overall.finish(1);
        let status = overall.status();
        assert_eq!(status.bytes, Some((400, 400)));
        let line = status.line("2 files");
        assert!(
            line.starts_with("Pushing 2 files: 100 %, 2 of 2 done, 400 B of 400 B"),
            "{line}"
        );
    }
}
