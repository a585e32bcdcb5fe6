//! `restow version`: versions of the command, of the API, and of the server.

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use crate::credentials;
use crate::global::GlobalArguments;
use crate::output::Output;
use crate::server_document;
use crate::table;
use restow_sdk::Client;

/// Shows the version of this command and of the API that it is built for, and those of the server where one is known.
///
/// # Errors
/// If the server is not reached, or is not a Restow server; the versions of the command are shown nevertheless.
pub async fn run(global: &GlobalArguments, output: Output) -> Result<()> {
    let found = of_server(global).await;
    let mut properties = vec![("API of the command", Client::api_version().to_string())];
    let server = found.as_ref().ok().and_then(Option::as_ref);
    if let Some(server) = server {
        let (endpoint, version) = (&server.endpoint, &server.version);
        properties.push(("server", format!("restow-server {version} at {endpoint}")));
        properties.push(("API of the server", server.api.clone()));
    }
    let version = env!("CARGO_PKG_VERSION");
    let text = table::properties(&format!("restow {version}"), &properties);
    let document = json!({ "command": version, "api": Client::api_version(), "server": server });
    output.result(&document, version, text)?;
    found.map(drop)
}

/// What a server says of itself.
#[derive(Serialize)]
struct Server {
    endpoint: String,
    version: String,
    api: String,
}

/// The versions of the server; `None` without an endpoint.
async fn of_server(global: &GlobalArguments) -> Result<Option<Server>> {
    let (endpoint, ca_file) = credentials::server(global)?;
    let Some((endpoint, _)) = endpoint else {
        return Ok(None);
    };
    let endpoint = credentials::server_url(&endpoint)?;
    let read = |path| server_document::read(&endpoint, ca_file.as_deref(), path);
    let (health, served) = (read("healthz").await?, read("openapi.json").await?);
    let text = |value: &Value| value.as_str().unwrap_or("unknown").to_string();
    let (version, api) = (text(&health["version"]), text(&served["info"]["version"]));
    Ok(Some(Server {
        endpoint,
        version,
        api,
    }))
}
