//! Where a download goes: a file, which is replaced at the end, or a stream, which only takes bytes.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Maximum number of links from a path to its target, as on Linux.
const MAX_LINKS: usize = 40;

/// Where a download goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A regular file, or none yet, at this path, which is no link.
    File(PathBuf),
    /// A device, a pipe, or an open descriptor: nothing can be renamed to it, and nothing read back from it.
    Stream(PathBuf),
}

impl Target {
    /// What is at `path`, behind all links. A target that exists and would lose its content is refused unless it may be
    /// replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AlreadyExists`], [`ErrorKind::IsADirectory`], and other errors of the file system.
    pub fn of(path: &Path, may_replace: bool) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        match path.metadata() {
            Ok(found) if found.is_dir() => Err(ErrorKind::IsADirectory.into()),
            // It loses what it had, without a word.
            Ok(found) if is_block_device(&found) && !may_replace => {
                Err(ErrorKind::AlreadyExists.into())
            }
            // The file of a descriptor is open already, at the position where the bytes belong.
            Ok(found) if !found.is_file() || is_descriptor(&path) => Ok(Self::Stream(path)),
            Ok(_) if !may_replace => Err(ErrorKind::AlreadyExists.into()),
            Ok(_) => Ok(Self::File(behind_links(path)?)),
            // A dangling link exists as well.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if may_replace {
                    Ok(Self::File(behind_links(path)?))
                } else if path.is_symlink() {
                    Err(ErrorKind::AlreadyExists.into())
                } else {
                    Ok(Self::File(path))
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// Opens a stream for writing. Blocks while a pipe has no reader.
pub(super) fn open_stream(path: &Path) -> io::Result<File> {
    // What the file of a descriptor has is kept: the shell has emptied it, or is to append.
    let is_file = path.metadata()?.is_file();
    File::options().write(true).append(is_file).open(path)
}

fn is_block_device(found: &Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::FileTypeExt::is_block_device(&found.file_type());
    #[cfg(not(unix))]
    return false;
}

/// Whether the path leads to an open descriptor of a process, such as `/dev/stdout`.
fn is_descriptor(path: &Path) -> bool {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let directory = path.parent().and_then(|parent| parent.canonicalize().ok());
        if directory.is_some_and(|found| found.starts_with("/proc") && found.ends_with("fd")) {
            return true;
        }
        match next_link(&path) {
            Some(target) => path = target,
            None => return false,
        }
    }
    false
}

/// The path behind all links at its end, which need not exist.
fn behind_links(mut path: PathBuf) -> io::Result<PathBuf> {
    for _ in 0..MAX_LINKS {
        match next_link(&path) {
            Some(target) => path = target,
            None => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// What the link at `path` points to; `None` if there is no link.
fn next_link(path: &Path) -> Option<PathBuf> {
    let target = fs::read_link(path).ok()?;
    Some(path.parent()?.join(target))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_lead_to_their_target() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("below")).unwrap();
        fs::write(path("below/file"), "mine").unwrap();
        symlink("below/file", path("near")).unwrap();
        symlink("near", path("far")).unwrap();
        symlink("below/none", path("dangling")).unwrap();
        symlink("circle", path("circle")).unwrap();
        let of = |name: &str, may_replace| Target::of(&path(name), may_replace);
        let kind = |name: &str| of(name, false).unwrap_err().kind();

        let target = Target::File(path("below/file"));
        assert_eq!(
            (of("far", true).unwrap(), kind("far")),
            (target, ErrorKind::AlreadyExists)
        );
        let target = Target::File(path("below/none"));
        assert_eq!(
            (of("dangling", true).unwrap(), kind("dangling")),
            (target, ErrorKind::AlreadyExists)
        );
        assert_eq!(of("new", false).unwrap(), Target::File(path("new")));
        assert_eq!(kind("below"), ErrorKind::IsADirectory);
        assert!(of("circle", true).is_err());
    }

    #[test]
    fn devices_and_descriptors_are_streams() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let open = file.reopen().unwrap();
        let descriptor = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&open));
        for path in ["/dev/null", "/dev/../dev/zero", descriptor.as_str()] {
            let path = Path::new(path);
            assert_eq!(
                Target::of(path, false).unwrap(),
                Target::Stream(path.to_owned())
            );
        }
    }
}
