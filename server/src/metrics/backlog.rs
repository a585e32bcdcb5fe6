//! What waits in the database: jobs that are due, uploads that are open, and what may be abandoned.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::register::{Label, gauge};
use crate::store::Backlog;

/// A gauge with fractions.
type Fraction = Gauge<f64, AtomicU64>;

/// Bytes of the unit that S3 is paid for.
const GIB: f64 = 1_073_741_824.0;

/// What waits in the database, as it was last read.
#[derive(Debug)]
pub(super) struct BacklogGauges {
    /// What S3 charges for a GiB a month, in US dollars.
    storage_price: f64,
    oldest: Family<Label, Fraction>,
    open_uploads: Gauge,
    open_bytes: Gauge,
    uploads_at_risk: Gauge,
    bytes_at_risk: Gauge,
    cost_at_risk: Fraction,
    oldest_delivery: Fraction,
    dead_deliveries: Gauge,
    read_at: Gauge,
}

impl BacklogGauges {
    pub(super) fn register(registry: &mut Registry, storage_price: f64) -> Self {
        let oldest = Family::<Label, Fraction>::default();
        registry.register(
            "oldest_due_job_age_seconds",
            "For how long the oldest job has been due that no process works on, by state; 0 if there is none",
            oldest.clone(),
        );
        let cost_at_risk = Fraction::default();
        registry.register(
            "at_risk_usd_per_month",
            "What S3 charges a month for the uploads that may be abandoned, at --storage-price",
            cost_at_risk.clone(),
        );
        let oldest_delivery = Fraction::default();
        registry.register(
            "oldest_due_delivery_age_seconds",
            "For how long the oldest delivery has been due whose webhook could be called, and is not; 0 if there is none",
            oldest_delivery.clone(),
        );
        Self {
            storage_price,
            oldest,
            open_uploads: gauge(
                registry,
                "open_uploads",
                "Jobs that wait for their upload, at most 10000",
            ),
            open_bytes: gauge(
                registry,
                "open_upload_bytes",
                "Bytes of the files of the jobs that wait for their upload",
            ),
            uploads_at_risk: gauge(
                registry,
                "at_risk_uploads",
                "Uploads that may be abandoned: all their URLs have expired, or their jobs have ended; at most 10000 of each",
            ),
            bytes_at_risk: gauge(
                registry,
                "at_risk_bytes",
                "Bytes that the parts of uploads that may be abandoned have at most",
            ),
            cost_at_risk,
            oldest_delivery,
            dead_deliveries: gauge(
                registry,
                "dead_deliveries",
                "Deliveries to webhooks that were given up within about a day, at most 10000",
            ),
            read_at: gauge(
                registry,
                "backlog_read_timestamp_seconds",
                "When the jobs in the database were last read for these metrics; 0 if never",
            ),
        }
    }

    pub(super) fn set(&self, backlog: &Backlog, now: DateTime<Utc>) {
        let age = |since: Option<DateTime<Utc>>| {
            let milliseconds = since.map_or(0, |since| (now - since).num_milliseconds().max(0));
            fraction(milliseconds) / 1000.0
        };
        for (state, since) in backlog.oldest_due() {
            self.oldest
                .get_or_create(&[("state", state)])
                .set(age(since));
        }
        self.oldest_delivery.set(age(backlog.oldest_delivery));
        self.dead_deliveries.set(backlog.dead_deliveries);
        self.open_uploads.set(backlog.open_uploads);
        self.open_bytes.set(backlog.open_bytes);
        let bytes = backlog.bytes_at_risk();
        self.uploads_at_risk.set(backlog.uploads_at_risk());
        self.bytes_at_risk.set(bytes);
        self.cost_at_risk
            .set(fraction(bytes) / GIB * self.storage_price);
        self.read_at.set(now.timestamp());
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge needs no more precision"
)]
const fn fraction(number: i64) -> f64 {
    number as f64
}
