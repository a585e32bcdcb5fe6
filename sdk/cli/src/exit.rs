//! Exit codes, one for each kind of outcome.

/// Any other error.
pub const OTHER: u8 = 1;
/// Usage error: invalid command line or value.
pub const USAGE: u8 = 2;
/// Not logged in, or the token was refused.
pub const LOGIN: u8 = 3;
/// A dataset, version or job does not exist.
pub const NOT_FOUND: u8 = 4;
/// Conflict with the state of a dataset, a job or a file.
pub const CONFLICT: u8 = 5;
/// The file was refused for its content, size or extension.
pub const REFUSED: u8 = 6;
/// The file was uploaded, but not committed: its schema is incompatible with the current version.
pub const NOT_COMMITTED: u8 = 7;
/// The server or S3 is unreachable.
pub const UNREACHABLE: u8 = 8;
/// Interrupted by Ctrl-C or SIGTERM.
pub const INTERRUPTED: u8 = 130;

/// The exit codes, for the help.
pub const HELP: &str = "\
Exit codes:
    0  success
    1  any other error
    2  usage error
    3  not logged in, or the token was refused
    4  the dataset, version or job does not exist
    5  conflict: another current version, a name or file that exists, or the state of the job
    6  the file was refused for its content, size or extension
    7  uploaded, but not committed: its schema is incompatible with the current version
    8  the server or S3 is unreachable
  130  interrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_lists_every_code() {
        let codes = [
            OTHER,
            USAGE,
            LOGIN,
            NOT_FOUND,
            CONFLICT,
            REFUSED,
            NOT_COMMITTED,
            UNREACHABLE,
            INTERRUPTED,
        ];
        for code in codes {
            assert!(HELP.contains(&format!("{code:5}  ")), "{code}");
        }
    }
}
