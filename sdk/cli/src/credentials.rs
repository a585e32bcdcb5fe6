//! Endpoint and token: from the options, the environment, or the credentials file of `restow login`.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::global::{GlobalArguments, trimmed, variable};
use restow_sdk::{Client, ClientBuilder, Error};

/// The URL of a server and a token for it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Credentials {
    /// URL of the server.
    pub endpoint: String,
    /// Bearer token. It is sent to this server only, and never printed.
    pub token: String,
}

impl Credentials {
    /// The credentials to use. Arguments and environment override the file.
    ///
    /// The token in the file is used only for the server in the file.
    ///
    /// # Errors
    /// [`Failure::NotLoggedIn`], [`Failure::OtherServer`], or an error that occurs on reading the file.
    pub(crate) fn find(arguments: &GlobalArguments) -> Result<Self> {
        Self::resolve(arguments.endpoint(), token_of_environment())
    }

    /// The given credentials. What is missing comes from `RESTOW_ENDPOINT`, `RESTOW_TOKEN` and the file of `restow login`.
    ///
    /// # Errors
    /// If nothing has an endpoint or a token for it, or the file cannot be read.
    pub fn find_missing(endpoint: Option<&str>, token: Option<&str>) -> Result<Self> {
        let given = |text: Option<&str>| text.map(trimmed).map(str::to_string);
        Self::resolve(
            given(endpoint).or_else(|| variable("RESTOW_ENDPOINT")),
            given(token).or_else(token_of_environment),
        )
    }

    fn resolve(endpoint: Option<String>, token: Option<String>) -> Result<Self> {
        let stored = || path().and_then(|path| read(&path));
        match (endpoint, token) {
            (Some(endpoint), Some(token)) => Ok(Self { endpoint, token }),
            (endpoint, token) => choose(endpoint, token, stored()?),
        }
    }

    /// A client builder with these credentials.
    pub(crate) fn client(&self) -> ClientBuilder {
        Client::builder(&self.endpoint, &self.token)
    }

    /// Writes the credentials file, readable only for this user, and returns its path.
    pub(crate) fn store(&self) -> Result<PathBuf> {
        let path = path()?;
        write(&path, self).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// The endpoint of the arguments, the environment or the file.
pub fn endpoint(arguments: &GlobalArguments) -> Option<String> {
    let stored = || path().and_then(|path| read(&path)).ok().flatten();
    arguments
        .endpoint()
        .or_else(|| stored().map(|stored| stored.endpoint))
}

/// `RESTOW_TOKEN`, unless it is empty.
pub fn token_of_environment() -> Option<String> {
    variable("RESTOW_TOKEN")
}

/// Deletes the credentials file. Returns whether there was one.
pub fn delete() -> Result<bool> {
    let path = path()?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot remove {}", path.display())),
    }
}

fn choose(
    endpoint: Option<String>,
    token: Option<String>,
    stored: Option<Credentials>,
) -> Result<Credentials> {
    if let Some(endpoint) = &endpoint {
        base_url(endpoint)?;
    }
    let Some(stored) = stored else {
        return Err(Failure::NotLoggedIn.into());
    };
    match (endpoint, token) {
        (Some(endpoint), None) if !is_same_server(&endpoint, &stored.endpoint) => {
            Err(Failure::OtherServer(endpoint).into())
        }
        (endpoint, token) => Ok(Credentials {
            endpoint: endpoint.unwrap_or(stored.endpoint),
            token: token.unwrap_or(stored.token),
        }),
    }
}

/// URL of the API at an endpoint, in a normalized form.
///
/// # Errors
/// [`Error::InvalidEndpoint`], without the endpoint, which may contain a password.
pub fn base_url(endpoint: &str) -> Result<String, Error> {
    // Creating a client normalizes the endpoint and sends no request.
    Client::new(endpoint, "-").map(|client| client.endpoint().to_string())
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

fn path() -> Result<PathBuf> {
    let directories = ProjectDirs::from("", "", "restow");
    let directories =
        directories.context("no home directory; set RESTOW_ENDPOINT and RESTOW_TOKEN")?;
    Ok(directories.config_dir().join("credentials.json"))
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
        }
    }

    fn exit_code(outcome: Result<Credentials>) -> u8 {
        crate::error_code::exit_code(&outcome.err().unwrap())
    }

    #[test]
    fn stored_token_is_sent_to_its_server_only() {
        let same = choose(
            Some("https://restow.example/api".to_string()),
            None,
            Some(stored()),
        )
        .unwrap();
        assert_eq!(same.token, "stored");
        let other = choose(
            Some("https://other.example".to_string()),
            None,
            Some(stored()),
        );
        assert_eq!(exit_code(other), crate::exit::LOGIN);
    }

    #[test]
    fn environment_overrides_the_file() {
        let found = choose(None, Some("mine".to_string()), Some(stored())).unwrap();
        assert_eq!(
            (found.endpoint.as_str(), found.token.as_str()),
            ("https://restow.example/", "mine")
        );
        assert_eq!(
            exit_code(choose(None, Some("mine".to_string()), None)),
            crate::exit::LOGIN
        );
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
