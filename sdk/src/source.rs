//! What is uploaded: a file, bytes in memory, or anything else that can open a range of its bytes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::{Buf, Bytes};

/// Content of a known size, of which any range of bytes can be read, and read again.
///
/// Every method is called on a thread that may block. Several ranges are read at once, each twice: for its
/// MD5, and to be sent; and once more whenever it has to be sent again.
///
/// ```
/// use std::io::{self, Read};
/// use std::ops::Range;
///
/// /// As many zeros as one likes.
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
    /// What errors call it, such as the path of a file.
    fn name(&self) -> String;

    /// Size in bytes, always the same.
    fn size(&self) -> u64;

    /// The bytes of a range that lies within the size: at least as many as it has, in order.
    ///
    /// # Errors
    ///
    /// Whatever hinders the reading; it ends the upload with [`Error::Source`](crate::Error::Source). What takes longer
    /// to come than the client's [`stall_timeout`](crate::ClientBuilder::stall_timeout) looks as if S3 had stalled.
    fn open(&self, range: Range<u64>) -> io::Result<Box<dyn Read + Send>>;

    /// Whether the content is still what it was at the beginning, as far as a quick look tells. Asked after each
    /// part; `false` ends the upload with [`Error::SourceChanged`](crate::Error::SourceChanged).
    ///
    /// # Errors
    ///
    /// Whatever hinders the look.
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

/// A regular file as it was when its upload began.
#[derive(Debug)]
pub(crate) struct LocalFile {
    path: PathBuf,
    state: FileState,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileState {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last modification, where the system knows it.
    pub modified: Option<SystemTime>,
}

impl LocalFile {
    /// Notes what the file is now.
    pub fn open(path: &Path) -> io::Result<Self> {
        let state = FileState::of(path)?;
        // One that cannot be read is found before anything is asked of the server.
        File::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            state,
        })
    }

    /// What the file was.
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
