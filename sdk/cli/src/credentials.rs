//! Endpoint and token: from the options, the environment, or the credentials file of `restow login`.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::environment::{trimmed, variable};
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::profile::Profile;
use restow_sdk::{Client, ClientBuilder, Error};

/// The variable of the URL of the server.
const ENDPOINT_VARIABLE: &str = "RESTOW_ENDPOINT";

/// The variable of the token.
const TOKEN_VARIABLE: &str = "RESTOW_TOKEN";

/// The URL of a server and a token for it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Credentials {
    /// URL of the server.
    pub endpoint: String,
    /// Bearer token. It is sent to this server only, and never printed.
    pub token: String,
    /// File of certification authorities to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// How a token that has expired is renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) renewal: Option<Renewal>,
}

/// How a token is renewed that an issuer has signed.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Renewal {
    /// URL to which the refresh token is sent.
    pub token_endpoint: String,
    /// Identifier of the command at the issuer.
    pub client_id: String,
    /// Which token of the response is the bearer token.
    pub token: String,
    /// Refresh token, if the issuer has given one.
    pub refresh_token: Option<String>,
    /// Time from which the token is no longer valid.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Credentials, and where they come from.
pub struct Found {
    /// The credentials.
    pub credentials: Credentials,
    /// Origin of the endpoint: an option, a variable, or a file.
    pub endpoint_from: String,
    /// Origin of the token.
    pub token_from: String,
    /// The profile, which is not used where everything comes from elsewhere.
    pub profile: Profile,
}

/// A value and its origin.
type Given = Option<(String, String)>;

impl Credentials {
    /// The credentials to use. The option for the endpoint precedes the variables, which precede the file of the profile;
    /// a profile that the command line names precedes the variables.
    ///
    /// The token in the file is used only for the server in the file.
    ///
    /// # Errors
    /// [`Failure::NotLoggedIn`], [`Failure::NoProfile`], [`Failure::OtherServer`], or an error that occurs on reading the
    /// file.
    pub(crate) fn find(arguments: &GlobalArguments) -> Result<Found> {
        let profile = arguments.profile()?;
        let (endpoint, token) = (given_endpoint(arguments, &profile), given_token(&profile));
        let mut found = resolve(endpoint, token, profile)?;
        if let Some(file) = &arguments.ca_file {
            found.credentials.ca_file = Some(file.clone());
        }
        Ok(found)
    }

    /// The given credentials. What is missing comes from `RESTOW_ENDPOINT`, `RESTOW_TOKEN`, and the file of
    /// `restow login` for the profile that `RESTOW_PROFILE` names.
    ///
    /// # Errors
    /// If nothing has an endpoint or a token for it, or the file cannot be read.
    pub fn find_missing(endpoint: Option<&str>, token: Option<&str>) -> Result<Self> {
        let profile = Profile::of_environment()?;
        let given = |text: &str| (trimmed(text).to_string(), "the caller".to_string());
        let endpoint = endpoint.map(given);
        let endpoint = endpoint.or_else(|| unless_named(&profile, ENDPOINT_VARIABLE));
        let token = token.map(given).or_else(|| given_token(&profile));
        Ok(resolve(endpoint, token, profile)?.credentials)
    }

    /// A client builder with these credentials.
    pub(crate) fn client(&self) -> ClientBuilder {
        let builder = Client::builder(&self.endpoint, &self.token);
        match &self.ca_file {
            Some(file) => builder.ca_file(file),
            None => builder,
        }
    }

