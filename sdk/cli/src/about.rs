//! `restow version`: versions of the command, of the API, and of the server.

use anyhow::Result;
use serde_json::json;

use crate::credentials;
use crate::global::GlobalArguments;
use crate::output::Output;
use crate::server_document;
use crate::table;
use restow_sdk::Client;

/// Shows the version of this command and of the API that it is built for, and those of the server where one is known.
///
/// # Errors
/// If the server is not reached, or is not a Restow server.
pub async fn run(global: &GlobalArguments, output: Output) -> Result<()> {
    let (endpoint, ca_file) = credentials::server(global)?;
    let mut properties = vec![("API of the command", Client::api_version().to_string())];
    let mut document = json!({
        "command": env!("CARGO_PKG_VERSION"), "api": Client::api_version(), "server": null,
    });
    if let Some((endpoint, _)) = endpoint {
        let server = credentials::server_url(&endpoint)?;
        let served = server_document::read(&server, ca_file.as_deref(), "openapi.json").await?;
        let api = served["info"]["version"].as_str().unwrap_or("unknown");
        properties.push(("API of the server", api.to_string()));
        properties.push(("server", server.clone()));
        document["server"] = json!({ "endpoint": server, "api": api });
    }
    let name = format!("restow {}", env!("CARGO_PKG_VERSION"));
    let text = table::properties(&name, &properties);
    output.result(&document, env!("CARGO_PKG_VERSION"), text)
}
