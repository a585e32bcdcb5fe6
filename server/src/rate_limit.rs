//! Rate limits: how many requests an address and a principal may send, and for how many URLs.
//!
//! Each process counts for itself, so that a deployment of several admits as many times the rate. What has to be exact, the stored
//! bytes and open jobs of a principal, is counted in the database (`quota.rs`).

mod address;
mod rate;

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderName, HeaderValue};
use moka::Expiry;
use moka::sync::Cache;
use uuid::Uuid;

pub use self::address::{AddressBlock, TrustedProxies};
pub use self::rate::Rate;

/// Keys whose use is remembered, at most, by each limit; some 200 bytes each. The one that was used least recently is forgotten.
const MAX_KEYS: u64 = 100_000;

/// The fields of draft-ietf-httpapi-ratelimit-headers-10.
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

type Bucket = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

/// The rates of all limits, where a principal has none of its own; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Requests of an address, with or without a valid token.
    pub requests_of_address: Option<Rate>,
    /// Requests of a principal.
    pub requests_of_principal: Option<Rate>,
    /// URLs that are signed for a principal.
    pub urls_of_principal: Option<Rate>,
}

/// The limits of a process.
#[derive(Debug)]
pub struct RateLimits {
    /// Requests of an address, with or without a valid token.
    pub requests_of_address: RateLimit<AddressBlock>,
    /// Requests of a principal.
    pub requests_of_principal: RateLimit<Uuid>,
    /// URLs that are signed for a principal.
    pub urls_of_principal: RateLimit<Uuid>,
}

impl RateLimits {
    /// Limits of these rates, of which nothing is used yet.
    pub fn new(rates: &Rates) -> Self {
        Self {
            requests_of_address: RateLimit::new("address", rates.requests_of_address),
            requests_of_principal: RateLimit::new("principal", rates.requests_of_principal),
            urls_of_principal: RateLimit::new("urls", rates.urls_of_principal),
        }
    }
}

/// A limit that counts for each key by itself.
pub struct RateLimit<K> {
    name: &'static str,
    /// The rate of keys that have none of their own.
    default: Option<Rate>,
    counts: Cache<K, Arc<Count>>,
}

/// What one key has used.
struct Count {
    name: &'static str,
    rate: Rate,
    policy: HeaderValue,
    bucket: Bucket,
}

/// A bucket that was not used for a window is full again, as a new one is.
struct UntilFull;

impl<K> Expiry<K, Arc<Count>> for UntilFull {
    fn expire_after_create(&self, _: &K, count: &Arc<Count>, _: Instant) -> Option<Duration> {
        Some(count.rate.window)
    }

    fn expire_after_read(
        &self,
        _: &K,
        count: &Arc<Count>,
        _: Instant,
        _: Option<Duration>,
        _: Instant,
    ) -> Option<Duration> {
        Some(count.rate.window)
    }

    fn expire_after_update(
        &self,
        _: &K,
        count: &Arc<Count>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(count.rate.window)
    }
}

/// What is left of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    name: &'static str,
    policy: HeaderValue,
    count: u32,
    /// Time until all of it is there again.
    full_after: Duration,
}

/// A limit is exceeded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the limit of {rate} is exceeded")]
pub struct Exceeded {
    /// What is left, which is less than was taken.
    pub remaining: Remaining,
    /// The rate.
    pub rate: Rate,
    /// Time after which as much can be taken; none where it never can.
    pub retry_after: Option<Duration>,
}

impl<K: Copy + Eq + Hash + Send + Sync + 'static> RateLimit<K> {
    fn new(name: &'static str, default: Option<Rate>) -> Self {
        let counts = Cache::builder().max_capacity(MAX_KEYS);
        Self {
            name,
            default,
            counts: counts.expire_after(UntilFull).build(),
        }
    }

    /// Takes `count` of what a key may use, by its own rate or else that of the limit, and returns what is left; `None` without
    /// either.
    ///
    /// # Errors
    /// [`Exceeded`] where less is left; then nothing is taken.
    pub fn take(
        &self,
        key: K,
        own: Option<Rate>,
        count: NonZeroU32,
    ) -> Result<Option<Remaining>, Exceeded> {
        let Some(rate) = own.or(self.default) else {
            return Ok(None);
        };
        self.count_of(key, rate).take(count).map(Some)
    }

    /// What a key has used, which is nothing where its rate has changed.
    fn count_of(&self, key: K, rate: Rate) -> Arc<Count> {
        let new = || Arc::new(Count::new(self.name, rate));
        let entry = self.counts.entry_by_ref(&key);
        let has_changed = |count: &Arc<Count>| count.rate != rate;
        entry.or_insert_with_if(new, has_changed).into_value()
    }
}

