//! When the issuer is polled, and what its responses mean (RFC 8628, section 3.5).

use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::issuer::{PollResponse, TokenResponse};
use crate::failure::Failure;

/// Pause between two requests where the issuer states none.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);

/// What the pause grows by when the issuer demands that.
const SLOWED_BY: Duration = Duration::from_secs(5);

/// Longest pause, and longest time that a code is waited for.
const MAX_INTERVAL: Duration = Duration::from_mins(1);
const MAX_LIFETIME: Duration = Duration::from_hours(1);

/// The pauses of a login.
#[derive(Debug)]
pub struct Poll {
    interval: Duration,
    ends: Instant,
}

impl Poll {
    /// The pauses that an issuer states, in seconds.
    pub fn new(interval: Option<u64>, expires_in: u64) -> Self {
        let interval = interval.map_or(DEFAULT_INTERVAL, Duration::from_secs);
        Self {
            interval: interval.clamp(Duration::from_secs(1), MAX_INTERVAL),
            ends: Instant::now() + Duration::from_secs(expires_in).min(MAX_LIFETIME),
        }
    }

    /// Waits until the issuer may be polled.
    ///
    /// # Errors
    /// [`Failure::LoginRefused`] where the code expires before.
    pub async fn wait(&self) -> Result<()> {
        if Instant::now() + self.interval > self.ends {
            return Err(expired());
        }
        sleep(self.interval).await;
        Ok(())
    }

    /// The token, once the user has confirmed the login; `None` where the issuer is to be polled again.
    ///
    /// # Errors
    /// [`Failure::LoginRefused`].
    pub fn next(&mut self, response: PollResponse) -> Result<Option<TokenResponse>> {
        match response {
            PollResponse::Token(token) => return Ok(Some(*token)),
            PollResponse::Error(code) => match code.as_str() {
                "authorization_pending" => {}
                "slow_down" => self.interval = (self.interval + SLOWED_BY).min(MAX_INTERVAL),
                "access_denied" => {
                    let reason = "it was denied at the issuer";
                    return Err(Failure::LoginRefused(reason.to_string()).into());
                }
                "expired_token" => return Err(expired()),
                other => {
                    let reason = format!("the issuer responded with the error {other:?}");
                    return Err(Failure::LoginRefused(reason).into());
                }
            },
            // As the RFC demands where there is no response in time.
            PollResponse::None => self.interval = (self.interval * 2).min(MAX_INTERVAL),
        }
        Ok(None)
    }
}

fn expired() -> anyhow::Error {
    let reason = "the code expired before it was entered";
    Failure::LoginRefused(reason.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str) -> PollResponse {
        PollResponse::Error(code.to_string())
    }

    #[test]
    fn pauses_grow_when_the_issuer_demands_it() {
        let mut poll = Poll::new(None, 600);
        assert_eq!(poll.interval, Duration::from_secs(5));
        assert!(poll.next(error("authorization_pending")).unwrap().is_none());
        assert_eq!(poll.interval, Duration::from_secs(5));
        assert!(poll.next(error("slow_down")).unwrap().is_none());
        assert_eq!(poll.interval, Duration::from_secs(10));
        assert!(poll.next(PollResponse::None).unwrap().is_none());
        assert_eq!(poll.interval, Duration::from_secs(20));
        for _ in 0..20 {
            poll.next(error("slow_down")).unwrap();
        }
        assert_eq!(poll.interval, MAX_INTERVAL);
    }

    #[test]
    fn refusals_end_the_login() {
        for code in [
            "access_denied",
            "expired_token",
            "invalid_client",
            "\u{1b}[2J",
        ] {
            let mut poll = Poll::new(Some(1), 600);
            let refusal = poll.next(error(code)).err().unwrap().to_string();
            assert!(!refusal.contains('\u{1b}'), "{refusal:?}");
        }
    }

    #[tokio::test]
    async fn expired_code_is_not_waited_for() {
        assert!(Poll::new(Some(5), 4).wait().await.is_err());
    }
}
