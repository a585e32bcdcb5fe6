//! Programs that drive whole systems, and the server itself, so that one build is enough for all of them.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use restow_tests::demo;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next();
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = program.into_iter().chain(arguments).collect();
    match name.to_str() {
        Some("server") => restow_server::cli::main(rest),
        Some("demo") => drive(demo_of(demo::Arguments::parse_from(rest))),
        _ => {
            eprintln!("usage: system server|demo …");
            ExitCode::from(2)
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
