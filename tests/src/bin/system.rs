//! Programs that drive whole systems, the server itself, and its command-line client, so that one build is enough for
//! all of them.

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Parser;
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::s3_server::{Kind, S3_VARIABLE};
use restow_tests::{Postgres, S3Server, SharedS3Server, bench, demo, monitoring, torture, upgrade};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next();
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = program.into_iter().chain(arguments).collect();
    match name.to_str() {
        Some("server") => restow_server::cli::main(rest),
        Some("restow") => restow_cli::main(rest),
        Some("conformance") => restow_conformance::main(rest),
        Some("demo") => drive(demo_of(demo::Arguments::parse_from(rest))),
        Some("bench") => drive(bench_of(bench::Arguments::parse_from(rest))),
        Some("monitoring") => drive(monitoring_of(monitoring::Arguments::parse_from(rest))),
        Some("torture") => drive(torture_of(torture::Arguments::parse_from(rest))),
        Some("upgrade-drill") => drive(upgrade_of(upgrade::Arguments::parse_from(rest))),
        Some("with-postgres") => ended(with_postgres(&rest[1..])),
        Some("with-s3") => ended(with_s3(&rest[1..])),
        _ => {
            eprintln!(
                "usage: system server|restow|conformance|demo|bench|monitoring|torture|upgrade-drill|with-postgres|with-s3 …"
            );
            ExitCode::from(2)
        }
    }
}

/// Runs a command beside a PostgreSQL cluster of its own, which the contract tests then use.
fn with_postgres(command: &[OsString]) -> Result<bool> {
    if !Postgres::is_installed() {
        println!(
            "SKIPPED: PostgreSQL is not installed; Debian: apt-get install postgresql, macOS: brew install postgresql"
        );
        return Ok(true);
    }
    let cluster = Postgres::start()?;
    println!("{}", cluster.version()?);
    run(command, POSTGRES_VARIABLE, cluster.socket().as_os_str())
}

/// Runs a command beside an S3 server of its own, named by the first argument, which the contract tests then use.
fn with_s3(arguments: &[OsString]) -> Result<bool> {
    let (name, command) = arguments.split_first().context("which S3 server?")?;
    let kind = name
        .to_str()
        .and_then(Kind::named)
        .context("there is only seaweedfs and ceph")?;
    let Some(server) = S3Server::start_if_installed(kind)? else {
        return Ok(true);
    };
    let succeeded = run(
        command,
        S3_VARIABLE,
        SharedS3Server::of(&server).to_variable()?.as_ref(),
    )?;
    if !succeeded {
        eprintln!("the S3 server was {server}");
    }
    Ok(succeeded)
}

/// Whether a command with a further variable succeeds.
fn run(command: &[OsString], variable: &str, value: &OsStr) -> Result<bool> {
    let (program, arguments) = command.split_first().context("which command?")?;
    Ok(Command::new(program)
        .args(arguments)
        .env(variable, value)
        .status()?
        .success())
}

fn ended(outcome: Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn demo_of(arguments: demo::Arguments) -> anyhow::Result<()> {
    demo::run(&std::env::current_exe()?, arguments).await
}

async fn bench_of(arguments: bench::Arguments) -> anyhow::Result<()> {
    bench::run(&std::env::current_exe()?, arguments).await
}

async fn monitoring_of(arguments: monitoring::Arguments) -> anyhow::Result<()> {
    monitoring::run(&std::env::current_exe()?, arguments).await
}

async fn torture_of(arguments: torture::Arguments) -> anyhow::Result<()> {
    torture::run(&std::env::current_exe()?, arguments).await
}

async fn upgrade_of(arguments: upgrade::Arguments) -> anyhow::Result<()> {
    upgrade::run(&std::env::current_exe()?, arguments).await
}

fn drive(program: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    ended(
        runtime
            .map_err(anyhow::Error::from)
            .and_then(|runtime| runtime.block_on(program))
            .map(|()| true),
    )
}
