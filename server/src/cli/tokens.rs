//! `restow-server token`.

use std::io::Write;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use restow_api::scope::{Scope, Scopes};
use serde_json::{Value, json};
use uuid::Uuid;

use super::arguments::{DatabaseArguments, TokenAction, TokenLife};
use super::connect::{self, Schema};
use crate::clock;
use crate::store::{Store, TokenRow};
use crate::token::{self, NewToken, TokenTerms};

/// Rows that are read at a time.
const BATCH: i64 = 1_000;

/// Creates, lists or revokes.
pub async fn run(database: &DatabaseArguments, action: TokenAction) -> Result<()> {
    let store = connect::store(database, Schema::Check).await?;
    match action {
        TokenAction::Create {
            principal,
            name,
            scopes,
            datasets,
            expires,
            admin,
        } => {
            let terms = TokenTerms {
                name,
                scopes: if scopes.is_empty() {
                    Scopes::ALL
                } else {
                    scopes.into_iter().collect()
                },
                datasets: (!datasets.is_empty()).then_some(datasets),
                expires_at: end(expires)?,
                created_with: None,
            };
            create(&store, &principal, &terms, admin).await?;
        }
        TokenAction::List { principal, json } => list(&store, principal.as_deref(), json).await?,
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

fn end(life: TokenLife) -> Result<Option<DateTime<Utc>>> {
    match life {
        TokenLife::Unlimited => Ok(None),
        TokenLife::Limited(life) => {
            let end = clock::now().checked_add_signed(TimeDelta::from_std(life)?);
            Ok(Some(end.context("the lifetime is too long")?))
        }
    }
}

async fn create(store: &Store, principal: &str, terms: &TokenTerms, is_admin: bool) -> Result<()> {
    let now = clock::now();
    let owner = store.ensure_principal(principal, now).await?;
    if is_admin {
        store.set_admin(owner.id, true).await?;
    }
    for id in terms.datasets.iter().flatten() {
        let found = store.find_access(*id, owner.id).await?;
        found.with_context(|| format!("no dataset has the id {id}"))?;
    }
    let created = NewToken::generate();
    token::insert(store, &created, &owner, terms, now).await?;
    eprintln!(
        "token {} of {principal} for {}, {}; it is printed only this once:",
        created.id,
        terms.scopes,
        match terms.expires_at {
            Some(end) => format!("valid until {}", time(Some(end))),
            None => "valid until it is revoked".to_string(),
        }
    );
    // The secret is stored nowhere else.
    writeln!(std::io::stdout(), "{}", created.secret)
        .context("failed to print the token; revoke it and create another one")
}

async fn list(store: &Store, principal: Option<&str>, as_json: bool) -> Result<()> {
    let principal_id = match principal {
        Some(name) => {
            let found = store.find_principal(name).await?;
            Some(
                found
                    .with_context(|| format!("no principal has the name {name:?}"))?
                    .id,
            )
        }
        None => None,
    };
    let (mut tokens, mut after) = (Vec::new(), None);
    loop {
        let rows = store.list_tokens(principal_id, after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        tokens.extend(rows);
    }
    if as_json {
        let mut listed = Vec::with_capacity(tokens.len());
        for token in &tokens {
            listed.push(as_value(token, datasets(store, token).await?.as_deref()));
        }
        say!("{}", serde_json::to_string_pretty(&listed)?);
    } else {
        print_table(&tokens);
    }
    Ok(())
}

async fn datasets(store: &Store, token: &TokenRow) -> Result<Option<Vec<Uuid>>> {
    Ok(if token.is_restricted {
        Some(store.datasets_of_token(token.id).await?)
    } else {
        None
    })
}

fn as_value(token: &TokenRow, datasets: Option<&[Uuid]>) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "principal": token.principal,
        "scopes": token.scopes.0.iter().map(Scope::as_str).collect::<Vec<_>>(),
        "datasets": datasets,
        "created_with": token.created_with,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    })
}

fn print_table(tokens: &[TokenRow]) {
    say!(
        "{:36}  {:20}  {:20}  {:20}  {:20}  {:32}  PRINCIPAL",
        "ID",
        "CREATED",
        "EXPIRES",
        "LAST USED",
        "REVOKED",
        "SCOPES"
    );
    for row in tokens {
        let (expires, revoked) = (time(row.expires_at), time(row.revoked_at));
        let name = if row.name.is_empty() {
            String::new()
        } else {
            format!(" ({})", row.name)
        };
        say!(
            "{}  {:20}  {expires:20}  {:20}  {revoked:20}  {:32}  {}{name}",
            row.id,
            time(Some(row.created_at)),
            time(row.last_used_at),
            row.scopes.0.to_string(),
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
