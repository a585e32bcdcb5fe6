//! `restow-server principal`: who owns datasets, and what they may use.

use anyhow::{Context, Result};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::arguments::{DatabaseArguments, PrincipalAction};
use super::connect::{self, Schema};
use crate::clock;
use crate::identity::REVOKED_WITHIN;
use crate::quota::Quota;
use crate::rate_limit::Rate;
use crate::store::{PrincipalLimits, PrincipalRow, Store};

/// Rows that are read at a time.
const BATCH: i64 = 1_000;

/// Lists principals, or changes one.
pub async fn run(database: &DatabaseArguments, action: PrincipalAction) -> Result<()> {
    let store = connect::store(database, Schema::Check).await?;
    act(&store, action).await?;
    store.close().await;
    Ok(())
}

async fn act(store: &Store, action: PrincipalAction) -> Result<()> {
    match action {
        PrincipalAction::List { json } => list(store, json).await,
        PrincipalAction::Promote { name } => set_admin(store, &name, true).await,
        PrincipalAction::Demote { name } => set_admin(store, &name, false).await,
        PrincipalAction::Limit {
            name,
            quota,
            max_open_jobs,
            request_rate,
            url_rate,
        } => {
            let quota = Quota {
                bytes: quota.map(|size| size.as_u64()),
                open_jobs: max_open_jobs,
            };
            let limits = PrincipalLimits {
                quota,
                request_rate,
                url_rate,
            };
            store
                .set_limits(find(store, &name).await?.id, limits)
                .await?;
            say!("the limits of {name} are set");
            Ok(())
        }
        PrincipalAction::Disable { name } => {
            let id = find(store, &name).await?.id;
            store.set_disabled(id, Some(clock::now())).await?;
            say!("the tokens of {name} are refused within five seconds");
            Ok(())
        }
        PrincipalAction::Enable { name } => {
            store
                .set_disabled(find(store, &name).await?.id, None)
                .await?;
            say!("the tokens of {name} are accepted");
            Ok(())
        }
        PrincipalAction::Erase { name, yes } => erase(store, &name, yes).await,
    }
}

async fn find(store: &Store, name: &str) -> Result<PrincipalRow> {
    let found = store.find_principal(name).await?;
    found.with_context(|| {
        format!("no principal has the name {name:?}; list them with `restow-server principal list`")
    })
}

async fn set_admin(store: &Store, name: &str, is_admin: bool) -> Result<()> {
    let id = find(store, name).await?.id;
    store.set_admin(id, is_admin).await?;
    let not = if is_admin { "an" } else { "no" };
    say!("{name} is {not} administrator");
    Ok(())
}

/// Deletes the datasets first, so that an interrupted erasure can be repeated by the name.
async fn erase(store: &Store, name: &str, is_meant: bool) -> Result<()> {
    let principal = find(store, name).await?;
    if !is_meant {
        let datasets = store.datasets_of(principal.id, BATCH).await?.len();
        let more = if i64::try_from(datasets) == Ok(BATCH) {
            " or more"
        } else {
            ""
        };
        say!(
            "{name} has {datasets}{more} datasets with {} bytes, which would be deleted with its tokens, its grants and its name; \
             repeat with --yes to erase it",
            principal.stored_bytes
        );
        return Ok(());
    }
    // Its tokens first, so that it creates no further datasets, and nothing is recorded in its name any more.
    store.set_disabled(principal.id, Some(clock::now())).await?;
    say!("waiting until every server refuses the tokens of {name}");
    tokio::time::sleep(REVOKED_WITHIN).await;
    let mut deleted = 0;
    loop {
        let datasets = store.datasets_of(principal.id, BATCH).await?;
        if datasets.is_empty() {
            break;
        }
        for id in datasets {
            store.delete_dataset(principal.id, id, clock::now()).await?;
            deleted += 1;
        }
    }
    let pseudonym = format!("erased-{}", principal.id);
    store
        .erase_principal(principal.id, name, &pseudonym, clock::now())
        .await?;
    say!("{name} is erased, with {deleted} datasets; its row is called {pseudonym}");
    Ok(())
}

async fn list(store: &Store, as_json: bool) -> Result<()> {
    let mut after = None;
    let mut listed = Vec::new();
    if !as_json {
        say!(
            "{:20}  {:8}  {:20}  {:>15}  {:>15}  {:>9}  {:>12}  {:>12}  NAME",
            "CREATED",
            "ROLE",
            "DISABLED",
            "STORED BYTES",
            "QUOTA",
            "OPEN JOBS",
            "REQUESTS",
            "URLS"
        );
    }
    loop {
        let rows = store.list_principals(after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        if as_json {
            listed.extend(rows.iter().map(as_value));
        } else {
            rows.iter().for_each(print);
        }
    }
    if as_json {
        say!("{}", serde_json::to_string_pretty(&listed)?);
    }
    Ok(())
}

fn as_value(row: &PrincipalRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "is_admin": row.is_admin,
        "created_at": row.created_at,
        "disabled_at": row.disabled_at,
        "stored_bytes": row.stored_bytes,
        "quota": row.max_stored_bytes,
        "max_open_jobs": row.max_open_jobs,
        "request_rate": row.request_rate.0.map(|rate| rate.to_string()),
        "url_rate": row.url_rate.0.map(|rate| rate.to_string()),
    })
}

fn print(row: &PrincipalRow) {
    let limit = |limit: Option<i64>| limit.map_or("-".to_string(), |limit| limit.to_string());
    let rate = |rate: Option<Rate>| rate.map_or("-".to_string(), |rate| rate.to_string());
    say!(
        "{:20}  {:8}  {:20}  {:>15}  {:>15}  {:>9}  {:>12}  {:>12}  {}",
        row.created_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        if row.is_admin { "admin" } else { "-" },
        row.disabled_at.map_or("-".to_string(), |time| time
            .to_rfc3339_opts(SecondsFormat::Secs, true)),
        row.stored_bytes,
        limit(row.max_stored_bytes),
        limit(row.max_open_jobs),
        rate(row.request_rate.0),
        rate(row.url_rate.0),
        row.name
    );
}
