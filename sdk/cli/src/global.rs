//! Options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::environment::trimmed;
use crate::profile::{Profile, profile_name};
use crate::shell_word::option_words;

/// Options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArguments {
    /// URL or address of the server [default: the one stored by `restow login`]
    // The variable is not clap's: usage errors would ask for the option where it is set.
    #[arg(long, value_name = "URL", global = true)]
    endpoint: Option<String>,
    /// Profile of `restow login --profile` to use, also if the environment names a server and a token
    #[arg(long, value_name = "NAME", value_parser = profile_name, global = true)]
    profile: Option<String>,
    /// Trust the certification authorities in this PEM file as well, for the server and for S3
    #[arg(long, value_name = "FILE", global = true)]
    pub ca_file: Option<PathBuf>,
    /// Print results as JSON on standard output, and errors as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only errors and the identifiers of results
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print each request on standard error: method, URL, status, milliseconds, and its identifier
    #[arg(long, short, global = true)]
    pub verbose: bool,
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
    /// The endpoint of the command line.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint
            .as_deref()
            .map(trimmed)
            .filter(|endpoint| !endpoint.is_empty())
    }

    /// The profile to use: that of the command line, that of `RESTOW_PROFILE`, or the default one.
    ///
    /// # Errors
    /// If the variable is no name of a profile.
    pub fn profile(&self) -> anyhow::Result<Profile> {
        match &self.profile {
            Some(name) => Ok(Profile::of_command_line(name)),
            None => Profile::of_environment(),
        }
    }

    /// Options that another command needs for the same server, each with a blank before it.
    pub fn server_options(&self) -> String {
        let profile = self.profile.as_ref();
        let options = [
            self.endpoint()
                .map(|endpoint| option_words("--endpoint", endpoint)),
            profile.map(|profile| option_words("--profile", profile)),
            self.ca_file
                .as_ref()
                .map(|file| option_words("--ca-file", file)),
        ];
        let options = options.into_iter().flatten();
        options.fold(String::new(), |words, option| words + " " + &option)
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
