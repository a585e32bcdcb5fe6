//! Exit codes, one for each kind of outcome.

/// Any other error.
pub const OTHER: u8 = 1;
/// The command line, or a value on it, makes no sense.
pub const USAGE: u8 = 2;
/// Not logged in, or the token is refused.
pub const LOGIN: u8 = 3;
/// What the command names does not exist.
pub const NOT_FOUND: u8 = 4;
/// The dataset, the job, the name or the file is not in the state that the command needs.
pub const CONFLICT: u8 = 5;
/// The file is refused: its content, size or extension.
pub const REFUSED: u8 = 6;
/// The file is uploaded, and not committed because readers of the current version cannot read it.
pub const NOT_COMMITTED: u8 = 7;
/// The server or S3 cannot be reached.
pub const UNREACHABLE: u8 = 8;
/// Stopped by Ctrl-C or SIGTERM.
pub const INTERRUPTED: u8 = 130;

/// The codes above, for the help.
pub const HELP: &str = "\
Exit codes:
    0  success
    1  any other error
    2  the command line makes no sense
    3  not logged in, or the token is refused
    4  what the command names does not exist
    5  conflict: the version has moved, the name or file exists, the job's state forbids it
    6  the file is refused: its content, size or extension
    7  uploaded, but not committed: its schema is not compatible with the current version
    8  the server or S3 cannot be reached
  130  interrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_help() {
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