    /// Writes the file of a profile, readable only for this user, and returns its path.
    pub(crate) fn store(&self, profile: &Profile) -> Result<PathBuf> {
        let path = profile.path()?;
        write(&path, self).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// The endpoint to use, with its origin, and the CA file to trust; what is missing or cannot be read is left out.
pub fn server(arguments: &GlobalArguments) -> Result<(Given, Option<PathBuf>)> {
    let profile = arguments.profile()?;
    let path = profile.path().ok();
    let stored = path.as_ref().and_then(|path| read(path).ok().flatten());
    let given = given_endpoint(arguments, &profile);
    let ca_file = stored.as_ref().and_then(|stored| stored.ca_file.clone());
    let of_file = || {
        let path = path.map_or_else(String::new, |path| path.display().to_string());
        stored.map(|stored| (stored.endpoint, path))
    };
    let ca_file = arguments.ca_file.clone().or(ca_file);
    Ok((given.or_else(of_file), ca_file))
}

/// The endpoint of the command line or of the environment.
pub fn given_endpoint(arguments: &GlobalArguments, profile: &Profile) -> Given {
    let option = arguments.endpoint();
    let option = option.map(|endpoint| (endpoint.to_string(), "--endpoint".to_string()));
    option.or_else(|| unless_named(profile, ENDPOINT_VARIABLE))
}

/// `RESTOW_TOKEN`, unless it is empty or the command line names a profile.
pub fn given_token(profile: &Profile) -> Given {
    unless_named(profile, TOKEN_VARIABLE)
}

fn unless_named(profile: &Profile, name: &str) -> Given {
    let value = variable(name).filter(|_| !profile.is_of_command_line());
    value.map(|value| (value, name.to_string()))
}

/// Deletes the file of a profile. Returns whether there was one.
pub fn delete(profile: &Profile) -> Result<bool> {
    let path = profile.path()?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot remove {}", path.display())),
    }
}

/// What the file of a profile has; `None` where there is no file, or the environment overrides its token.
///
/// # Errors
/// If the file cannot be read.
pub(crate) fn stored(profile: &Profile) -> Result<Option<Credentials>> {
    if given_token(profile).is_some() {
        return Ok(None);
    }
    read(&profile.path()?)
}

/// Takes what is missing from the file of the profile.
fn resolve(endpoint: Given, token: Given, profile: Profile) -> Result<Found> {
    let stored = match (&endpoint, &token) {
        (Some(_), Some(_)) => None,
        _ => read(&profile.path()?)?,
    };
    choose(endpoint, token, stored, profile)
}

fn choose(
    endpoint: Given,
    token: Given,
    stored: Option<Credentials>,
    profile: Profile,
) -> Result<Found> {
    if let Some((endpoint, _)) = &endpoint {
        base_url(endpoint)?;
    }
    if let (None, Some((endpoint, _)), Some(stored)) = (&token, &endpoint, &stored)
        && !is_same_server(endpoint, &stored.endpoint)
    {
        return Err(Failure::OtherServer(endpoint.clone()).into());
    }
    let file = profile.path().map(|path| path.display().to_string());
    let file = file.unwrap_or_default();
    let ca_file = stored.as_ref().and_then(|stored| stored.ca_file.clone());
    let (of_file, token_of_file) = match stored {
        Some(stored) => (
            Some((stored.endpoint, file.clone())),
            Some((stored.token, file)),
        ),
        None => (None, None),
    };
    let (Some((endpoint, endpoint_from)), Some((token, token_from))) =
        (endpoint.or(of_file), token.or(token_of_file))
    else {
        return Err(if profile.is_named() {
            Failure::NoProfile(profile.name).into()
        } else {
            Failure::NotLoggedIn.into()
        });
    };
    Ok(Found {
        credentials: Credentials {
            endpoint,
            token,
            ca_file,
            renewal: None,
        },
        endpoint_from,
        token_from,
        profile,
    })
}

/// URL of the API at an endpoint, in a normalized form.
///
/// # Errors
/// [`Error::InvalidEndpoint`], without the endpoint, which may contain a password.
pub fn base_url(endpoint: &str) -> Result<String, Error> {
    Client::base_url(endpoint)
}

/// URL of the server at an endpoint, as it is stored and shown.
///
/// # Errors
/// Those of [`base_url`].
pub fn server_url(endpoint: &str) -> Result<String, Error> {
    let base = base_url(endpoint)?;
    Ok(base.strip_suffix("/api").unwrap_or(&base).to_string())
}

fn is_same_server(one: &str, other: &str) -> bool {
    base_url(one).is_ok_and(|one| base_url(other).is_ok_and(|other| one == other))
}

fn read(path: &Path) -> Result<Option<Credentials>> {
    let content = match fs::read(path) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    // Errors of serde_json quote the input, which contains the token.
    let read = serde_json::from_slice(&content).ok();
    read.map(Some).with_context(|| {
        format!(
            "{} is damaged; run `restow login` to replace it",
            path.display()
        )
    })
}

/// Replaces the file atomically.
fn write(path: &Path, credentials: &Credentials) -> Result<()> {
    let directory = path.parent().context("the path has no directory")?;
    create_private_directory(directory)?;
    // A temporary file has mode 0600, which `persist` keeps.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    serde_json::to_writer_pretty(&mut file, credentials)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn create_private_directory(directory: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(directory)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> Credentials {
        Credentials {
            endpoint: "https://restow.example/".to_string(),
            token: "stored".to_string(),
            ca_file: None,
            renewal: None,
        }
    }

    fn chosen(endpoint: &str, token: &str, stored: Option<Credentials>) -> Result<Found> {
        let given = |value: &str, name: &str| {
            (!value.is_empty()).then(|| (value.to_string(), name.to_string()))
        };
        let profile = Profile::of_environment().unwrap();
        choose(
            given(endpoint, ENDPOINT_VARIABLE),
            given(token, TOKEN_VARIABLE),
            stored,
            profile,
        )
    }

    fn exit_code(outcome: Result<Found>) -> u8 {
        crate::error_code::exit_code(&outcome.err().unwrap())
    }

    #[test]
    fn stored_token_is_sent_to_its_server_only() {
        let same = chosen("https://restow.example/api", "", Some(stored())).unwrap();
        assert_eq!(same.credentials.token, "stored");
        let other = chosen("https://other.example", "", Some(stored()));
        assert_eq!(exit_code(other), crate::exit::LOGIN);
    }

    #[test]
    fn environment_overrides_the_file() {
        let found = chosen("", "mine", Some(stored())).unwrap();
        let credentials = &found.credentials;
        assert_eq!(
            (credentials.endpoint.as_str(), credentials.token.as_str()),
            ("https://restow.example/", "mine")
        );
        assert_eq!(found.token_from, "RESTOW_TOKEN");
        assert_eq!(exit_code(chosen("", "mine", None)), crate::exit::LOGIN);
    }

    #[test]
    fn file_is_private_and_replaceable() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new").join("credentials.json");
        assert!(read(&path).unwrap().is_none());
        for token in ["one", "two"] {
            write(
                &path,
                &Credentials {
                    endpoint: "http://localhost".to_string(),
                    token: token.to_string(),
                    ca_file: None,
                    renewal: None,
                },
            )
            .unwrap();
            assert_eq!(read(&path).unwrap().unwrap().token, token);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn damaged_file_is_not_quoted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "{\"endpoint\": \"x\", \"token\": s3cr3t}").unwrap();
        let message = format!("{:#}", read(file.path()).err().unwrap());
        assert!(
            message.contains("is damaged") && !message.contains("s3cr3t"),
            "{message}"
        );
    }
}
