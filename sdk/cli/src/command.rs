//! The root of the command line.

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::dataset::DatasetAction;
use crate::diff::DiffArguments;
use crate::doctor::DoctorArguments;
use crate::exit;
use crate::global::GlobalArguments;
use crate::job::{JobAction, JobsArguments};
use crate::login::LoginArguments;
use crate::man::ManArguments;
use crate::open::OpenArguments;
use crate::preview::PreviewArguments;
use crate::pull::PullArguments;
use crate::push::{self, PushArguments};
use crate::raw_request::ApiArguments;
use crate::server_status::StatusArguments;
use crate::token::TokenAction;
use crate::trust::TrustAction;
use crate::version::{RestoreArguments, VersionsArguments};
use crate::webhook::WebhookAction;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  restow login --endpoint https://restow.example
  restow push weather.csv --create
  restow pull weather

Environment:
  RESTOW_ENDPOINT  URL of the server; overrides the one stored by `restow login`
  RESTOW_TOKEN     token; overrides the one stored by `restow login`
  RESTOW_CI_AUDIENCE
                   Audience of that token, where it is not the server's own URL or host
  RESTOW_CI_TOKEN  OpenID Connect token of a CI job, for `--ci`; GitHub Actions needs none
  RESTOW_PROFILE   profile of `restow login --profile` to use
  NO_COLOR         if set, do not use colors
  SSL_CERT_FILE, SSL_CERT_DIR   certification authorities to trust instead of those of the system
  AWS_CA_BUNDLE                 certification authorities to trust as well, like --ca-file
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY   proxies, and hosts that are reached without one

";

/// Replace the data of datasets by uploading files directly to S3
#[derive(Debug, Parser)]
#[command(name = "restow", version, styles = STYLES, after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub struct Arguments {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: GlobalArguments,
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Store the URL of the server and a token for later commands
    #[command(
        after_help = "Examples:\n  restow login --endpoint https://restow.example\n  \
                            restow login --endpoint https://restow.example --token-stdin < token\n  \
                            restow login --profile test --endpoint https://test.example\n  \
                            restow login --ci --dataset 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d --endpoint https://restow.example"
    )]
    Login(LoginArguments),
    /// Delete the URL and the token stored by `restow login`
    #[command(after_help = "Example:\n  restow logout")]
    Logout,
    /// Show which server and token are used, whose the token is, and what it is for
    #[command(after_help = "Examples:\n  restow whoami\n  restow whoami --profile test --json")]
    Whoami,
    /// Show the settings in effect, and where each comes from
    #[command(after_help = "Example:\n  restow config")]
    Config,
    /// Show the state of the server, or of datasets and their newest jobs
    #[command(after_help = "Examples:\n  restow status\n  restow status weather climate")]
    Status(StatusArguments),
    /// Create, list, show, rename, share and delete datasets, and set their policies
    #[command(
        subcommand,
        after_help = "Examples:\n  restow dataset create weather\n  restow dataset list --json | jq '.[].name'"
    )]
    Dataset(DatasetAction),
    /// Create, list and revoke tokens
    #[command(
        subcommand,
        after_help = "Example:\n  restow token create dashboard --scope read --dataset weather"
    )]
    Token(TokenAction),
    /// Let CI jobs publish to a dataset without a stored secret, and list or end that
    #[command(
        subcommand,
        after_help = "Example:\n  restow trust add weather --repository octo/weather --workflow publish.yml --branch main"
    )]
    Trust(TrustAction),
    /// Add, list and delete webhooks, rotate their secrets, and send events again
    #[command(
        subcommand,
        after_help = "Example:\n  restow webhook add weather https://hooks.example/restow --event version.committed"
    )]
    Webhook(WebhookAction),
    /// Upload files, each as the next version of a dataset
    #[command(after_help = push::EXAMPLES)]
    Push(Box<PushArguments>),
    /// Download the data of a dataset
    #[command(
        after_help = "Examples:\n  restow pull weather\n  restow pull weather --version 3 --output old.csv\n  \
                            restow pull weather -o - | head"
    )]
    Pull(PullArguments),
    /// List the jobs of a dataset, newest first
    #[command(after_help = "Example:\n  restow jobs weather --status ready")]
    Jobs(JobsArguments),
    /// Show, wait for, inspect, commit or cancel a job
    #[command(
        subcommand,
        after_help = "Examples:\n  restow job commit 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d --replaces 3\n  restow job wait weather"
    )]
    Job(JobAction),
    /// Show the findings, columns, first rows and changes of an uploaded file
    #[command(after_help = "Examples:\n  restow preview 0199d7a2-6c1e\n  restow preview weather")]
    Preview(PreviewArguments),
    /// List the versions of a dataset, newest first
    #[command(after_help = "Example:\n  restow versions weather")]
    Versions(VersionsArguments),
    /// Show the changes between two versions of a dataset
    #[command(after_help = "Examples:\n  restow diff weather 3\n  restow diff weather 3 5 --json")]
    Diff(DiffArguments),
    /// Make an earlier version the current one
    #[command(after_help = "Example:\n  restow restore weather 3")]
    Restore(RestoreArguments),
    /// Check the server, the token, the clocks, S3, and uploads from web pages
    #[command(
        after_help = "Doctor uploads a small file to a temporary dataset, and deletes that dataset at the end.\n\n\
                            Example:\n  restow doctor --origin https://app.example"
    )]
    Doctor(DoctorArguments),
    /// Send a request to the API with the token, and print the response
    #[command(after_help = "Examples:\n  restow api GET '/datasets?limit=10'\n  \
                            echo '{\"name\": \"weather\"}' | restow api POST /datasets --input -")]
    Api(ApiArguments),
    /// Open the API console of the server in a browser, and print its URL
    #[command(after_help = "Examples:\n  restow open\n  restow open --no-browser")]
    Open(OpenArguments),
    /// Print the manual page, or write those of all commands
    #[command(after_help = "Examples:\n  restow man | man -l -\n  \
                            restow man --output ~/.local/share/man/man1")]
    Man(ManArguments),
    /// Show the versions of this command, of the API, and of the server
    #[command(after_help = "Examples:\n  restow version\n  restow version --json")]
    Version,
    /// Print a completion script for a shell
    #[command(after_help = "Examples:\n  \
                            restow completions bash > ~/.local/share/bash-completion/completions/restow\n  \
                            restow completions zsh > ~/.zfunc/_restow\n  \
                            restow completions fish > ~/.config/fish/completions/restow.fish")]
    Completions {
        /// Shell that the script is for
        shell: Shell,
    },
}

impl Command {
    /// Whether the command sends the token that `restow login` has stored.
    pub fn sends_stored_token(&self) -> bool {
        match self {
            Self::Push(arguments) => !arguments.ci,
            Self::Login(_)
            | Self::Logout
            | Self::Config
            | Self::Open(_)
            | Self::Man(_)
            | Self::Version
            | Self::Completions { .. } => false,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_help_has_an_example() {
        let lacks_example = |command: &clap::Command| {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            !help.contains("Example")
        };
        let command = Arguments::command();
        assert!(!lacks_example(&command));
        for command in command.get_subcommands() {
            assert!(!lacks_example(command), "{}", command.get_name());
            let without = command
                .get_subcommands()
                .find(|command| lacks_example(command));
            assert!(
                without.is_none(),
                "{} {}",
                command.get_name(),
                without.unwrap().get_name()
            );
        }
    }

    #[test]
    fn token_argument_is_rejected() {
        for argument in ["--token", "--token=x"] {
            assert!(Arguments::try_parse_from(["restow", "login", argument]).is_err());
        }
    }
}
