//! Options that every command takes.

use clap::{Args, ValueEnum};

/// Options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArguments {
    /// URL of the server [default: the one stored by `restow login`]
    #[arg(
        long,
        env = "RESTOW_ENDPOINT",
        value_name = "URL",
        hide_env = true,
        global = true
    )]
    endpoint: Option<String>,
    /// Print results as JSON on standard output, and errors as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only errors and the identifiers of results
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colors: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        global = true
    )]
    pub color: Color,
}

impl GlobalArguments {
    /// The endpoint; `None` if it is missing or empty.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint
            .as_deref()
            .filter(|endpoint| !endpoint.is_empty())
    }

    /// The endpoint, if it comes from the command line and not from the environment.
    pub fn endpoint_of_command_line(&self) -> Option<&str> {
        self.endpoint()
            .filter(|endpoint| std::env::var("RESTOW_ENDPOINT").ok().as_deref() != Some(endpoint))
    }
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
