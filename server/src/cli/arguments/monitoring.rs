//! Options of what operators see of a process: metrics and traces.

use std::net::SocketAddr;

use clap::Args;

use super::listen::listen_address;
use super::value::price;

#[derive(Args, Debug)]
#[command(next_help_heading = "Monitoring")]
pub struct MonitoringArguments {
    /// Address to serve /metrics on, and nothing else; /metrics is then 404 at the other addresses [default: beside the probes]
    #[arg(long, env = "RESTOW_METRICS_LISTEN", value_name = "ADDRESS", value_parser = listen_address)]
    pub metrics_listen: Option<SocketAddr>,
    /// Price of a GiB a month of the bucket's storage class, in US dollars, for the metric of what abandoned uploads cost
    #[arg(
        long,
        env = "RESTOW_STORAGE_PRICE",
        value_name = "USD",
        default_value = "0.023",
        value_parser = price
    )]
    pub storage_price: f64,
    /// Collector of traces to send spans to, by OTLP over HTTP; /v1/traces is appended [default: that of OpenTelemetry's own
    /// variable, or none]
    #[arg(
        long,
        env = "RESTOW_OTLP_ENDPOINT",
        value_name = "URL",
        hide_env_values = true
    )]
    pub otlp_endpoint: Option<String>,
}
