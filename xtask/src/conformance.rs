//! `cargo xtask conformance`: the document and the server, tested with independent programs.

mod environment;
mod fuzzing;
mod go;
mod lint;
mod npm;
mod openapi_generator;
mod options;
mod python;
mod typescript;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::openapi;
use crate::server::Server;
use crate::workspace::target;
use go::Go;
use lint::Linters;
pub use options::{Arguments, Options};
use python::Python;
use typescript::TypeScript;

/// The programs, installed.
struct Programs {
    python: Python,
    typescript: TypeScript,
    linters: Linters,
    go: Go,
}

impl Programs {
    fn install() -> Result<Self> {
        let directory = directory();
        fs::create_dir_all(&directory)?;
        Ok(Self {
            python: Python::install(&directory)?,
            typescript: TypeScript::install(&directory)?,
            linters: Linters::install(&directory)?,
            go: Go::install(&directory)?,
        })
    }
}

fn directory() -> PathBuf {
    target().join("conformance")
}

/// Brings the programs that are not there yet.
///
/// # Errors
/// If one cannot be had.
pub fn fetch() -> Result<()> {
    Programs::install().map(drop)
}

/// Installs the programs, starts a server, and runs the programs against it.
///
/// # Errors
/// If a program cannot be installed, or anything does not conform; each failure has been printed.
pub fn run(options: &Options) -> Result<()> {
    let Programs {
        python,
        typescript,
        linters,
        go,
    } = Programs::install()?;
    let server = Server::start(options.system.as_deref(), &directory().join("server"))?;
    let document = openapi::file();
    let mut failed = Vec::new();
    let mut check = |name: &'static str, task: &dyn Fn() -> Result<()>| {
        println!("\n==> {name}");
        let begun = Instant::now();
        if let Err(error) = task() {
            println!("FAILED: {error:#}");
            failed.push(name);
        }
        println!("({:.0} s)", begun.elapsed().as_secs_f32());
    };
    check("openapi-spec-validator", &|| {
        python.run("openapi-spec-validator", |command| command.arg(&document))
    });
    check("redocly", &|| linters.redocly());
    check("spectral", &|| linters.spectral());
    check("schemathesis", &|| fuzzing::run(&python, &server, options));
    check("openapi-python-client", &|| {
        python.generated_client(&server)
    });
    check("fsspec and DuckDB", &|| python.readers(&server));
    check("openapi-typescript", &|| {
        typescript.generated_client(&server)
    });
    check("hey-api", &|| typescript.hey_api_client(&server));
    check("openapi-generator, Python", &|| {
        openapi_generator::python_client(&python, &server)
    });
    check("openapi-generator, Go", &|| {
        openapi_generator::go_client(&python, &go, &server)
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
