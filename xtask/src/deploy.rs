//! The checks of what is in `deploy`, and of what the documents say is tested.

use std::process::Command;

use anyhow::Result;

use crate::install::{DeployTools, deploy_tools};
use crate::process::succeed;
use crate::workspace::{cargo, root, target};
use crate::{references, sbom};

/// Files with tests of `deploy`, in Python since they read YAML.
const TESTS: [&str; 4] = ["release", "units", "chart", "image"];

/// Runs all checks.
///
/// # Errors
/// If a tool cannot be installed, or a check fails.
pub fn check() -> Result<()> {
    references::check()?;
    // With the tests, whose dependencies decide about features too, so that only the program itself is left to be linked.
    succeed(cargo().args(["build", "--workspace", "--bin", "restow-server", "--tests"]))?;
    let server = target().join("debug/restow-server");
    let tools = deploy_tools()?;
    for name in TESTS {
        let mut tests = tools.python();
        tests.arg(root().join("deploy/tests").join(format!("{name}.py")));
        tests.env("RESTOW_SERVER", &server);
        println!("\n{name}");
        succeed(with_tools(&mut tests, &tools))?;
    }
    sbom::check()
}

fn with_tools<'a>(tests: &'a mut Command, tools: &DeployTools) -> &'a mut Command {
    tests
        .env("HELM", &tools.helm)
        .env("HADOLINT", tools.program("hadolint"))
        .env("SYSTEMD_ANALYZE", "systemd-analyze");
    if let Some(buildah) = &tools.buildah {
        tests.env("BUILDAH", &buildah.program);
        tests.env("RUNTIME", &buildah.runtime);
    }
    tests
}
