//! The Python package: its wheel, built with the development profile, its types, and its tests against a server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install;
use crate::process::succeed;
use crate::server::Server;
use crate::workspace::{renew, root, target};

/// Brings the tools and libraries that are not there yet.
///
/// # Errors
/// If one cannot be had.
pub fn fetch() -> Result<()> {
    let requirements = sources().join("tests/requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    install::bring(
        &directory().join("tools"),
        "the tools and libraries of sdk/python/tests/requirements.txt",
        &wanted,
        |into| {
            install::packages(
                &into.join("venv"),
                &["--requirement", &requirements.to_string_lossy()],
            )
        },
    )
}

fn sources() -> PathBuf {
    root().join("sdk/python")
}

fn directory() -> PathBuf {
    target().join("python")
}

/// Builds the wheel, installs it, checks its types, and runs its tests against the server of the program `system`.
///
/// # Errors
/// If a tool cannot be installed, or anything fails.
pub fn run(system: &Path) -> Result<()> {
    let package = Package::install()?;
    package.check_types()?;
    // The receivers of the tests have addresses of this machine.
    let options = ["--webhook-allow-private"];
    let server = Server::start_with(Some(system), &directory().join("server"), &options)?;
    let admin_token = server.make_admin(Some(system))?;
    package
        .test(&server, &admin_token)
        .with_context(|| format!("the server's log is {}", server.log().display()))
}

/// The package, installed into an environment of its own.
struct Package {
    sources: PathBuf,
    directory: PathBuf,
}

impl Package {
    fn install() -> Result<Self> {
        fetch()?;
        let package = Self {
            sources: sources(),
            directory: directory(),
        };
        package.build()?;
        Ok(package)
    }

    fn build(&self) -> Result<()> {
        let wheels = self.directory.join("wheels");
        renew(&wheels)?;
        let mut maturin = self.program("maturin");
        maturin
            .args(["build", "--locked", "--out"])
            .arg(&wheels)
            .env("CARGO_TARGET_DIR", target());
        succeed(&mut maturin)?;
        let wheel = fs::read_dir(&wheels)?.next();
        let wheel = wheel.context("maturin built no wheel")??.path();
        let mut install = self.program("pip");
        install.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-index",
            "--no-deps",
            "--force-reinstall",
        ]);
        succeed(install.arg(wheel))
    }

    /// Checks the package, its use by the tests, and that the stub of the native module describes it.
    fn check_types(&self) -> Result<()> {
        for arguments in [&["--package", "restow"][..], &["tests"]] {
            let mut mypy = self.program("mypy");
            mypy.arg("--cache-dir").arg(self.directory.join("mypy"));
            succeed(mypy.args(arguments))?;
        }
        let mut stubtest = self.program("stubtest");
        succeed(stubtest.args(["restow._native", "--mypy-config-file", "pyproject.toml"]))
    }

    fn test(&self, server: &Server, admin_token: &str) -> Result<()> {
        let mut tests = self.program("pytest");
        tests
            .env("RESTOW_ENDPOINT", server.url())
            .env("RESTOW_TOKEN", server.token())
            .env("RESTOW_OTHER_TOKEN", server.other_token())
            .env("RESTOW_ADMIN_TOKEN", admin_token);
        succeed(tests.arg("--quiet"))
    }

    /// A program of the environment, which runs in the directory of the sources.
    fn program(&self, name: &str) -> Command {
        let environment = self.directory.join("tools/venv");
        let mut command = Command::new(environment.join("bin").join(name));
        command
            .current_dir(&self.sources)
            .env("VIRTUAL_ENV", &environment)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}
