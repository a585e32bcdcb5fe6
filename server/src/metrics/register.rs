//! Metrics of the usual kinds, registered.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Metric, Registry};

/// A label with one of a few values.
pub(super) type Label = [(&'static str, &'static str); 1];

/// A family of one label, registered.
pub(super) fn family<M>(registry: &mut Registry, name: &str, help: &str) -> Family<Label, M>
where
    Family<Label, M>: Default + Metric + Clone,
{
    let family = Family::<Label, M>::default();
    registry.register(name, help, family.clone());
    family
}

pub(super) fn counter(registry: &mut Registry, name: &str, help: &str) -> Counter {
    let counter = Counter::default();
    registry.register(name, help, counter.clone());
    counter
}

pub(super) fn gauge(registry: &mut Registry, name: &str, help: &str) -> Gauge {
    let gauge = Gauge::default();
    registry.register(name, help, gauge.clone());
    gauge
}
