//! `restow whoami`: which server and token are used, and whether the server accepts them.

use anyhow::Result;
use serde_json::json;

use crate::context;
use crate::credentials::{self, Credentials, Found};
use crate::error_code::exit_code;
use crate::exit;
use crate::global::GlobalArguments;
use crate::output::Output;
use crate::table;
use restow_sdk::Error;

/// Shows the endpoint, the profile, the origin of the token, and whether the server accepts it.
///
/// # Errors
/// Without an endpoint or token, if the server is not reached, or if it refuses the token.
pub async fn run(global: &GlobalArguments, output: Output) -> Result<()> {
    let found = Credentials::find(global)?;
    let client = context::quick_client(&found.credentials)?;
    let listed = client
        .call(|| client.api().list_datasets().limit(1_u64).send())
        .await;
    let refusal = match listed {
        Ok(_) => None,
        Err(error) => Some(refusal(error)?),
    };
    show(&found, refusal.is_none(), output)?;
    refusal.map_or(Ok(()), Err)
}

/// The error, if it is a refusal of the token.
fn refusal(error: Error) -> Result<anyhow::Error> {
    let error = anyhow::Error::new(error);
    if exit_code(&error) == exit::LOGIN {
        Ok(error)
    } else {
        Err(error)
    }
}

fn show(found: &Found, is_accepted: bool, output: Output) -> Result<()> {
    let endpoint = credentials::server_url(&found.credentials.endpoint)?;
    let document = json!({
        "endpoint": endpoint,
        "endpoint_from": found.endpoint_from,
        "profile": found.profile.name,
        "token_from": found.token_from,
        "is_accepted": is_accepted,
    });
    let accepted = if is_accepted { "accepted" } else { "refused" };
    let properties = [
        ("profile", found.profile.to_string()),
        ("endpoint from", found.endpoint_from.clone()),
        ("token from", found.token_from.clone()),
        ("token", format!("{accepted} by the server")),
    ];
    let text = table::properties(&endpoint, &properties);
    output.result(&document, &endpoint, text)
}
