//! `restow token`.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use uuid::Uuid;

use crate::context::Context;
use crate::once::in_doubt;
use crate::printable::printable;
use crate::shell_word::option_words;
use crate::{list, units};
use restow_sdk::Error;
use restow_sdk::generated::types::{CreateTokenRequest, CreatedToken, Scope, Token};

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScopeArgument {
    /// Read datasets, jobs and versions, and download versions
    Read,
    /// Create datasets, and upload to them
    Upload,
    /// Make what was uploaded, or an older version, the current version
    Commit,
    /// Delete datasets, and undo that
    Delete,
    /// Rename datasets, and change policies, grants and tokens
    Admin,
}

impl From<ScopeArgument> for Scope {
    fn from(scope: ScopeArgument) -> Self {
        match scope {
            ScopeArgument::Read => Self::Read,
            ScopeArgument::Upload => Self::Upload,
            ScopeArgument::Commit => Self::Commit,
            ScopeArgument::Delete => Self::Delete,
            ScopeArgument::Admin => Self::Admin,
        }
    }
}

/// Commands on tokens.
#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Create a token that may do no more than the current one, and print it; it cannot be printed again
    #[command(
        after_help = "Examples:\n  restow token create 'nightly load' --scope upload --scope commit --dataset weather\n  \
                      restow token create dashboard --scope read --expires 30d > token"
    )]
    Create {
        /// What the token is called, so that you know what uses it
        name: String,
        /// What the token may be used for; repeatable
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<ScopeArgument>,
        /// Name or identifier of a dataset that the token is for; repeatable [default: all that you may use]
        #[arg(long = "dataset", value_name = "NAME|ID")]
        datasets: Vec<String>,
        /// Lifetime of the token, from a minute to a year; it ends with that of the current token at the latest
        #[arg(long, value_name = "TIME", default_value = "90d", value_parser = humantime::parse_duration)]
        expires: Duration,
        /// Principal that the token belongs to, if not you; for administrators
        #[arg(long, value_name = "NAME")]
        principal: Option<String>,
    },
    /// List your tokens, oldest first, without their secrets
    #[command(visible_alias = "ls", after_help = "Example:\n  restow token list")]
    List {
        /// Principal whose tokens are listed, if not you; for administrators
        #[arg(long, value_name = "NAME")]
        principal: Option<String>,
    },
    /// Revoke a token, and those that were created with it; servers refuse them within five seconds
    #[command(after_help = "Example:\n  restow token revoke 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d")]
    Revoke {
        /// Identifier of the token, as `restow token list` shows it
        #[arg(value_name = "ID")]
        token: Uuid,
    },
}

/// Runs a command on tokens.
///
/// # Errors
/// Those of the API.
pub async fn run(context: Context, action: TokenAction) -> Result<()> {
    match action {
        TokenAction::Create {
            name,
            scopes,
            datasets,
            expires,
            principal,
        } => {
            let mut ids = Vec::with_capacity(datasets.len());
            for dataset in &datasets {
                ids.push(context.client.find_dataset(dataset).await?.id);
            }
            let body = request(&name, &scopes, ids, expires, principal)?;
            create(&context, &body).await
        }
        TokenAction::List { principal } => list_all(&context, principal).await,
        TokenAction::Revoke { token } => revoke(&context, token).await,
    }
}

fn request(
    name: &str,
    scopes: &[ScopeArgument],
    datasets: Vec<Uuid>,
    expires: Duration,
    principal: Option<String>,
) -> Result<CreateTokenRequest, Error> {
    let invalid = |what: &'static str| {
        move |error: &dyn std::fmt::Display| Error::InvalidRequest(format!("{what}: {error}"))
    };
    let principal = principal.map(|principal| principal.parse()).transpose();
    Ok(CreateTokenRequest {
        name: name.parse().map_err(|error| invalid("name")(&error))?,
        scopes: scopes.iter().map(|scope| Scope::from(*scope)).collect(),
        datasets: (!datasets.is_empty()).then_some(datasets),
        expires_in: expires
            .as_secs()
            .try_into()
            .map_err(|error| invalid("expires")(&error))?,
        principal: principal.map_err(|error| invalid("principal")(&error))?,
    })
}

/// The secret is the only output on standard output, so that it can be redirected into a file.
async fn create(context: &Context, body: &CreateTokenRequest) -> Result<()> {
    let client = context.client.without_retries();
    let request = || client.api().create_token().body(body.clone()).send();
    let created: CreatedToken = client.call(request).await.map_err(|error| {
        let mut list = "restow token list".to_string();
        if let Some(principal) = &body.principal {
            list = format!("{list} {}", option_words("--principal", principal.as_str()));
        }
        let doubt = format!("it is unknown whether the token was created; `{list}` shows it");
        in_doubt(error, doubt)
    })?;
    let token = &created.token;
    if !context.output.json {
        let requested = token.created_at + TimeDelta::seconds(body.expires_in);
        let end = match token.expires_at {
            None => "until it is revoked".to_string(),
            Some(end) if end < requested => {
                format!("until {}, as the current token", units::time(end))
            }
            Some(end) => format!("until {}", units::time(end)),
        };
        context.output.note(format!(
            "token {} ({}) for {}, valid {end}; it is printed only this once:",
            printable(&token.name),
            token.id,
            scopes(token)
        ));
    }
    context
        .output
        .result(&created, &created.secret, created.secret.clone())
}

fn scopes(token: &Token) -> String {
    let names: Vec<_> = token.scopes.iter().map(ToString::to_string).collect();
    names.join(",")
}

async fn list_all(context: &Context, principal: Option<String>) -> Result<()> {
    let mut request = context.client.api().list_tokens().limit(list::PAGE_SIZE);
    if let Some(principal) = principal {
        request = request.principal(principal);
    }
    let header = format!(
        "{:36}  {:20}  {:20}  {:8}  {:32}  NAME",
        "ID", "EXPIRES", "LAST USED", "STATE", "SCOPES"
    );
    let time = |time: Option<_>| time.map_or_else(|| "-".to_string(), units::time);
    let row = |token: &Token| {
        let state = match (token.revoked_at, token.expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(end)) if end <= chrono::Utc::now() => "expired",
            (None, _) => "valid",
        };
        let (expires, used) = (time(token.expires_at), time(token.last_used_at));
        let restricted = token.datasets.as_ref().map_or(String::new(), |datasets| {
            format!(" (for {} datasets)", datasets.len())
        });
        format!(
            "{}  {expires:20}  {used:20}  {state:8}  {:32}  {}{restricted}",
            token.id,
            scopes(token),
            printable(&token.name)
        )
    };
    list::print(
        context.output,
        request.stream(),
        &header,
        |token| token.id,
        row,
    )
    .await
}

async fn revoke(context: &Context, id: Uuid) -> Result<()> {
    let client = &context.client;
    let request = || client.api().revoke_token().token_id(id).send();
    client.call(request).await?;
    let document = json!({ "id": id, "revoked": true });
    context
        .output
        .result(&document, id, format!("revoked {id}"))
}
