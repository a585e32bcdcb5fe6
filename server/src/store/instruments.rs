//! What uses of the database cost: how long they take, how they fail, and how long they wait for a connection.

use std::time::Instant;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use sqlx::Error;
use tracing::Instrument;

use super::diagnosis::Failure;
use crate::trace;

pub(super) type Label = [(&'static str, &'static str); 1];

/// Bounds of durations, in seconds.
const BOUNDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0,
];

/// Whether a use of the database only reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

impl Access {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What uses of the database cost.
#[derive(Clone, Debug)]
pub(super) struct Instruments {
    operations: Family<Label, Histogram>,
    errors: Family<Label, Counter>,
}

impl Default for Instruments {
    fn default() -> Self {
        let errors = Family::<Label, Counter>::default();
        // The first error of a kind is an increase only if the kind was there before.
        for kind in KINDS {
            drop(errors.get_or_create(&[("kind", kind)]));
        }
        Self {
            operations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            errors,
        }
    }
}

/// Runs an expression that uses the database, measures it, and counts how it fails.
macro_rules! observing {
    ($store:expr, $access:ident, $run:expr) => {{
        /// Its path names the function that it is in.
        struct Here;
        $store
            .instruments
            .observe(
                crate::store::instruments::Access::$access,
                std::any::type_name::<Here>,
                async { $run },
            )
            .await
    }};
}
pub(super) use observing;

impl Instruments {
    /// Registers what uses of the database cost.
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "database_operation_duration_seconds",
            "Time of an operation of the database, with all its statements and the wait for a connection",
            self.operations.clone(),
        );
        registry.register(
            "database_errors",
            "Operations of the database that failed, by kind",
            self.errors.clone(),
        );
    }

    /// Measures a use of the database; `path` is that of an item in the function which it is for.
    pub(super) fn observe<T, E: Failure>(
        &self,
        access: Access,
        path: fn() -> &'static str,
        operation: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, E>> {
        // On the heap, so that the callers' futures stay small.
        let operation = Box::pin(operation);
        async move {
            let started = Instant::now();
            let span = trace::database(|| function(path()), access.as_str());
            let outcome = operation.instrument(span.clone()).await;
            let elapsed = started.elapsed().as_secs_f64();
            self.operations
                .get_or_create(&[("access", access.as_str())])
                .observe(elapsed);
            if let Some(error) = outcome.as_ref().err().and_then(Failure::of_database) {
                let kind = kind(error);
                self.errors.get_or_create(&[("kind", kind)]).inc();
                trace::fail(&span, kind);
            }
            outcome
        }
    }
}

/// The name of the function that an item is in: the last one of its path that is no closure and not the item's own.
fn function(path: &'static str) -> &'static str {
    let mut names = path.rsplit("::").skip(1);
    names
        .find(|name| !name.starts_with('{'))
        .unwrap_or("database")
}

/// How a use of the database can fail.
const KINDS: [&str; 10] = [
    "no_connection",
    "timeout",
    "connection",
    "constraint",
    "statement_timeout",
    "lock_timeout",
    "conflict",
    "busy",
    "refused",
    "other",
];

/// How a use of the database failed, as a label.
fn kind(error: &Error) -> &'static str {
    match error {
        Error::PoolTimedOut | Error::PoolClosed => "no_connection",
        Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => "timeout",
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) => "connection",
        Error::Database(error)
            if error.is_unique_violation() || error.is_foreign_key_violation() =>
        {
            "constraint"
        }
        Error::Database(error) => match error.code().as_deref() {
            Some("57014") => "statement_timeout",
            Some("55P03") => "lock_timeout",
            Some("40001" | "40P01") => "conflict",
            // SQLite's is SQLITE_BUSY, of which the higher bytes say why.
            Some("5" | "261" | "517" | "773") => "busy",
            _ => "refused",
        },
        _ => "other",
    }
}

/// Measures how long statements wait for a connection.
pub(super) fn wait() -> Histogram {
    Histogram::new(BOUNDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_path<T>(_: &T) -> &'static str {
        std::any::type_name::<T>()
    }

    #[tokio::test]
    async fn operation_has_the_name_of_its_function() {
        let path = async {
            struct Here;
            type_path(&Here)
        };
        assert_eq!(
            function(path.await),
            "operation_has_the_name_of_its_function"
        );
    }
}
