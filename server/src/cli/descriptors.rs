//! File descriptors: as many as the system allows, and how many connections that is.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More are never needed, and some systems refuse to set a limit beyond this.
const ENOUGH: u64 = 65_536;

/// Descriptors for the database, for S3 requests of background work, and for files.
const RESERVED: u64 = 64;

/// Descriptors of a connection with a request under way: two more lead to the framework, and one to S3 or the database.
const PER_CONNECTION: u64 = 4;

/// Connections that are served however few descriptors there are.
const MIN_CONNECTIONS: u64 = 8;

/// Default of `--max-connections`, where the descriptors suffice.
const DEFAULT_CONNECTIONS: u64 = 1024;

/// Raises the limit of open file descriptors as far as the system allows; the default of most systems is meant for programs
/// that still use `select`.
pub fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "failed to raise the limit of open file descriptors");
    }
}

/// How many connections each of so many servers in this process serves at the same time: those that are wanted, or the
/// default, but no more than there are descriptors for.
pub fn max_connections(wanted: Option<u32>, servers: u64) -> usize {
    let limit = getrlimit(Resource::Nofile).current;
    let number = connections_within(limit, wanted, servers);
    if let Some(wanted) = wanted
        && u64::from(wanted) > number
    {
        tracing::warn!(
            "--max-connections is {wanted}, but {} open file descriptors suffice for {number} connections; raise the limit \
             of the process (ulimit -n, LimitNOFILE)",
            limit.unwrap_or_default()
        );
    }
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// How many of so many connections streams of events may take, which never become idle: requests have the others.
pub fn max_streams(connections: usize) -> u32 {
    u32::try_from(connections / 2).unwrap_or(u32::MAX).max(1)
}

fn connections_within(limit: Option<u64>, wanted: Option<u32>, servers: u64) -> u64 {
    let wanted = wanted.map_or(DEFAULT_CONNECTIONS, u64::from).max(1);
    let possible = limit.map_or(u64::MAX, |limit| {
        (limit.saturating_sub(RESERVED) / PER_CONNECTION / servers).max(MIN_CONNECTIONS)
    });
    wanted.min(possible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_s3_and_database() {
        assert_eq!(connections_within(Some(200), None, 1), 34);
        assert_eq!(connections_within(Some(200), None, 2), 17);
        assert_eq!(connections_within(Some(200), Some(1000), 1), 34);
        assert_eq!(connections_within(Some(200), Some(10), 1), 10);
        assert_eq!(connections_within(Some(20), None, 1), 8);
        assert_eq!(connections_within(Some(65_536), None, 2), 1024);
        assert_eq!(connections_within(None, Some(5000), 1), 5000);
    }

    #[test]
    fn streams_leave_connections_to_requests() {
        assert_eq!(max_streams(1024), 512);
        assert_eq!(max_streams(17), 8);
        assert_eq!(max_streams(1), 1);
    }
}
