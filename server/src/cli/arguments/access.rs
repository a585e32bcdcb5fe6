//! What an operator does with principals and their tokens.

use std::time::Duration;

use bytesize::ByteSize;
use clap::Subcommand;
use restow_api::scope::Scope;
use uuid::Uuid;

use super::value::{duration, rate};
use crate::rate_limit::Rate;

/// Lifetime of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLife {
    /// It is valid until it is revoked.
    Unlimited,
    /// It is valid for so long.
    Limited(Duration),
}

fn token_life(text: &str) -> Result<TokenLife, String> {
    if text == "never" {
        Ok(TokenLife::Unlimited)
    } else {
        duration(text).map(TokenLife::Limited)
    }
}

#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Create a token and print it; it cannot be printed again
    #[command(
        after_help = "Examples:\n  restow-server token create --principal alice --expires 30d\n  \
                      restow-server token create --principal nightly --scopes upload,commit --name 'nightly load'"
    )]
    Create {
        /// Principal that the token belongs to; created if it does not exist
        #[arg(long, value_name = "NAME")]
        principal: String,
        /// What the token is called, so that its owner knows what uses it
        #[arg(long, value_name = "TEXT", default_value = "")]
        name: String,
        /// What the token may be used for: read, upload, commit, delete, admin [default: all of them]
        #[arg(long, value_name = "LIST", value_delimiter = ',')]
        scopes: Vec<Scope>,
        /// Identifiers of the datasets that the token is for [default: all that its principal may use]
        #[arg(long, value_name = "LIST", value_delimiter = ',')]
        datasets: Vec<Uuid>,
        /// Lifetime of the token, or never
        #[arg(long, value_name = "TIME", default_value = "90d", value_parser = token_life)]
        expires: TokenLife,
        /// Make the principal an administrator of the deployment
        #[arg(long)]
        admin: bool,
    },
    /// List all tokens, without their secrets
    #[command(after_help = "Examples:\n  restow-server token list\n  \
                      restow-server token list --json | jq '.[] | select(.revoked_at == null)'")]
    List {
        /// Only those of this principal
        #[arg(long, value_name = "NAME")]
        principal: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token. Running servers refuse it within five seconds
    Revoke {
        /// Identifier of the token, as `token list` shows it
        id: Uuid,
    },
}

#[derive(Debug, Subcommand)]
pub enum PrincipalAction {
    /// List all principals, what they store, and their limits
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a principal an administrator, who may use every dataset as its owner may, and manage all tokens and grants
    Promote {
        /// Name of the principal
        name: String,
    },
    /// Revoke the administrator role of a principal
    Demote {
        /// Name of the principal
        name: String,
    },
    /// Set the limits of a principal, in place of those of the server; without options, those of the server count again
    #[command(
        after_help = "Example:\n  restow-server principal limit alice --quota 1TiB --max-open-jobs 50 \
                      --request-rate 6000/1m"
    )]
    Limit {
        /// Name of the principal
        name: String,
        /// Total size of its versions and open jobs
        #[arg(long, value_name = "SIZE")]
        quota: Option<ByteSize>,
        /// Jobs that it may have open
        #[arg(long, value_name = "NUMBER")]
        max_open_jobs: Option<u64>,
        /// Requests that it may send to each process, as COUNT/TIME
        #[arg(long, value_name = "RATE", value_parser = rate)]
        request_rate: Option<Rate>,
        /// URLs that each process may sign for its datasets
        #[arg(long, value_name = "RATE", value_parser = rate)]
        url_rate: Option<Rate>,
    },
    /// Refuse all tokens of a principal. Running servers refuse them within five seconds
    Disable {
        /// Name of the principal
        name: String,
    },
    /// Accept the tokens of a principal again
    Enable {
        /// Name of the principal
        name: String,
    },
    /// Delete the datasets, tokens, grants and the name of a principal. The datasets can be undeleted by an administrator
    /// during --delete-grace; all else cannot be undone
    Erase {
        /// Name of the principal
        name: String,
        /// Erase it; without this, only what would be erased is listed
        #[arg(long)]
        yes: bool,
    },
}
