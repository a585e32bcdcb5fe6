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
/// The file was refused for its size or extension, or it is empty.
pub const REFUSED: u8 = 6;
/// The file was uploaded, but not committed: its changes break readers, or the policy of the dataset refuses them.
pub const NOT_COMMITTED: u8 = 7;
/// The server or S3 is unreachable.
pub const UNREACHABLE: u8 = 8;
/// The file was uploaded, but rejected: its content cannot be read as it stands.
pub const REJECTED: u8 = 9;
/// Interrupted by SIGHUP, as when its terminal is closed.
pub const HUNG_UP: u8 = 129;
/// Interrupted by Ctrl-C.
pub const INTERRUPTED: u8 = 130;
/// Interrupted by SIGTERM.
pub const TERMINATED: u8 = 143;

/// The exit codes, for the help.
pub const HELP: &str = "\
Exit codes:
    0  success
    1  any other error
    2  usage error
    3  not logged in, or the token was refused
    4  the dataset, version or job does not exist
    5  conflict: another current version, a name or file that exists, or the state of the job
    6  the file was refused for its size or extension, or it is empty
    7  uploaded, but not committed: its changes break readers, or the policy refuses them
    8  the server or S3 is unreachable
    9  uploaded, but rejected: its content cannot be read as it stands
  129  interrupted by SIGHUP: its terminal was closed
  130  interrupted by Ctrl-C
  143  interrupted by SIGTERM";

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
            REJECTED,
            HUNG_UP,
            INTERRUPTED,
            TERMINATED,
        ];
        for code in codes {
            assert!(HELP.contains(&format!("{code:5}  ")), "{code}");
        }
    }
}
