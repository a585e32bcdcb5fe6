//! The metrics of a process, in the text format of Prometheus.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The metrics of a process.
pub(super) struct Exposition(String);

impl Exposition {
    /// Reads the metrics at a URL.
    pub(super) async fn fetch(url: &str) -> Result<Self> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let request = client.get(url).header("accept", "text/plain");
        let response = request.send().await?.error_for_status()?;
        Ok(Self(response.text().await?))
    }

    /// Has promtool check names, descriptions and format.
    pub(super) fn check(&self, programs: &Path) -> Result<()> {
        let mut promtool = Command::new(programs.join("promtool"))
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("failed to run promtool")?;
        let mut input = promtool.stdin.take().context("promtool takes no input")?;
        input.write_all(self.0.as_bytes())?;
        drop(input);
        let output = promtool.wait_with_output()?;
        let said = [output.stdout, output.stderr].concat();
        ensure!(
            output.status.success(),
            "promtool check metrics: {}",
            String::from_utf8_lossy(&said)
        );
        Ok(())
    }

    /// The names of the metrics that have values, as they are described.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let values: BTreeSet<&str> = self
            .0
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split(['{', ' ']).next())
            .collect();
        let has_values = |name: &str, kind: &str| match kind {
            "histogram" => values.contains(format!("{name}_count").as_str()),
            _ => values.contains(name),
        };
        let described = self.0.lines().filter_map(|line| {
            let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
            has_values(name, kind).then(|| name.to_string())
        });
        described.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Exposition;

    #[test]
    fn only_metrics_with_values_are_exported() {
        let exposition = Exposition(
            "# TYPE a_total counter\na_total{b=\"c\"} 1\n# TYPE d histogram\nd_bucket{le=\"+Inf\"} 1\nd_count 1\n\
             # TYPE e gauge\n"
                .to_string(),
        );
        let names: Vec<_> = exposition.names().into_iter().collect();
        assert_eq!(names, ["a_total", "d"]);
    }
}
