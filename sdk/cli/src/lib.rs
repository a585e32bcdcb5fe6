//! The `restow` command: the client for people and scripts.
//!
//! `command` is the root of the command line. Each command is one module with its arguments, what it does, and the text
//! that it prints. `context` holds what commands share: the client, the output format, and the interruption. `output`
//! prints text or JSON, `progress` shows bars, `report` prints errors with their `hint`, and `exit` has the exit codes.

mod about;
mod accept_arguments;
mod ci;
mod column_table;
mod command;
mod context;
mod credentials;
mod dataset;
mod delay;
mod device;
mod dialect;
mod diff;
mod doctor;
mod environment;
mod error_code;
mod exit;
mod failure;
mod findings;
mod first_signal;
mod global;
mod hint;
mod interrupt;
mod job;
mod job_reference;
mod list;
mod locale;
mod login;
mod login_options;
mod man;
mod network_hint;
mod once;
mod open;
mod output;
mod preview;
mod printable;
mod profile;
mod progress;
mod pull;
mod push;
mod raw_request;
mod read_arguments;
mod replaces;
mod report;
mod safe_filename;
mod schema_diff;
mod server_document;
mod server_status;
mod settings;
mod shell_word;
mod sparkline;
mod table;
mod token;
mod trust;
mod units;
mod verbose;
mod version;
mod webhook;
mod whoami;
mod wrap;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{ColorChoice, CommandFactory, FromArgMatches};
use tokio_util::sync::CancellationToken;

use self::command::{Arguments, Command};
use self::context::Context;
pub use self::credentials::Credentials;
use self::failure::Failure;
use self::global::Color;
use self::interrupt::{Work, unless_interrupted};
use self::output::Output;

/// Timeout of blocking threads at the end of the process.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(100);

/// Runs a command line as the main function of a process. The first argument is the name of the program.
///
/// Prints results and errors, and returns the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(exit_status(arguments))
}

/// Runs a command line like [`main`], for a process of another program, and returns the exit code as a number.
///
/// Signals are handled until the end of the process, so it should end with this code.
pub fn exit_status(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let format = ErrorFormat::of(&arguments);
    let parsed = match parse(&arguments, format.color) {
        Ok(parsed) => parsed,
        Err(usage) => return report_usage(&usage, format.json),
    };
    let output = Output {
        json: parsed.global.json,
        quiet: parsed.global.quiet,
    };
    match run(parsed, output) {
        Ok(()) => 0,
        Err(error) => report::report(output, &error),
    }
}

/// How to print an error about the arguments themselves, read before they are parsed.
struct ErrorFormat {
    json: bool,
    color: ColorChoice,
}

impl ErrorFormat {
    fn of(arguments: &[OsString]) -> Self {
        let options: Vec<_> = arguments
            .iter()
            .map(|argument| argument.to_string_lossy())
            .collect();
        let options: Vec<&str> = options
            .iter()
            .map(AsRef::as_ref)
            .take_while(|option| *option != "--")
            .collect();
        let is_color = |when: &str| {
            let is_separate = options.windows(2).any(|pair| pair == ["--color", when]);
            is_separate || options.contains(&format!("--color={when}").as_str())
        };
        let color = match () {
            () if is_color("never") => ColorChoice::Never,
            () if is_color("always") => ColorChoice::Always,
            () => ColorChoice::Auto,
        };
        Self {
            json: options.contains(&"--json"),
            color,
        }
    }
}

fn parse(arguments: &[OsString], color: ColorChoice) -> Result<Arguments, clap::Error> {
    let command = Arguments::command().color(color);
    Arguments::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

fn report_usage(usage: &clap::Error, json: bool) -> u8 {
    if json && usage.use_stderr() {
        let rendered = usage.render().to_string();
        let first = rendered
            .split("\n\n")
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        let message = first.split_whitespace().collect::<Vec<_>>().join(" ");
        return report::report(
            Output { json, quiet: false },
            &Failure::Usage(message).into(),
        );
    }
    // Help and version are also errors to clap, with exit code 0.
    let _ = usage.print();
    u8::try_from(usage.exit_code()).unwrap_or(exit::USAGE)
}

fn run(arguments: Arguments, output: Output) -> Result<()> {
    set_colors(arguments.global.color);
    if arguments.global.verbose {
        verbose::start(output)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let interrupt = interrupt::listen()?;
        Box::pin(execute(arguments, output, interrupt)).await
    });
    // A password prompt needs a moment to restore the terminal after Ctrl-C. A thread that still blocks on input must
    // not keep the process alive.
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    outcome
}

fn set_colors(color: Color) {
    if color != Color::Auto {
        console::set_colors_enabled(color == Color::Always);
        console::set_colors_enabled_stderr(color == Color::Always);
    }
}

async fn execute(arguments: Arguments, output: Output, interrupt: CancellationToken) -> Result<()> {
    let Arguments { global, command } = arguments;
    if command.sends_stored_token() {
        let renewed: Work<()> = Box::pin(device::renew_stored(&global));
        unless_interrupted(&interrupt, renewed).await?;
    }
    let context = || Context::new(&global, output, interrupt.clone());
    let work: Work<()> = match command {
        // These handle the interruption themselves, to clean up or to print how to resume.
        Command::Push(arguments) if arguments.ci => {
            let login = arguments.ci_login(&global)?;
            let started = Context::of_ci_job(&global, login, output, interrupt.clone());
            let context = unless_interrupted(&interrupt, started).await?;
            return push::run(&context, *arguments).await;
        }
        Command::Push(arguments) => return push::run(&context()?, *arguments).await,
        Command::Pull(arguments) => return pull::run(&context()?, arguments).await,
        Command::Doctor(arguments) => {
            return doctor::run(&global, &arguments, output, &interrupt).await;
        }

        Command::Login(arguments) => Box::pin(login::login(&global, arguments, output)),
        Command::Logout => return login::logout(&global, output),
        Command::Config => return settings::run(&global, output),
        Command::Open(arguments) => return open::run(&global, &arguments, output),
        Command::Man(arguments) => return man::run(&arguments, Arguments::command(), output),
        Command::Whoami => Box::pin(whoami::run(&global, output)),
        Command::Version => Box::pin(about::run(&global, output)),
        Command::Status(arguments) if arguments.datasets.is_empty() => {
            Box::pin(server_status::of_server(&global, output))
        }
        Command::Status(arguments) => {
            let context = context()?;
            Box::pin(async move { server_status::of_datasets(context, &arguments.datasets).await })
        }
        Command::Api(arguments) => Box::pin(raw_request::run(context()?, arguments)),
        Command::Token(action) => Box::pin(token::run(context()?, action)),
        Command::Dataset(action) => Box::pin(dataset::run(context()?, action)),
        Command::Trust(action) => Box::pin(trust::run(context()?, action)),
        Command::Webhook(action) => Box::pin(webhook::run(context()?, action)),
        Command::Jobs(arguments) => Box::pin(job::list(context()?, arguments)),
        Command::Job(action) => Box::pin(job::run(context()?, action)),
        Command::Preview(arguments) => Box::pin(preview::run(context()?, arguments)),
        Command::Versions(arguments) => Box::pin(version::list(context()?, arguments)),
        Command::Diff(arguments) => Box::pin(diff::run(context()?, arguments)),
        Command::Restore(arguments) => Box::pin(version::restore(context()?, arguments)),
        Command::Completions { shell } => return completions(shell),
    };
    unless_interrupted(&interrupt, work).await
}

fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "restow", &mut script);
    output::write(&String::from_utf8_lossy(&script))
}
