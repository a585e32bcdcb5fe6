//! What every operation works with: the store, the storage, the settings, and the tasks that outlive a request.

use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use restow_inspect::Limits;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::event::{Feed, Refusals, StreamLimits};
use crate::identity::ValidTokens;
use crate::inspection::InlineInspections;
use crate::metrics::Metrics;
use crate::observation::Observation;
use crate::oidc::Issuers;
use crate::plan::PlanLimits;
use crate::quota::Quota;
use crate::rate_limit::{Exceeded, RateLimits, Rates};
use crate::storage::Storage;
use crate::store::{Principal, Store};
use crate::supervision::TaskFailures;

/// Sizes, times and rules, all of them configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What plans of uploads keep to.
    pub plan: PlanLimits,
    /// What each principal may use.
    pub quota: Quota,
    /// How much addresses and principals may request.
    pub rates: Rates,
    /// How many versions of a dataset are kept beside the current one's; `None` for all.
    pub keep_versions: Option<u64>,
    /// How long a deletion can be undone, and the object of a retired version stays, at least.
    pub delete_grace: TimeDelta,
    /// How long the sample of a version is kept after its commit.
    pub keep_samples: TimeDelta,
    /// How long the row of a job is kept of which nothing else is left.
    pub keep_jobs: TimeDelta,
    /// How long events are kept.
    pub keep_events: TimeDelta,
    /// How many streams of events may be open at a process.
    pub event_streams: StreamLimits,
    /// Whether webhooks may connect to private addresses, and without TLS.
    pub webhooks_allow_private: bool,
    /// How old an upload that no job knows of has to be before it is swept.
    pub sweep_grace: TimeDelta,
    /// Lifetime of a signed URL.
    pub url_expires: TimeDelta,
    /// How long a job waits for its upload after the last request for URLs.
    pub job_deadline: TimeDelta,
    /// How long a job may wait for its upload in total.
    pub job_hard_limit: TimeDelta,
    /// How long after its deadline a job expires.
    pub job_grace: TimeDelta,
    /// How long an inspected object waits for its commit.
    pub preview_deadline: TimeDelta,
    /// How long a process holds a job without renewing its lease.
    pub lease: TimeDelta,
    /// How often a job may kill its worker before it fails.
    pub max_deaths: i64,
    /// How long a body may take to arrive.
    pub body_timeout: std::time::Duration,
    /// How long a completion lets its caller wait.
    pub complete_wait: std::time::Duration,
    /// Extensions that are accepted, in lower case and without a dot; empty means all.
    pub allowed_extensions: Vec<String>,
    /// What inspections keep to.
    pub inspection: Limits,
    /// Largest object that is inspected within the request that completes its upload, in bytes; 0 for none.
    pub inline_inspection_limit: u64,
    /// How many jobs a worker inspects at once.
    pub worker_concurrency: usize,
    /// How long an inspection may take; `None` for any time.
    pub inspect_timeout: Option<std::time::Duration>,
    /// Longest gap in service that counts against deadlines; a longer one is added to them.
    pub downtime_tolerance: TimeDelta,
    /// Pause between two rounds of the reaper.
    pub reap_interval: std::time::Duration,
    /// Issuers whose tokens are accepted.
    pub issuers: Arc<Issuers>,
    /// What S3 charges for a GiB a month, in US dollars; only metrics use it.
    pub storage_price: f64,
    /// Whether operations that change something are refused.
    pub is_read_only: bool,
}

/// How long an upload may live in all: below the seven days after which some stores drop it, and SigV4 ends.
pub const JOB_HARD_LIMIT: TimeDelta = TimeDelta::days(6);

/// Price of a GiB a month of S3 Standard in most regions, in US dollars.
pub const STORAGE_PRICE: f64 = 0.023;

