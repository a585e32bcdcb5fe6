//! An issuer as the file has it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use jsonwebtoken::Algorithm;
use reqwest::Url;
use restow_api::scope::{Scope, Scopes};
use serde::Deserialize;

use super::issuer_config::{CiSystem, ClaimMapping, DeviceLogin, IssuerConfig, KeyTimes};
use super::url::is_allowed;

/// Longest name, in bytes.
const MAX_NAME: usize = 32;

/// Furthest that clocks may differ.
const MAX_LEEWAY: Duration = Duration::from_mins(10);

/// Issuers from which anyone gets tokens for any audience.
const PUBLIC: [&str; 4] = [
    "https://token.actions.githubusercontent.com",
    "https://gitlab.com",
    "https://accounts.google.com",
    "https://login.microsoftonline.com/common/v2.0",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuerFile {
    #[serde(default)]
    pub(super) issuer: Vec<IssuerEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct IssuerEntry {
    pub(super) name: String,
    url: String,
    audiences: Vec<String>,
    #[serde(default = "default_algorithms")]
    algorithms: Vec<String>,
    #[serde(default = "default_leeway")]
    leeway: String,
    #[serde(default)]
    bearer_tokens: bool,
    trust_rules: Option<String>,
    #[serde(default)]
    required_claims: BTreeMap<String, String>,
    #[serde(default = "default_principal_claim")]
    principal_claim: String,
    #[serde(default = "default_scope_claims")]
    scope_claims: Vec<String>,
    #[serde(default)]
    scope_prefix: String,
    #[serde(default = "default_max_scopes")]
    max_scopes: Vec<Scope>,
    #[serde(default)]
    default_scopes: Vec<Scope>,
    admin: Option<AdminEntry>,
    #[serde(default = "default_refresh")]
    keys_refresh: String,
    #[serde(default = "default_min_pause")]
    keys_min_pause: String,
    #[serde(default = "default_max_age")]
    keys_max_age: String,
    #[serde(default)]
    allow_http: bool,
    device: Option<DeviceEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AdminEntry {
    claim: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct DeviceEntry {
    client_id: String,
    #[serde(default = "default_device_scopes")]
    scopes: Vec<String>,
    #[serde(default = "default_device_token")]
    token: String,
}

fn default_algorithms() -> Vec<String> {
    ["RS256", "ES256", "EdDSA"].map(str::to_string).to_vec()
}

fn default_leeway() -> String {
    "60s".to_string()
}

fn default_principal_claim() -> String {
    "sub".to_string()
}

fn default_scope_claims() -> Vec<String> {
    ["scope", "scp"].map(str::to_string).to_vec()
}

fn default_max_scopes() -> Vec<Scope> {
    vec![Scope::Read, Scope::Upload, Scope::Commit, Scope::Delete]
}

fn default_refresh() -> String {
    "10m".to_string()
}

fn default_min_pause() -> String {
    "30s".to_string()
}

fn default_max_age() -> String {
    "24h".to_string()
}

fn default_device_scopes() -> Vec<String> {
    ["openid", "offline_access"].map(str::to_string).to_vec()
}

fn default_device_token() -> String {
    "access_token".to_string()
}

impl IssuerEntry {
    pub(super) fn checked(self) -> Result<IssuerConfig, String> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_name = self
            .name
            .bytes()
            .all(|byte| is_letter(byte) || byte == b'-');
        if !is_name || self.name.is_empty() || self.name.len() > MAX_NAME {
            return Err(
                "`name` must have 1 to 32 lower-case letters, digits and hyphens".to_string(),
            );
        }
        self.check_url()?;
        if self.audiences.is_empty() || self.audiences.iter().any(String::is_empty) {
            return Err(
                "`audiences` must name at least one, such as the URL of this server".to_string(),
            );
        }
        let ci = self.trust_rules.as_deref().map(ci_system).transpose()?;
        if !self.bearer_tokens && ci.is_none() {
            return Err(
                "set `bearer-tokens = true`, or `trust-rules` to \"github\" or \"gitlab\"; \
                 the issuer is of no use otherwise"
                    .to_string(),
            );
        }
        if self.bearer_tokens && self.required_claims.is_empty() && self.is_public() {
            return Err("anyone gets tokens from this issuer, so `bearer-tokens` needs `required-claims` that only your \
                 callers have"
                .to_string());
        }
        let keys = self.key_times()?;
        let leeway = time("leeway", &self.leeway)?;
        if leeway > MAX_LEEWAY {
            return Err("`leeway` must be at most 10m".to_string());
        }
        Ok(IssuerConfig {
            algorithms: algorithms(&self.algorithms)?,
            leeway: TimeDelta::from_std(leeway).map_err(|error| error.to_string())?,
            device: self.device.map(DeviceEntry::checked).transpose()?,
            mapping: ClaimMapping {
                principal: self.principal_claim,
                scopes: self.scope_claims,
                scope_prefix: self.scope_prefix,
                max_scopes: Scopes::of(&self.max_scopes),
                default_scopes: Scopes::of(&self.default_scopes),
                admin: self.admin.map(|admin| (admin.claim, admin.value)),
            },
            name: self.name,
            url: self.url,
            audiences: self.audiences,
            bearer_tokens: self.bearer_tokens,
            ci,
            required_claims: self.required_claims,
            keys,
            allow_http: self.allow_http,
        })
    }

    fn check_url(&self) -> Result<(), String> {
        let url = Url::parse(&self.url).ok();
        let url = url.filter(|url| url.query().is_none() && is_allowed(url, self.allow_http));
        url.map(drop).ok_or_else(|| {
            "`url` must be an https URL without user, query and fragment, exactly as in the tokens' `iss`; plain HTTP \
             is for this machine only, unless `allow-http = true`"
                .to_string()
        })
    }

    fn is_public(&self) -> bool {
        PUBLIC.contains(&self.url.trim_end_matches('/'))
    }

    fn key_times(&self) -> Result<KeyTimes, String> {
        let times = KeyTimes {
            refresh: time("keys-refresh", &self.keys_refresh)?,
            min_pause: time("keys-min-pause", &self.keys_min_pause)?,
            max_age: time("keys-max-age", &self.keys_max_age)?,
        };
        let longest = Duration::from_hours(30 * 24);
        if times.max_age < times.refresh || times.max_age > longest {
            return Err(
                "`keys-max-age` must be at least `keys-refresh`, and at most 30d".to_string(),
            );
        }
        Ok(times)
    }
}

impl DeviceEntry {
    fn checked(self) -> Result<DeviceLogin, String> {
        let token = match self.token.as_str() {
            "access_token" => "access_token",
            "id_token" => "id_token",
            _ => return Err("`device.token` must be access_token or id_token".to_string()),
        };
        if self.client_id.is_empty() {
            return Err("`device.client-id` must not be empty".to_string());
        }
        Ok(DeviceLogin {
            client_id: self.client_id,
            scopes: self.scopes,
            token,
        })
    }
}

fn ci_system(text: &str) -> Result<CiSystem, String> {
    [CiSystem::Github, CiSystem::Gitlab]
        .into_iter()
        .find(|system| system.as_str() == text)
        .ok_or_else(|| "`trust-rules` must be \"github\" or \"gitlab\"".to_string())
}

/// Asymmetric algorithms only: with a symmetric one, each party that verifies tokens could also make them.
fn algorithms(names: &[String]) -> Result<Vec<Algorithm>, String> {
    let known: Vec<Algorithm> = names
        .iter()
        .map(|name| {
            let parsed = name.parse().ok();
            parsed
                .filter(|_| !name.starts_with("HS"))
                .ok_or_else(|| format!("`algorithms`: {name:?} is not supported; use RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or EdDSA"))
        })
        .collect::<Result<_, String>>()?;
    if known.is_empty() {
        return Err("`algorithms` must name at least one".to_string());
    }
    Ok(known)
}

fn time(name: &str, text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(time) if !time.is_zero() => Ok(time),
        Ok(_) => Err(format!("`{name}` must be longer than zero")),
        Err(error) => Err(format!("`{name}`: {error}; write for example 90s or 10m")),
    }
}
