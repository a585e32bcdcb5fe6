//! Prometheus, as a process: it scrapes a deployment and evaluates the rules every second.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::ports::free_ports;

/// Time between two values of a query, in seconds.
const STEP: &str = "1";

/// Over how long a dashboard looks back, in seconds.
const RANGE: f64 = 60.0;

/// A running Prometheus, which is killed when it is dropped.
pub(super) struct Prometheus {
    child: Child,
    url: String,
    client: reqwest::Client,
}

/// The values of one series, with its labels.
pub(super) struct Series {
    pub labels: serde_json::Map<String, Value>,
    pub values: Vec<f64>,
}

impl Prometheus {
    /// Starts it in a directory with these rules, whose alerts fire at once.
    pub(super) fn start(
        programs: &Path,
        directory: &Path,
        rules: &str,
        targets: &[String],
    ) -> Result<Self> {
        let [port] = free_ports()?;
        let address = format!("127.0.0.1:{port}");
        fs::write(directory.join("rules.yml"), without_delays(rules))?;
        let mut config = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s\n\
                          rule_files: [rules.yml]\nscrape_configs:\n  - job_name: restow\n    static_configs:\n      - targets:\n"
            .to_string();
        for target in targets {
            writeln!(config, "          - {target}")?;
        }
        fs::write(directory.join("prometheus.yml"), config)?;
        let child = Command::new(programs.join("prometheus"))
            .arg("--config.file")
            .arg(directory.join("prometheus.yml"))
            .arg("--storage.tsdb.path")
            .arg(directory.join("tsdb"))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(directory.join("prometheus.log"))?)
            .spawn()
            .context("failed to run prometheus")?;
        Ok(Self {
            child,
            url: format!("http://{address}/api/v1"),
            client: reqwest::Client::builder().no_proxy().build()?,
        })
    }

    async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value> {
        let request = self.client.get(format!("{}/{path}", self.url)).query(query);
        let response: Value = request.send().await?.json().await?;
        ensure!(response["status"] == "success", "{path}: {response}");
        Ok(response["data"].clone())
    }

    /// The values of an expression over the last minute.
    pub(super) async fn query(&self, expression: &str) -> Result<Vec<Series>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        let query = [
            ("query", expression.to_string()),
            ("start", (now - RANGE).to_string()),
            ("end", now.to_string()),
            ("step", STEP.to_string()),
        ];
        let data = self.get("query_range", &query).await?;
        let found = data["result"].as_array().context("no result")?;
        Ok(found.iter().filter_map(series).collect())
    }

    /// The names of the alerts that fire.
    pub(super) async fn firing(&self) -> Result<BTreeSet<String>> {
        let data = self.get("alerts", &[]).await?;
        let alerts = data["alerts"].as_array().context("no alerts")?;
        let firing = alerts.iter().filter(|alert| alert["state"] == "firing");
        Ok(firing
            .filter_map(|alert| Some(alert["labels"]["alertname"].as_str()?.to_string()))
            .collect())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rules with alerts that fire at their first evaluation.
fn without_delays(rules: &str) -> String {
    let lines = rules
        .lines()
        .filter(|line| !line.trim().starts_with("for: "));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn series(found: &Value) -> Option<Series> {
    let values = found["values"].as_array()?.iter();
    let values: Vec<f64> = values
        .filter_map(|value| value[1].as_str()?.parse().ok())
        .filter(|value: &f64| value.is_finite())
        .collect();
    Some(Series {
        labels: found["metric"].as_object()?.clone(),
        values,
    })
    .filter(|series| !series.values.is_empty())
}
