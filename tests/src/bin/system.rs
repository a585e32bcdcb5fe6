//! Programs that drive whole systems, and the server itself, so that one build is enough for all of them.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Context;
use clap::Parser;
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{Postgres, demo};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next();
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = program.into_iter().chain(arguments).collect();
    match name.to_str() {
        Some("server") => restow_server::cli::main(rest),
        Some("demo") => drive(demo_of(demo::Arguments::parse_from(rest))),
        Some("with-postgres") => with_postgres(&rest[1..]),
        _ => {
            eprintln!("usage: system server|demo|with-postgres …");
            ExitCode::from(2)
        }
    }
}

/// Runs a command beside a PostgreSQL cluster of its own, which the contract tests then use.
fn with_postgres(command: &[OsString]) -> ExitCode {
    if !Postgres::is_installed() {
        println!(
            "SKIPPED: PostgreSQL is not installed; Debian: apt-get install postgresql, macOS: brew install postgresql"
        );
        return ExitCode::SUCCESS;
    }
    let outcome = Postgres::start().and_then(|cluster| {
        let (program, arguments) = command.split_first().context("which command?")?;
        Ok(Command::new(program).args(arguments).env(POSTGRES_VARIABLE, cluster.socket()).status()?)
    });
    match outcome {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn demo_of(arguments: demo::Arguments) -> anyhow::Result<()> {
    demo::run(&std::env::current_exe()?, arguments).await
}

fn drive(program: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(program)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
