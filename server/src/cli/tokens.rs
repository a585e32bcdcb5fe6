//! `restow-server token`.

use std::io::Write;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::arguments::{DatabaseArguments, TokenAction};
use super::connect::{self, Schema};
use crate::clock;
use crate::store::TokenRow;
use crate::token::{self, NewToken};

/// Creates, lists or revokes.
pub async fn run(database: &DatabaseArguments, action: TokenAction) -> Result<()> {
    let store = connect::store(database, Schema::Check).await?;
    match action {
        TokenAction::Create { principal, expires } => {
            let life = expires.map(TimeDelta::from_std).transpose()?;
            let created = NewToken::generate();
            token::insert(&store, &created, &principal, life, clock::now()).await?;
            eprintln!(
                "token {} of {principal}; it is printed only this once:",
                created.id
            );
            // The secret is stored nowhere else.
            writeln!(std::io::stdout(), "{}", created.secret)
                .context("failed to print the token; revoke it and create another one")?;
        }
        TokenAction::List { json } => {
            let tokens = store.list_tokens().await?;
            if json {
                let tokens: Vec<_> = tokens.iter().map(as_value).collect();
                say!("{}", serde_json::to_string_pretty(&tokens)?);
            } else {
                print_table(&tokens);
            }
        }
        TokenAction::Revoke { id } => {
            if !store.revoke_token(id, clock::now()).await? {
                bail!("no valid token has the id {id}");
            }
            say!("token {id} is revoked");
        }
    }
    store.close().await;
    Ok(())
}

fn as_value(token: &TokenRow) -> Value {
    json!({
        "id": token.id,
        "principal": token.principal,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    })
}

fn print_table(tokens: &[TokenRow]) {
    say!(
        "{:36}  {:20}  {:20}  {:20}  PRINCIPAL",
        "ID",
        "CREATED",
        "EXPIRES",
        "REVOKED"
    );
    for row in tokens {
        let (expires, revoked) = (time(row.expires_at), time(row.revoked_at));
        say!(
            "{}  {:20}  {expires:20}  {revoked:20}  {}",
            row.id,
            time(Some(row.created_at)),
            row.principal
        );
    }
}

fn time(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(
        || "-".to_string(),
        |time| time.to_rfc3339_opts(SecondsFormat::Secs, true),
    )
}
