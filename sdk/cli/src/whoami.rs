//! `restow whoami`: which server and token are used, and whether the server accepts them.

use anyhow::Result;
use serde_json::json;

use crate::context;
use crate::credentials::{self, Credentials, Found};
use crate::error_code::exit_code;
use crate::exit;
use crate::global::GlobalArguments;
use crate::output::Output;
use crate::{table, units};
use restow_sdk::Error;
use restow_sdk::generated::types::Caller;

/// Shows the endpoint, the profile, the origin of the token, and whether the server accepts it.
///
/// # Errors
/// Without an endpoint or token, if the server is not reached, or if it refuses the token.
pub async fn run(global: &GlobalArguments, output: Output) -> Result<()> {
    let found = Credentials::find(global)?;
    let client = context::quick_client(&found.credentials)?;
    let caller = client.call(|| client.api().get_caller().send()).await;
    match caller {
        Ok(caller) => show(&found, Some(&caller), output),
        Err(error) => {
            let refusal = refusal(error)?;
            show(&found, None, output)?;
            Err(refusal)
        }
    }
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

fn show(found: &Found, caller: Option<&Caller>, output: Output) -> Result<()> {
    let endpoint = credentials::server_url(&found.credentials.endpoint)?;
    let document = json!({
        "endpoint": endpoint,
        "endpoint_from": found.endpoint_from,
        "profile": found.profile.name,
        "token_from": found.token_from,
        "is_accepted": caller.is_some(),
        "caller": caller,
    });
    let mut properties = vec![
        ("profile", found.profile.to_string()),
        ("endpoint from", found.endpoint_from.clone()),
        ("token from", found.token_from.clone()),
    ];
    match caller {
        Some(caller) => properties.extend(described(caller)),
        None => properties.push(("token", "refused by the server".to_string())),
    }
    let text = table::properties(&endpoint, &properties);
    output.result(&document, &endpoint, text)
}

fn described(caller: &Caller) -> Vec<(&'static str, String)> {
    let role = if caller.is_admin {
        " (administrator)"
    } else {
        ""
    };
    let name = if caller.token_name.is_empty() {
        String::new()
    } else {
        format!(", called {:?}", caller.token_name)
    };
    let scopes: Vec<_> = caller.scopes.iter().map(ToString::to_string).collect();
    let mut described = vec![
        ("token", format!("accepted by the server{name}")),
        ("principal", format!("{}{role}", caller.principal)),
        ("scopes", scopes.join(", ")),
    ];
    if let Some(datasets) = &caller.datasets {
        let ids: Vec<_> = datasets.iter().map(ToString::to_string).collect();
        described.push(("datasets", ids.join(", ")));
    }
    if let Some(end) = caller.expires_at {
        described.push(("expires", units::time(end)));
    }
    described
}
