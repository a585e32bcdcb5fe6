//! The command line: puts a process together out of arguments, environment and configuration file.

/// Prints a line. A closed standard output is no error.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod adopt;
mod arguments;
mod configuration_file;
mod connect;
mod descriptors;
mod doctor;
mod embedded_s3;
mod environment;
mod events;
mod fsck;
mod jobs;
mod logging;
mod principals;
mod secret_file;
mod serve;
mod shutdown;
mod spans;
mod support_bundle;
mod tokens;
mod work;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use self::arguments::{Arguments, Command};
pub use self::descriptors::raise_limit;
use self::fsck::NotCompared;
use self::spans::Spans;
use crate::crash;

/// Exit code of a comparison that could not be made, also for invalid options.
const NOT_COMPARED: u8 = 2;

/// Runs the command that `arguments` name, the program's own name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match run(&arguments.into_iter().collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(usage) = error.downcast_ref::<clap::Error>() {
                // Help and version come this way too, and are no failure.
                let _ = usage.print();
                return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
            }
            eprintln!("error: {error:#}");
            match error.downcast_ref::<NotCompared>() {
                Some(_) => ExitCode::from(NOT_COMPARED),
                None => ExitCode::FAILURE,
            }
        }
    }
}

fn run(arguments: &[OsString]) -> anyhow::Result<()> {
    let command = configuration_file::apply(Arguments::command(), arguments)?;
    // After the file, whose entries are found by the names of the variables.
    let mut command = environment::ignore_empty(command);
    let matches = command.try_get_matches_from_mut(arguments)?;
    let parsed = Arguments::from_arg_matches(&matches)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let spans = match parsed.command.monitoring() {
        Some(monitoring) => Spans::start(monitoring, runtime.handle())?,
        None => Spans::default(),
    };
    logging::start(&parsed.logging, spans.tracer());
    descriptors::raise_limit();
    crash::arm().map_err(anyhow::Error::msg)?;
    let outcome = runtime.block_on(async {
        match parsed.command {
            Command::Serve(arguments) => serve::run(*arguments, spans).await,
            Command::Worker(arguments) => work::worker(*arguments, spans).await,
            Command::Reap(arguments) => work::reap(*arguments).await,
            Command::Adopt(arguments) => adopt::run(*arguments).await,
            Command::Doctor(arguments) => doctor::run(*arguments).await,
            Command::Fsck(arguments) => fsck::run(*arguments).await,
            Command::SupportBundle(arguments) => {
                let options = support_bundle::options(&command, &matches);
                support_bundle::run(*arguments, options).await
            }
            Command::Migrate(arguments) => connect::migrate(&arguments).await,
            Command::Token { database, action } => tokens::run(&database, action).await,
            Command::Principal { database, action } => principals::run(&database, action).await,
            Command::Events { database, action } => events::run(&database, action).await,
            Command::Job { database, action } => jobs::run(&database, action).await,
        }
    });
    // A thread that still reads from S3 must not keep the process.
    runtime.shutdown_background();
    outcome
}
