//! Check of the certificate of the API's listener.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Finding, Findings};
use crate::clock;
use crate::tls::{self, TlsFiles};

const NAME: &str = "certificate";

/// Time before its end from which on a certificate is to be renewed.
const RENEWAL: TimeDelta = TimeDelta::days(14);

/// Checks the certificate and its key, if they are set.
pub(super) fn check(files: &anyhow::Result<Option<TlsFiles>>, findings: &mut Findings) {
    let expiry = match files {
        Ok(None) => return findings.skip(&[NAME], "--tls-certificate is not set"),
        Ok(Some(files)) => tls::expiry(files).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    findings.add(match expiry {
        Ok(expires_at) => judge(expires_at, clock::now()),
        Err(message) => Finding::failed(
            NAME,
            message,
            "correct the files of --tls-certificate and --tls-key, without which `restow-server serve` does not start",
        ),
    });
}

fn judge(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Finding {
    if expires_at - now < RENEWAL {
        Finding::warning(
            NAME,
            format!("the certificate expires at {expires_at}"),
            "renew it, and replace both files, which a running server then reads",
        )
    } else {
        Finding::ok(NAME, format!("the certificate is valid until {expires_at}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn certificate_that_expires_soon_is_named() {
        let now = clock::now();
        for (days, status) in [(90, Status::Ok), (13, Status::Warning)] {
            assert_eq!(judge(now + TimeDelta::days(days), now).status, status);
        }
    }
}