impl Default for Settings {
    fn default() -> Self {
        Self {
            plan: PlanLimits::default(),
            quota: Quota::default(),
            rates: Rates::default(),
            keep_versions: None,
            delete_grace: TimeDelta::days(7),
            keep_samples: TimeDelta::days(30),
            keep_jobs: TimeDelta::days(90),
            keep_events: TimeDelta::days(90),
            event_streams: StreamLimits {
                of_principal: 20,
                of_process: 512,
            },
            webhooks_allow_private: false,
            sweep_grace: TimeDelta::hours(1),
            url_expires: TimeDelta::hours(1),
            job_deadline: TimeDelta::hours(24),
            job_hard_limit: JOB_HARD_LIMIT,
            job_grace: TimeDelta::hours(1),
            preview_deadline: TimeDelta::days(7),
            lease: TimeDelta::seconds(30),
            max_deaths: 5,
            body_timeout: std::time::Duration::from_secs(30),
            complete_wait: std::time::Duration::from_secs(10),
            allowed_extensions: Vec::new(),
            inspection: Limits::default(),
            inline_inspection_limit: 8 << 20,
            worker_concurrency: 2,
            inspect_timeout: Some(std::time::Duration::from_hours(1)),
            downtime_tolerance: TimeDelta::minutes(1),
            reap_interval: std::time::Duration::from_mins(1),
            issuers: Arc::default(),
            storage_price: STORAGE_PRICE,
            is_read_only: false,
        }
    }
}

impl Settings {
    /// How long an object stays after its version was retired or its dataset deleted: until the deletion cannot be undone
    /// any more, and every URL that was handed out before has expired.
    pub fn removal_grace(&self) -> TimeDelta {
        self.delete_grace.max(self.url_expires)
    }
}

/// What every operation works with.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The bucket.
    pub storage: Storage,
    /// Sizes, times and rules.
    pub settings: Settings,
    /// What is counted.
    pub metrics: Metrics,
    /// When metrics were last read from the database.
    pub observation: Observation,
    /// Tokens that were valid a moment ago.
    pub valid_tokens: ValidTokens,
    /// How much addresses and principals have requested.
    pub rate_limits: RateLimits,
    /// How much is inspected within requests.
    pub inline_inspections: InlineInspections,
    /// What wakes streams of events.
    pub events: Feed,
    /// The way of refusals to the log.
    pub refusals: Refusals,
    /// Which background tasks fail.
    pub task_failures: TaskFailures,
    /// Notified when a job is due for a worker.
    pub work_due: Notify,
    /// Work that continues after its request; awaited at shutdown.
    pub tasks: TaskTracker,
    /// Cancelled when the process is about to stop, while it still serves everything.
    pub draining: CancellationToken,
    /// Cancelled when the process is to stop.
    pub stopping: CancellationToken,
}

impl App {
    /// The time by which deadlines and leases are judged. URLs are signed by [`crate::clock::now`] instead.
    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    /// Counts URLs that are about to be signed for the owner of a dataset.
    ///
    /// # Errors
    /// [`Exceeded`], where the owner had too many lately.
    pub fn count_urls(&self, owner: &Principal, count: u32) -> Result<(), Exceeded> {
        let count = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let urls = &self.rate_limits.urls_of_principal;
        urls.take(owner.id, owner.url_rate(), count).map(drop)
    }

    /// Puts the parts together.
    pub fn new(store: Store, storage: Storage, settings: Settings) -> Arc<Self> {
        let metrics = Metrics::new(&store, &storage, settings.storage_price);
        Arc::new(Self {
            rate_limits: RateLimits::new(&settings.rates),
            store,
            storage,
            settings,
            metrics,
            observation: Observation::default(),
            valid_tokens: ValidTokens::default(),
            inline_inspections: InlineInspections::default(),
            events: Feed::default(),
            refusals: Refusals::default(),
            task_failures: TaskFailures::default(),
            work_due: Notify::new(),
            tasks: TaskTracker::new(),
            draining: CancellationToken::new(),
            stopping: CancellationToken::new(),
        })
    }
}
