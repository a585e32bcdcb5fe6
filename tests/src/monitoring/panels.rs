//! The dashboard, drawn as text: a line for each series of each panel.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use super::prometheus::{Prometheus, Series};

/// Over how long rates are computed, in the place of what Grafana would choose.
const RATE_INTERVAL: &str = "15s";

/// Letters of a line, from the lowest value to the highest.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Most letters of a line.
const WIDTH: usize = 40;

/// A panel: its title, the unit of its values, and its expressions with the legends of their series.
struct Panel {
    title: String,
    unit: String,
    targets: Vec<(String, String)>,
}

/// A dashboard of Grafana.
pub(super) struct Dashboard(Vec<Panel>);

/// What was drawn, the number of the panels, and the titles of those that have no data.
pub(super) struct Drawn {
    pub text: String,
    pub panels: usize,
    pub empty: Vec<String>,
}

impl Dashboard {
    /// Reads the panels of a dashboard's JSON.
    pub(super) fn parse(json: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(json)?;
        let panels = json["panels"].as_array().context("there are no panels")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let panels = panels.iter().map(|panel| {
            let targets = panel["targets"].as_array().into_iter().flatten();
            Panel {
                title: text(&panel["title"]),
                unit: text(&panel["fieldConfig"]["defaults"]["unit"]),
                targets: targets
                    .map(|target| (text(&target["expr"]), text(&target["legendFormat"])))
                    .collect(),
            }
        });
        Ok(Self(panels.collect()))
    }

    /// Draws all panels with the data of a minute.
    pub(super) async fn draw(&self, prometheus: &Prometheus) -> Result<Drawn> {
        let mut drawn = Drawn {
            text: String::new(),
            panels: 0,
            empty: Vec::new(),
        };
        for panel in &self.0 {
            if panel.targets.is_empty() {
                writeln!(drawn.text, "\n== {} ==", panel.title)?;
                continue;
            }
            writeln!(drawn.text, "\n{} [{}]", panel.title, panel.unit)?;
            drawn.panels += 1;
            let mut has_data = false;
            for (expression, legend) in &panel.targets {
                for series in prometheus.query(&substituted(expression)).await? {
                    has_data = true;
                    let (line, last) = (line(&series.values), series.values.last());
                    let (name, last) = (name(legend, &series), last.copied().unwrap_or_default());
                    writeln!(drawn.text, "  {line:WIDTH$}  {last:>14.4}  {name}")?;
                }
            }
            if !has_data {
                drawn.empty.push(panel.title.clone());
            }
        }
        Ok(drawn)
    }
}

/// An expression with values for the variables of the dashboard.
fn substituted(expression: &str) -> String {
    expression
        .replace("$__rate_interval", RATE_INTERVAL)
        .replace("$job", "restow")
}

/// A legend with the labels of a series.
fn name(legend: &str, series: &Series) -> String {
    let labels = series.labels.iter();
    labels.fold(legend.to_string(), |name, (label, value)| {
        let value = value.as_str().unwrap_or_default();
        name.replace(&format!("{{{{{label}}}}}"), value)
    })
}

/// The last values as a line.
fn line(values: &[f64]) -> String {
    let shown = &values[values.len().saturating_sub(WIDTH)..];
    let lowest = shown.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = shown.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let level = |value: f64| {
        let share = (value - lowest) / (highest - lowest);
        let thresholds = (1_u8..8).filter(|level| share >= f64::from(*level) / 8.0);
        LEVELS[thresholds.count()]
    };
    shown.iter().map(|value| level(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_rises_with_values() {
        assert_eq!(line(&[0.0, 4.0, 8.0]), "▁▅█");
        assert_eq!(line(&[3.0, 3.0]), "▁▁");
        assert_eq!(line(&[0.0; 100]).chars().count(), WIDTH);
    }

    #[test]
    fn legend_names_labels() {
        let labels = serde_json::json!({ "status": "ready" });
        let series = Series {
            labels: labels.as_object().cloned().unwrap_or_default(),
            values: vec![1.0],
        };
        assert_eq!(name("jobs {{status}}", &series), "jobs ready");
    }
}
