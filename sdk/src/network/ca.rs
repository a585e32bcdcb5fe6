//! Certificates of certification authorities, from files that the environment or the caller names.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::{env, fs};

use reqwest::Certificate;

use crate::error::{Error, Result};

/// Whether the TLS library reads `SSL_CERT_FILE` and `SSL_CERT_DIR` itself, in place of the certificates of the system.
const IS_READ_BY_PLATFORM: bool = cfg!(all(unix, not(target_vendor = "apple")));

/// Beginning of a certificate in PEM form.
const PEM_START: &str = "-----BEGIN";

/// The certificates that the variables add. Those that the platform reads itself are only checked: it would ignore a
/// file that is missing.
pub fn of_environment() -> Result<Vec<Certificate>> {
    let mut certificates = Vec::new();
    let mut system = Vec::new();
    if let Some(file) = env::var_os("SSL_CERT_FILE") {
        system.extend(of_file("SSL_CERT_FILE", Path::new(&file))?);
    }
    if let Some(directories) = env::var_os("SSL_CERT_DIR") {
        system.extend(of_directories("SSL_CERT_DIR", &directories)?);
    }
    if !IS_READ_BY_PLATFORM {
        certificates.append(&mut system);
    }
    let bundle = env::var_os("AWS_CA_BUNDLE").filter(|file| !file.is_empty());
    if let Some(file) = bundle {
        certificates.extend(of_file("AWS_CA_BUNDLE", Path::new(&file))?);
    }
    Ok(certificates)
}

/// The certificates in a file, at least one. `setting` is what names the file, for the error.
pub fn of_file(setting: &str, path: &Path) -> Result<Vec<Certificate>> {
    let failed = |source| failure(setting, path, source);
    let content = fs::read(path).map_err(failed)?;
    parsed(&content).map_err(failed)
}

/// The certificates in the files of directories; other files are skipped, as the platform does.
fn of_directories(setting: &str, directories: &OsStr) -> Result<Vec<Certificate>> {
    let mut certificates = Vec::new();
    let paths = env::split_paths(directories).filter(|path| !path.as_os_str().is_empty());
    for directory in paths.collect::<Vec<PathBuf>>() {
        let entries =
            fs::read_dir(&directory).map_err(|source| failure(setting, &directory, source))?;
        if IS_READ_BY_PLATFORM {
            continue;
        }
        let contents = entries
            .flatten()
            .filter_map(|entry| fs::read(entry.path()).ok());
        certificates.extend(
            contents
                .filter_map(|content| parsed(&content).ok())
                .flatten(),
        );
    }
    Ok(certificates)
}

fn parsed(content: &[u8]) -> io::Result<Vec<Certificate>> {
    let invalid = |message: &str| io::Error::new(ErrorKind::InvalidData, message.to_string());
    if !String::from_utf8_lossy(content).contains(PEM_START) {
        return Err(invalid(
            "it contains no certificate in PEM form; `openssl x509 -inform der -in FILE` converts one in DER form",
        ));
    }
    let damaged = |_| invalid("it contains a damaged certificate");
    let certificates = Certificate::from_pem_bundle(content).map_err(damaged)?;
    if certificates.is_empty() {
        return Err(invalid("it contains no certificate"));
    }
    // Certificates are only decoded when a client is built, and its error names no file.
    let client = reqwest::Client::builder().tls_certs_only(certificates.iter().cloned());
    client.build().map_err(damaged)?;
    Ok(certificates)
}

fn failure(setting: &str, path: &Path, source: io::Error) -> Error {
    Error::CaFile {
        setting: setting.to_string(),
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(content: &str) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), content).unwrap();
        let error = of_file("SSL_CERT_FILE", file.path()).unwrap_err();
        let Error::CaFile { source, .. } = &error else {
            panic!("{error}")
        };
        let path = file.path().display().to_string();
        assert!(error.to_string().contains(&path), "{error}");
        assert!(error.to_string().contains("SSL_CERT_FILE"), "{error}");
        source.to_string()
    }

    #[test]
    fn unusable_files_are_explained() {
        assert!(message("").contains("no certificate in PEM form"));
        let key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        assert_eq!(message(key), "it contains no certificate");
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(message(damaged), "it contains a damaged certificate");
    }

    #[test]
    fn missing_file_is_named() {
        let error = of_file("AWS_CA_BUNDLE", Path::new("/nowhere/ca.pem")).unwrap_err();
        let text = error.to_string();
        let expected =
            "cannot use the CA certificates at /nowhere/ca.pem, which AWS_CA_BUNDLE names";
        assert_eq!(text, expected);
    }
}