impl Count {
    fn new(name: &'static str, rate: Rate) -> Self {
        Self {
            name,
            rate,
            policy: policy(name, rate),
            bucket: bucket(rate),
        }
    }

    fn take(&self, count: NonZeroU32) -> Result<Remaining, Exceeded> {
        let exceeded = |retry_after: Option<Duration>| Exceeded {
            remaining: self.remaining(0),
            rate: self.rate,
            retry_after,
        };
        match self.bucket.check_n(count) {
            Ok(Ok(state)) => Ok(self.remaining(state.remaining_burst_capacity())),
            Ok(Err(until)) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Err(exceeded(Some(wait)))
            }
            Err(_) => Err(exceeded(None)),
        }
    }

    fn remaining(&self, count: u32) -> Remaining {
        let used = self.rate.count.get().saturating_sub(count);
        Remaining {
            name: self.name,
            policy: self.policy.clone(),
            count,
            full_after: self.rate.interval() * used,
        }
    }
}

impl<K> fmt::Debug for RateLimit<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut limit = f.debug_struct("RateLimit");
        limit
            .field("name", &self.name)
            .field("default", &self.default);
        limit.finish_non_exhaustive()
    }
}

fn bucket(rate: Rate) -> Bucket {
    let quota = Quota::with_period(rate.interval()).map_or_else(
        || Quota::per_second(rate.count),
        |quota| quota.allow_burst(rate.count),
    );
    RateLimiter::direct(quota).with_middleware()
}

fn policy(name: &str, rate: Rate) -> HeaderValue {
    let policy = format!("\"{name}\";q={};w={}", rate.count, rate.window.as_secs());
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(""))
}

impl Remaining {
    /// Adds the fields that tell the client of the limit.
    pub fn add_to(&self, headers: &mut HeaderMap) {
        let seconds = self.full_after.as_secs_f64().ceil();
        let value = format!("\"{}\";r={};t={seconds}", self.name, self.count);
        headers.insert(RATE_LIMIT_POLICY, self.policy.clone());
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(RATE_LIMIT, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: NonZeroU32 = NonZeroU32::MIN;

    fn limit(rate: &str) -> RateLimit<u8> {
        RateLimit::new("default", Some(rate.parse().unwrap()))
    }

    fn text(remaining: &Remaining) -> (String, String) {
        let mut headers = HeaderMap::new();
        remaining.add_to(&mut headers);
        let text = |name| headers[name].to_str().unwrap().to_string();
        (text(RATE_LIMIT_POLICY), text(RATE_LIMIT))
    }

    #[test]
    fn each_key_has_its_own_count() {
        let limit = limit("3/1h");
        for left in [2, 1, 0] {
            assert_eq!(limit.take(1, None, ONE).unwrap().unwrap().count, left);
        }
        let exceeded = limit.take(1, None, ONE).unwrap_err();
        let wait = exceeded.retry_after.unwrap();
        assert!(
            wait > Duration::from_mins(19) && wait <= Duration::from_mins(20),
            "{wait:?}"
        );
        assert_eq!(limit.take(2, None, ONE).unwrap().unwrap().count, 2);
    }

    #[test]
    fn more_than_the_limit_is_never_admitted() {
        let limit = limit("10/1m");
        let eleven = NonZeroU32::new(11).unwrap();
        assert_eq!(limit.take(1, None, eleven).unwrap_err().retry_after, None);
        let ten = NonZeroU32::new(10).unwrap();
        assert_eq!(
            limit.take(1, None, ten).unwrap().unwrap().count,
            0,
            "the refused ones count nothing"
        );
    }

    #[test]
    fn fields_have_the_form_of_the_draft() {
        let limit = limit("100/1m");
        let fifty = NonZeroU32::new(50).unwrap();
        let remaining = limit.take(1, None, fifty).unwrap().unwrap();
        let expected = ("\"default\";q=100;w=60", "\"default\";r=50;t=30");
        assert_eq!(
            text(&remaining),
            (expected.0.to_string(), expected.1.to_string())
        );
    }

    #[test]
    fn rate_of_a_key_replaces_that_of_the_limit() {
        let limit = limit("3/1h");
        let own = Some("5/1h".parse().unwrap());
        let left = |own| limit.take(1, own, ONE).unwrap().unwrap().count;
        assert_eq!((left(own), left(own)), (4, 3));
        assert_eq!(left(None), 2, "another rate begins anew");
        assert_eq!(limit.take(2, None, ONE).unwrap().unwrap().count, 2);
        let unlimited = RateLimit::new("default", None);
        assert_eq!(unlimited.take(1, own, ONE).unwrap().unwrap().count, 4);
    }

    #[test]
    fn no_rate_is_no_limit() {
        let limit = RateLimit::<u8>::new("default", None);
        assert_eq!(limit.take(1, None, NonZeroU32::MAX), Ok(None));
    }
}
