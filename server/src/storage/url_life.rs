//! From when to when signed URLs are valid. Pure.

use aws_credential_types::Credentials;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::error::StorageError;

/// Longest life of a URL that SigV4 allows, in seconds: seven days.
pub const MAX_EXPIRES: i64 = 7 * 24 * 60 * 60;

/// From when to when the URLs of a response are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlLife {
    /// Start of the validity, in whole seconds.
    pub from: DateTime<Utc>,
    /// Length of the validity in seconds, at least 1.
    pub seconds: i64,
}

/// Why no URL can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlLifeError {
    /// The deadline that the URLs must not outlive has passed, or passes within a second.
    #[error("the deadline for signed URLs has passed")]
    DeadlinePassed,
    /// The credentials to sign with have expired, or expire within a second.
    #[error("the S3 credentials have expired")]
    CredentialsExpired,
}

impl From<UrlLifeError> for StorageError {
    fn from(error: UrlLifeError) -> Self {
        match error {
            UrlLifeError::CredentialsExpired => Self::CredentialsExpired,
            UrlLifeError::DeadlinePassed => Self::Unavailable(error.to_string()),
        }
    }
}

impl UrlLife {
    /// From `now` for as long as requested, but not beyond the deadline, nor beyond the expiry of the credentials.
    ///
    /// # Errors
    /// [`UrlLifeError`] where less than a second is left. A passed deadline is reported first: unlike expired
    /// credentials, it is permanent.
    pub fn new(
        now: DateTime<Utc>,
        requested: TimeDelta,
        deadline: DateTime<Utc>,
        credentials: &Credentials,
    ) -> Result<Self, UrlLifeError> {
        let from = now.trunc_subsecs(0);
        let until_deadline = requested
            .num_seconds()
            .min(MAX_EXPIRES)
            .min((deadline - from).num_seconds());
        if until_deadline < 1 {
            return Err(UrlLifeError::DeadlinePassed);
        }
        let expiry = credentials.expiry().map(DateTime::<Utc>::from);
        let seconds = expiry.map_or(until_deadline, |expiry| {
            until_deadline.min((expiry - from).num_seconds())
        });
        if seconds < 1 {
            return Err(UrlLifeError::CredentialsExpired);
        }
        Ok(Self { from, seconds })
    }

    /// Time at which the URLs expire.
    pub fn end(&self) -> DateTime<Utc> {
        self.from + TimeDelta::seconds(self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 123_456_000).unwrap()
    }

    fn credentials(expires: Option<i64>) -> Credentials {
        let expiry = expires.map(|seconds| SystemTime::from(now() + TimeDelta::seconds(seconds)));
        Credentials::new("AKIAEXAMPLE", "secret", None, expiry, "test")
    }

    fn seconds(requested: i64, deadline: i64, expires: Option<i64>) -> Result<i64, UrlLifeError> {
        UrlLife::new(
            now(),
            TimeDelta::seconds(requested),
            now() + TimeDelta::seconds(deadline),
            &credentials(expires),
        )
        .map(|life| life.seconds)
    }

    #[test]
    fn url_life_has_four_limits() {
        assert_eq!(seconds(3600, 86_400, None), Ok(3600));
        assert_eq!(seconds(3600, 100, None), Ok(100));
        assert_eq!(seconds(3600, 86_400, Some(600)), Ok(600));
        assert_eq!(seconds(30 * 86_400, 60 * 86_400, None), Ok(MAX_EXPIRES));
    }

    #[test]
    fn expired_credentials_differ_from_passed_deadline() {
        assert_eq!(seconds(3600, 0, None), Err(UrlLifeError::DeadlinePassed));
        assert_eq!(seconds(3600, -5, None), Err(UrlLifeError::DeadlinePassed));
        for expires in [0, -5] {
            assert_eq!(
                seconds(3600, 86_400, Some(expires)),
                Err(UrlLifeError::CredentialsExpired)
            );
        }
        assert_eq!(
            seconds(3600, -5, Some(-5)),
            Err(UrlLifeError::DeadlinePassed)
        );
    }
}
