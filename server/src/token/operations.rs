//! What callers do with tokens.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use dropshot::ResultsPage;
use restow_api::scope::Scopes;
use restow_api::token::{CreateTokenRequest, CreatedToken, Token, TokenQuery};
use uuid::Uuid;

use super::{NewToken, TokenTerms, insert};
use crate::app::App;
use crate::caller::Caller;
use crate::error::{Error, Forbidden, Result};
use crate::page;
use crate::store::{Principal, PrincipalRow, TokenRow};

/// Where a request names a token.
const IN_PATH: [&str; 2] = ["path", "token_id"];

/// Creates a token that may do no more than the caller's own, and for no longer. It is revoked with the caller's.
///
/// # Errors
/// [`Error::Forbidden`] where it would do more, or is to belong to another principal and the caller is no administrator;
/// [`Error::NotFound`] for a dataset that the caller may do nothing with, and for an unknown principal;
/// [`Error::InvalidToken`] where the caller's token was revoked a moment ago.
pub async fn create(
    app: &App,
    caller: &Caller,
    request: &CreateTokenRequest,
) -> Result<CreatedToken> {
    let scopes: Scopes = request.scopes.iter().copied().collect();
    if !scopes.is_subset(caller.identity().scopes) {
        return Err(Forbidden::MoreThanOwn.into());
    }
    let (principal, name) = owner(app, caller, request.principal.as_deref()).await?;
    let datasets = datasets(app, caller, request.datasets.as_deref()).await?;
    let now = app.now();
    let terms = TokenTerms {
        name: request.name.clone(),
        scopes,
        datasets,
        expires_at: Some(end(caller, request, now)),
        created_with: caller.identity().token_id,
    };
    let created = NewToken::generate();
    insert(&app.store, &created, &principal, &terms, now).await?;
    tracing::info!(token_id = %created.id, by = ?caller.identity().token_id, "token created");
    Ok(CreatedToken {
        secret: created.secret,
        token: Token {
            id: created.id,
            name: terms.name,
            principal: name,
            scopes: terms.scopes.iter().collect(),
            datasets: terms.datasets,
            created_with: terms.created_with,
            created_at: now,
            expires_at: terms.expires_at,
            last_used_at: None,
            revoked_at: None,
        },
    })
}

/// When a new token expires: as requested, but not after the caller's own.
fn end(caller: &Caller, request: &CreateTokenRequest, now: DateTime<Utc>) -> DateTime<Utc> {
    let requested = now + TimeDelta::seconds(i64::from(request.expires_in));
    let own = caller.identity().expires_at;
    own.map_or(requested, |own| own.min(requested))
}

/// The principal that a new token belongs to, with its name.
async fn owner(app: &App, caller: &Caller, name: Option<&str>) -> Result<(Principal, String)> {
    let own = &caller.identity().name;
    let Some(name) = name.filter(|name| name != own) else {
        return Ok((caller.itself(), own.clone()));
    };
    let found = other_principal(app, caller, name, ["body", "principal"]).await?;
    Ok((found.principal(), found.name))
}

/// A principal that the caller administers.
async fn other_principal(
    app: &App,
    caller: &Caller,
    name: &str,
    place: [&'static str; 2],
) -> Result<PrincipalRow> {
    caller.require_unrestricted_admin(Forbidden::OtherPrincipal)?;
    let found = match name {
        // No principal is called what not every database can even compare with.
        name if name.contains('\0') => None,
        name => app.store.find_principal(name).await?,
    };
    found.ok_or(Error::NotFound(place))
}

/// The datasets that a new token is for: at most those of the caller's own.
async fn datasets(
    app: &App,
    caller: &Caller,
    requested: Option<&[Uuid]>,
) -> Result<Option<Vec<Uuid>>> {
    let Some(requested) = requested else {
        return Ok(caller.identity().datasets.clone());
    };
    let mut datasets = requested.to_vec();
    datasets.sort_unstable();
    datasets.dedup();
    for id in &datasets {
        if !caller.can_see(app, *id).await? {
            return Err(Error::NotFound(["body", "datasets"]));
        }
    }
    Ok(Some(datasets))
}

/// Where a page of tokens begins, and whose they are.
#[derive(Clone, Debug)]
struct Position {
    after: Uuid,
    /// The principal of that name, or the caller.
    principal: Option<String>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.after)?;
        match &self.principal {
            Some(name) => write!(f, ".{name}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Position {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        let (after, principal) = match text.split_once('.') {
            Some((after, name)) => (after, Some(name.to_string())),
            None => (text, None),
        };
        let after = after.parse()?;
        Ok(Self { after, principal })
    }
}

