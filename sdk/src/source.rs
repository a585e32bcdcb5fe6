//! Content to upload: a file, bytes in memory, or any [`Source`].

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::{Buf, Bytes};

/// Content of a known size, of which any range of bytes can be read repeatedly.
///
/// Every method is called on a thread that may block. Several ranges are read in parallel, each twice: for its MD5, and
/// to be sent; and once more for each retry.
///
/// ```
/// use std::io::{self, Read};
/// use std::ops::Range;
///
/// /// A number of zeros.
/// struct Zeros(u64);
///
/// impl restow_sdk::Source for Zeros {
///     fn name(&self) -> String {
///         format!("{} zeros", self.0)
///     }
///
///     fn size(&self) -> u64 {
///         self.0
///     }
///
///     fn open(&self, range: Range<u64>) -> io::Result<Box<dyn Read + Send>> {
///         Ok(Box::new(io::repeat(0).take(range.end - range.start)))
///     }
/// }
/// ```
pub trait Source: Send + Sync + 'static {
    /// Name in error messages, such as the path of a file.
    fn name(&self) -> String;

    /// Size in bytes, which must not change.
    fn size(&self) -> u64;

    /// Opens a range within the size. The reader must return at least the bytes of the range, in order.
    ///
    /// # Errors
    ///
    /// Any error of reading; it ends the upload with [`Error::Source`](crate::Error::Source). A reader that blocks for
    /// longer than the client's [`stall_timeout`](crate::ClientBuilder::stall_timeout) has the effect of a stalled
    /// connection.
    fn open(&self, range: Range<u64>) -> io::Result<Box<dyn Read + Send>>;

    /// Whether the content is unchanged since the start, by a quick check. Called after each part; `false` ends the
    /// upload with [`Error::SourceChanged`](crate::Error::SourceChanged).
    ///
    /// # Errors
    ///
    /// Any error of the check.
    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(true)
    }
}

impl Source for Bytes {
    fn name(&self) -> String {
        "the bytes in memory".to_string()
    }

    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn open(&self, range: Range<u64>) -> io::Result<Box<dyn Read + Send>> {
        let beyond = |_| io::Error::from(io::ErrorKind::UnexpectedEof);
        let (start, end) = (
            usize::try_from(range.start).map_err(beyond)?,
            usize::try_from(range.end).map_err(beyond)?,
        );
        Ok(Box::new(self.slice(start..end.min(self.len())).reader()))
    }
}

/// A regular file as it was at the start of its upload.
#[derive(Debug)]
pub(crate) struct LocalFile {
    path: PathBuf,
    state: FileState,
}

/// The attributes that reveal a change of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileState {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last modification, where the system has it.
    pub modified: Option<SystemTime>,
}

impl LocalFile {
    /// Opens a file and keeps its current state.
    pub fn open(path: &Path) -> io::Result<Self> {
        let state = FileState::of(path)?;
        // A file that cannot be read must fail before any request.
        File::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            state,
        })
    }

    /// The state of the file when it was opened.
    pub fn state(&self) -> FileState {
        self.state
    }
}

impl FileState {
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            ));
        }
        Ok(Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}

impl Source for LocalFile {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn size(&self) -> u64 {
        self.state.size
    }

    fn open(&self, range: Range<u64>) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(range.start))?;
        Ok(Box::new(file))
    }

    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(FileState::of(&self.path)? == self.state)
    }
}
