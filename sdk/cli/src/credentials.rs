//! Which server, and with which token: from the options, the environment, or the file of `restow login`.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::global::GlobalArguments;
use restow_sdk::{Client, ClientBuilder, Error};

/// A server and the token that it gave out.
#[derive(Clone, Deserialize, Serialize)]
pub struct Credentials {
    /// URL of the server.
    pub endpoint: String,
    /// Bearer token. It is for the server alone, and never shown.
    pub token: String,
}

impl Credentials {
    /// The credentials to use: what the arguments and the environment say, and for the rest the file.
    ///
    /// The file's token is for the file's server, and goes to no other.
    ///
    /// # Errors
    /// [`Failure::NotLoggedIn`] and [`Failure::OtherServer`], and what hinders the reading of the file.
    pub fn find(arguments: &GlobalArguments) -> Result<Self> {
        let token = token_of_environment();
        let stored = || path().and_then(|path| read(&path));
        match (arguments.endpoint().map(str::to_string), token) {
            (Some(endpoint), Some(token)) => Ok(Self { endpoint, token }),
            (endpoint, token) => choose(endpoint, token, stored()?),
        }
    }

    /// The settings of a client with these credentials.
    pub fn client(&self) -> ClientBuilder {
        Client::builder(&self.endpoint, &self.token)
    }

    /// Keeps the credentials for later commands, readable for this user alone.
    pub fn store(&self) -> Result<PathBuf> {
        let path = path()?;
        write(&path, self).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// Endpoint that the arguments, the environment or the file names.
pub fn endpoint(arguments: &GlobalArguments) -> Option<String> {
    let stored = || path().and_then(|path| read(&path)).ok().flatten();
    arguments
        .endpoint()
        .map(str::to_string)
        .or_else(|| stored().map(|stored| stored.endpoint))
}

/// `RESTOW_TOKEN`, unless it is empty.
pub fn token_of_environment() -> Option<String> {
    std::env::var("RESTOW_TOKEN")
        .ok()
        .filter(|token| !token.is_empty())
}

/// Forgets what [`Credentials::store`] kept, and tells whether there was something.
pub fn forget() -> Result<bool> {
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

/// URL of the API of an endpoint, the same for all spellings of one server.
///
/// # Errors
/// [`Error::InvalidEndpoint`], which does not repeat it, since it may hold a password.
pub fn base_url(endpoint: &str) -> Result<String, Error> {
    // The client knows how an endpoint may be written; it sends nothing.
    Client::new(endpoint, "-").map(|client| client.endpoint().to_string())
}

fn is_same_server(one: &str, other: &str) -> bool {
    base_url(one).is_ok_and(|one| base_url(other).is_ok_and(|other| one == other))
}

fn path() -> Result<PathBuf> {
    let directories = ProjectDirs::from("", "", "restow");
    let directories =
        directories.context("there is no home directory; set RESTOW_ENDPOINT and RESTOW_TOKEN")?;
    Ok(directories.config_dir().join("credentials.json"))
}

fn read(path: &Path) -> Result<Option<Credentials>> {
    let content = match fs::read(path) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    // The words of serde_json quote what they are about, which may be the token.
    let read = serde_json::from_slice(&content).ok();
    read.map(Some)
        .with_context(|| format!("{} is damaged; run `restow login`", path.display()))
}

/// Writes a file beside the old one first, so that there is always a whole one.
fn write(path: &Path, credentials: &Credentials) -> Result<()> {
    let directory = path.parent().context("no directory")?;
    make_private_directory(directory)?;
    // Temporary files are readable for their owner alone, and stay so.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    serde_json::to_writer_pretty(&mut file, credentials)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn make_private_directory(directory: &Path) -> Result<()> {
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
            token: "kept".to_string(),
        }
    }

    fn exit_code(outcome: Result<Credentials>) -> u8 {
        crate::error_code::exit_code(&outcome.err().unwrap())
    }

    #[test]
    fn the_kept_token_goes_to_its_own_server_only() {
        let same = choose(
            Some("https://restow.example/api".to_string()),
            None,
            Some(stored()),
        )
        .unwrap();
        assert_eq!(same.token, "kept");
        let other = choose(
            Some("https://other.example".to_string()),
            None,
            Some(stored()),
        );
        assert_eq!(exit_code(other), crate::exit::LOGIN);
    }

    #[test]
    fn the_environment_wins_over_the_file() {
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
    fn the_file_is_for_its_owner_alone_and_can_be_replaced() {
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
    fn a_damaged_file_is_not_quoted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "{\"endpoint\": \"x\", \"token\": s3cr3t}").unwrap();
        let told = format!("{:#}", read(file.path()).err().unwrap());
        assert!(
            told.contains("is damaged") && !told.contains("s3cr3t"),
            "{told}"
        );
    }
}