/// The caller's tokens, oldest first; those of another principal for an administrator. A token that is restricted to datasets
/// lists those that are for some of them alone.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`].
pub async fn list(app: &App, caller: &Caller, query: &TokenQuery) -> Result<ResultsPage<Token>> {
    let position = page::after::<Position>(&query.page)?;
    let after = position.as_ref().map(|position| position.after);
    // A client that requests the next page need not repeat whose tokens it lists.
    let principal = match position {
        Some(position) => position.principal,
        None => query.principal.clone(),
    };
    let own = &caller.identity().name;
    let principal_id = match principal.as_deref().filter(|name| name != own) {
        None => caller.itself().id,
        Some(name) => {
            let place = ["query", "principal"];
            other_principal(app, caller, name, place).await?.id
        }
    };
    let limit = page::rows_wanted(&query.page);
    let store = &app.store;
    let rows = match restriction(caller)? {
        Some(within) => {
            store
                .list_tokens_within(principal_id, within, after, limit)
                .await?
        }
        None => store.list_tokens(Some(principal_id), after, limit).await?,
    };
    let rows = page::of(rows, &query.page, |row| Position {
        after: row.id,
        principal: principal.clone(),
    });
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        items.push(token(app, row).await?);
    }
    Ok(ResultsPage {
        next_page: rows.next_page,
        items,
    })
}

/// The caller's token, if it is restricted to datasets: other tokens concern it as far as they are for these alone.
fn restriction(caller: &Caller) -> Result<Option<Uuid>> {
    let identity = caller.identity();
    match (&identity.datasets, identity.token_id) {
        (None, _) => Ok(None),
        (Some(_), Some(token_id)) => Ok(Some(token_id)),
        // The database does not have its datasets.
        (Some(_), None) => Err(Forbidden::Restricted.into()),
    }
}

async fn token(app: &App, row: TokenRow) -> Result<Token> {
    let datasets = datasets_of(app, &row).await?;
    Ok(Token {
        id: row.id,
        name: row.name,
        principal: row.principal,
        scopes: row.scopes.0.iter().collect(),
        datasets,
        created_with: row.created_with,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    })
}

/// The datasets that a token is for; `None` for all.
async fn datasets_of(app: &App, row: &TokenRow) -> Result<Option<Vec<Uuid>>> {
    Ok(if row.is_restricted {
        Some(app.store.datasets_of_token(row.id).await?)
    } else {
        None
    })
}

/// Whether a token concerns the caller: it is the principal's own, or the caller administers it. To a token that is restricted
/// to datasets, those of its principal that are for some of them alone.
async fn concerns(app: &App, caller: &Caller, row: &TokenRow) -> Result<bool> {
    let identity = caller.identity();
    let is_own = row.principal == identity.name;
    let Some(own) = &identity.datasets else {
        let unrestricted_admin = caller.require_unrestricted_admin(Forbidden::OtherPrincipal);
        return Ok(is_own || unrestricted_admin.is_ok());
    };
    let datasets = datasets_of(app, row).await?;
    let is_within = |datasets: Vec<Uuid>| datasets.iter().all(|id| own.contains(id));
    Ok(is_own && datasets.is_some_and(is_within))
}

/// Revokes a token, and those that were created with it. Safe to repeat.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it does not concern the caller.
pub async fn revoke(app: &App, caller: &Caller, id: Uuid) -> Result<()> {
    let found = app.store.find_token(id).await?;
    let found = found.ok_or(Error::NotFound(IN_PATH))?;
    if !concerns(app, caller, &found).await? {
        return Err(Error::NotFound(IN_PATH));
    }
    if app.store.revoke_token(id, app.now()).await? {
        tracing::info!(token_id = %id, by = ?caller.identity().token_id, "token revoked");
    }
    Ok(())
}
