//! `restow config`: the settings in effect, and where each comes from.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::credentials;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::output::Output;
use crate::{profile, table};
use restow_sdk::Network;

/// Variables that change how requests are sent, without those that may contain a password.
const VARIABLES: [&str; 4] = ["SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_CA_BUNDLE", "NO_PROXY"];

/// Shows the settings. No token is shown, and none is needed.
///
/// # Errors
/// If the files of the profiles cannot be read, or the environment is invalid.
pub fn run(global: &GlobalArguments, output: Output) -> Result<()> {
    let selected = global.profile()?;
    let profiles = profile::stored()?;
    if selected.is_named() && !profiles.contains(&selected.name) && global.endpoint().is_none() {
        return Err(Failure::NoProfile(selected.name).into());
    }
    let mut settings = Settings::default();
    settings.add("profile", Some(selected.to_string()), selected.name.clone());
    settings.add("profiles", Some(profiles.join(", ")), profiles);
    let path = selected.path()?;
    settings.add("file", Some(path.display().to_string()), path.clone());
    let (endpoint, ca_file) = credentials::server(global)?;
    settings.add_endpoint(endpoint)?;
    let token_from = credentials::given_token(&selected).map(|(_, from)| from);
    let token_from = token_from.or_else(|| path.exists().then(|| path.display().to_string()));
    settings.add("token from", token_from.clone(), token_from);
    let text = |path: &PathBuf| path.display().to_string();
    settings.add("CA file", ca_file.as_ref().map(text), ca_file);
    let state = restow_sdk::state_dir();
    settings.add("state", state.as_ref().map(text), state);
    for name in VARIABLES {
        let value = std::env::var(name).ok();
        settings.add(name, value.clone(), value);
    }
    settings.print(output)
}

/// Settings by name: as text, without those that are not set, and as members of a document.
#[derive(Default)]
struct Settings {
    shown: Vec<(&'static str, String)>,
    document: Map<String, Value>,
}

impl Settings {
    fn add(&mut self, name: &'static str, shown: Option<String>, value: impl serde::Serialize) {
        let shown = shown.filter(|shown| !shown.is_empty());
        self.shown.extend(shown.map(|shown| (name, shown)));
        let member = name.replace(' ', "_").to_ascii_lowercase();
        self.document.insert(member, json!(value));
    }

    fn add_endpoint(&mut self, endpoint: Option<(String, String)>) -> Result<()> {
        let Some((endpoint, from)) = endpoint else {
            self.add(
                "endpoint",
                Some("none; run `restow login`".to_string()),
                Value::Null,
            );
            return Ok(());
        };
        let server = credentials::server_url(&endpoint)?;
        let url = server.parse().ok();
        let proxy = url.and_then(|url| Network::from_environment().ok()?.proxy_of(&url));
        self.add("endpoint", Some(format!("{server} (from {from})")), &server);
        self.document
            .insert("endpoint_from".to_string(), json!(from));
        self.add("proxy", proxy.as_ref().map(ToString::to_string), proxy);
        Ok(())
    }

    fn print(&self, output: Output) -> Result<()> {
        let text = table::properties("settings", &self.shown);
        output.message(&self.document, text)
    }
}
