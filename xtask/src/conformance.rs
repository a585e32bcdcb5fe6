//! `cargo xtask conformance`: the document and the server, judged by programs that know nothing of ours.

mod fuzzing;
mod python;
mod typescript;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::openapi;
use crate::server::Server;
use crate::workspace::{root, target};
use python::Python;
use typescript::TypeScript;

/// How conformance is tested.
#[derive(clap::Args)]
pub struct Options {
    /// Tests of each operation with generated values, beside those of its boundaries
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().examples)]
    examples: u64,
    /// Where the generated values begin; the same seed gives the same ones
    #[arg(long, default_value_t = Self::default().seed)]
    seed: u64,
    /// Run the server in this program, a build of `system`, instead of building one
    #[arg(long, value_name = "PROGRAM")]
    system: Option<PathBuf>,
}

impl Options {
    /// The defaults, with a server in a program that has been built.
    pub fn with_system(system: PathBuf) -> Self {
        Self {
            system: Some(system),
            ..Self::default()
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            examples: 200,
            seed: 1,
            system: None,
        }
    }
}

/// Brings what is needed, starts a server, and has it judged.
///
/// # Errors
/// If something cannot be brought, or anything does not conform; each failure has been printed.
pub fn run(options: &Options) -> Result<()> {
    let directory = target().join("conformance");
    fs::create_dir_all(&directory)?;
    let python = Python::install(&directory)?;
    let typescript = TypeScript::install(&directory)?;
    let server = Server::start(options.system.as_deref(), &directory.join("server"))?;
    let document = openapi::file();
    let mut failed = Vec::new();
    let mut judge = |name: &'static str, verdict: &dyn Fn() -> Result<()>| {
        println!("\n==> {name}");
        let begun = Instant::now();
        if let Err(error) = verdict() {
            println!("FAILED: {error:#}");
            failed.push(name);
        }
        println!("({:.0} s)", begun.elapsed().as_secs_f32());
    };
    judge("openapi-spec-validator", &|| {
        python.run("openapi-spec-validator", |command| command.arg(&document))
    });
    judge("schemathesis", &|| fuzzing::run(&python, &server, options));
    judge("openapi-python-client", &|| {
        python.generated_client(&server)
    });
    judge("openapi-typescript", &|| {
        typescript.generated_client(&server)
    });
    if !failed.is_empty() {
        bail!(
            "{} failed; the server's log is {}",
            failed.join(", "),
            server.log().display()
        );
    }
    println!("\nthe server and its document conform");
    Ok(())
}

/// The programs and settings of these tests.
fn sources() -> PathBuf {
    root().join("tests/conformance")
}

/// Runs a command that says itself what is wrong.
fn succeed(command: &mut Command) -> Result<()> {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .display()
        .to_string();
    let status = command
        .status()
        .with_context(|| format!("{program} cannot be run"))?;
    if !status.success() {
        bail!("{program} ended with {status}");
    }
    Ok(())
}

/// The search path of programs with a directory in front.
fn search_path(first: &Path) -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(
        std::iter::once(first.to_path_buf()).chain(env::split_paths(&path)),
    )?)
}
