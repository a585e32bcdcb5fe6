//! What metrics say of the connections to the database.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::instruments::{self, Label};
use super::{Database, Store};

/// Connections that are open when metrics are read.
#[derive(Debug)]
struct Connections(Database);

impl Connections {
    /// How many are used, and how many are not.
    fn count(&self) -> (u32, u32) {
        let (open, idle) = match &self.0 {
            Database::Sqlite {
                readers, writer, ..
            } => (
                readers.size() + writer.size(),
                readers.num_idle() + writer.num_idle(),
            ),
            Database::Postgres(pool) => (pool.size(), pool.unused()),
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(open);
        (open - idle, idle)
    }
}

impl Collector for Connections {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let (used, idle) = self.count();
        let connections = Family::<Label, Gauge>::default();
        for (state, number) in [("used", used), ("idle", idle)] {
            connections
                .get_or_create(&[("state", state)])
                .set(number.into());
        }
        let described = encoder.encode_descriptor(
            "database_connections",
            "Connections to the database",
            None,
            MetricType::Gauge,
        )?;
        connections.encode(described)
    }
}

impl Store {
    /// Registers what uses of the database cost.
    pub fn register(&self, registry: &mut Registry) {
        self.instruments.register(registry);
        let wait = match &self.database {
            Database::Sqlite { .. } => instruments::wait(),
            Database::Postgres(pool) => pool.wait(),
        };
        registry.register(
            "database_connection_wait_seconds",
            "Time to get a connection to PostgreSQL; SQLite's is in the time of the operation",
            wait,
        );
        registry.register_collector(Box::new(Connections(self.database.clone())));
    }
}
