//! Options that every command takes.

use clap::{Args, ValueEnum};

/// Options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArguments {
    /// URL or address of the server [default: the one stored by `restow login`]
    // The variable is not clap's: usage errors would ask for the option where it is set.
    #[arg(long, value_name = "URL", global = true)]
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
    /// The endpoint of the command line or of `RESTOW_ENDPOINT`; `None` if it is missing or empty.
    pub fn endpoint(&self) -> Option<String> {
        let variable = || variable("RESTOW_ENDPOINT");
        let given = self.endpoint_of_command_line().map(str::to_string);
        given.or_else(variable)
    }

    /// The endpoint, if it comes from the command line and not from the environment.
    pub fn endpoint_of_command_line(&self) -> Option<&str> {
        self.endpoint
            .as_deref()
            .map(trimmed)
            .filter(|endpoint| !endpoint.is_empty())
    }
}

/// The text of an environment variable; `None` if it is empty, which is how scripts and container files unset one.
pub fn variable(name: &str) -> Option<String> {
    let text = std::env::var(name).ok()?;
    Some(trimmed(&text).to_string()).filter(|text| !text.is_empty())
}

/// The text without the blanks, line ends and byte order marks that files, shells and editors put around it.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|around: char| around.is_whitespace() || around == '\u{feff}')
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
