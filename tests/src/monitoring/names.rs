//! Where metrics and alerts are named: the dashboard, the rules, and the guide.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What the names of our metrics begin with.
const PREFIXES: [&str; 3] = ["restow_", "http_server_", "process_"];

/// What the values of a histogram are called beside its name.
const HISTOGRAM_SUFFIXES: [&str; 3] = ["_bucket", "_count", "_sum"];

/// The files, as they are.
pub(super) struct Sources {
    pub rules: String,
    pub dashboard: String,
    guide: String,
}

impl Sources {
    /// Reads them from the repository.
    pub(super) fn read(repository: &Path) -> Result<Self> {
        let read = |path: &str| {
            fs::read_to_string(repository.join(path)).with_context(|| format!("cannot read {path}"))
        };
        Ok(Self {
            rules: read("deploy/prometheus/restow.rules.yml")?,
            dashboard: read("deploy/grafana/restow.json")?,
            guide: read("docs/src/content/docs/running/monitoring.mdx")?,
        })
    }

    /// What is named and not exported, exported and not in the guide, or an alert without a section in it.
    pub(super) fn faults(&self, exported: &BTreeSet<String>) -> Vec<String> {
        let mut faults = Vec::new();
        for (place, text) in [
            ("the dashboard", &self.dashboard),
            ("the rules", &self.rules),
            ("the guide", &self.guide),
        ] {
            let unknown = named(text)
                .into_iter()
                .filter(|name| !is_exported(name, exported));
            faults.extend(unknown.map(|name| format!("{place}: {name} is not exported")));
        }
        let explained = named(&self.guide);
        let unexplained = exported.iter().filter(|name| !explained.contains(*name));
        faults.extend(unexplained.map(|name| format!("the guide does not explain {name}")));
        let alerts = self.alerts();
        let without_section = alerts
            .iter()
            .filter(|alert| !self.guide.contains(&format!("\n### {alert}\n")));
        faults.extend(without_section.map(|alert| format!("the guide has no section {alert}")));
        let unlinked = alerts.iter().filter(|alert| {
            let runbook = format!("runbook: \"running/monitoring/#{}\"", alert.to_lowercase());
            !self.rules.contains(&runbook)
        });
        faults
            .extend(unlinked.map(|alert| format!("the alert {alert} names no runbook of its own")));
        faults
    }

    fn alerts(&self) -> Vec<&str> {
        let lines = self.rules.lines();
        lines
            .filter_map(|line| line.trim().strip_prefix("- alert: "))
            .collect()
    }
}

/// The words of a text that are names of metrics of ours.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words
        .filter(|word| PREFIXES.iter().any(|prefix| word.starts_with(prefix)))
        .map(str::to_string)
        .collect()
}

fn is_exported(name: &str, exported: &BTreeSet<String>) -> bool {
    let of_histogram = HISTOGRAM_SUFFIXES
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix));
    exported.contains(name) || of_histogram.into_iter().any(|name| exported.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(rules: &str, guide: &str) -> Sources {
        Sources {
            rules: rules.to_string(),
            dashboard: "rate(restow_a_seconds_bucket[5m])".to_string(),
            guide: guide.to_string(),
        }
    }

    #[test]
    fn names_that_are_not_exported_are_faults() {
        let exported = BTreeSet::from(["restow_a_seconds".to_string()]);
        let rule = "- alert: A\n expr: restow_b > 0\n runbook: \"running/monitoring/#a\"";
        let faults = sources(rule, "`restow_a_seconds`\n\n### A\n").faults(&exported);
        assert_eq!(faults, ["the rules: restow_b is not exported"]);
        let faults = sources("- alert: A\n", "").faults(&exported);
        assert_eq!(faults.len(), 3, "{faults:?}");
    }
}
