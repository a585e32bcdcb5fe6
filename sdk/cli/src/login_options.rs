//! How a server lets clients log in, as its document at `/.well-known/restow` says.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use crate::server_document;

/// The issuers that a server trusts.
#[derive(Debug, Default, Deserialize)]
pub struct LoginOptions {
    /// The issuers; none where the server is of a release before.
    #[serde(default)]
    pub issuers: Vec<IssuerOption>,
}

/// An issuer that a server trusts.
#[derive(Clone, Debug, Deserialize)]
pub struct IssuerOption {
    /// URL of the issuer.
    pub url: String,
    /// Audience that tokens are to have.
    pub audience: Option<String>,
    /// The CI system that it is, if its jobs may be trusted.
    pub trust_rules: Option<String>,
    /// How people log in, where the issuer offers device authorization.
    pub device: Option<DeviceOption>,
}

/// How people log in by device authorization.
#[derive(Clone, Debug, Deserialize)]
pub struct DeviceOption {
    /// Identifier of the command at the issuer.
    pub client_id: String,
    /// Scopes to request.
    pub scopes: Vec<String>,
    /// Which token of the issuer's response is the bearer token.
    pub token: String,
}

impl LoginOptions {
    /// Reads the document of a server. A server of a release before has none, and trusts no issuers.
    ///
    /// # Errors
    /// If the server is not reached.
    pub async fn read(server: &str, ca_file: Option<&Path>) -> Result<Self> {
        let document = server_document::read(server, ca_file, ".well-known/restow").await?;
        Ok(serde_json::from_value(document).unwrap_or_default())
    }

    /// The audience that is expected of the jobs of a CI system.
    pub fn audience_of(&self, ci: &str) -> Option<&str> {
        let mut issuers = self.issuers.iter();
        let issuer = issuers.find(|issuer| issuer.trust_rules.as_deref() == Some(ci))?;
        issuer.audience.as_deref()
    }

    /// The first issuer that offers device authorization.
    pub fn device(&self) -> Option<(&IssuerOption, &DeviceOption)> {
        let mut issuers = self.issuers.iter();
        issuers.find_map(|issuer| Some((issuer, issuer.device.as_ref()?)))
    }
}
