//! Metrics, dashboard and alerts: the rules are valid and fire when they are to, and what they name is exported by running
//! processes.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::install;
use crate::process::succeed;
use crate::workspace::{root, target};

/// The rules, and their unit tests.
const RULES: &str = "deploy/prometheus/restow.rules.yml";
const TESTS: &str = "deploy/prometheus/restow.rules.test.yml";

/// Checks the rules and runs their unit tests; then `system` runs a deployment on PostgreSQL under load, beside a Prometheus
/// with these rules, until its dashboard is drawn and an alert has fired.
///
/// # Errors
/// If something is not as it should be.
pub fn check(system: &Path) -> Result<()> {
    let Some(programs) = install::prometheus() else {
        println!(
            "SKIPPED: Prometheus is not installed; `cargo xtask install` installs it on Debian for x86-64"
        );
        return Ok(());
    };
    for (task, file) in [("check", RULES), ("test", TESTS)] {
        succeed(
            Command::new(programs.join("promtool"))
                .args([task, "rules", file])
                .current_dir(root()),
        )?;
    }
    succeed(
        Command::new(system)
            .arg("with-postgres")
            .arg(system)
            .arg("monitoring")
            .arg("--programs")
            .arg(programs)
            .arg("--repository")
            .arg(root())
            .arg("--output")
            .arg(target().join("monitoring")),
    )
}
