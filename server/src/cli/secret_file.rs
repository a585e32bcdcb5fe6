//! Secrets in files, which is how orchestrators give them to a process: neither its arguments nor its environment show them.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Largest file in bytes that is read; no secret is as long.
const MAX_LENGTH: u64 = 64 * 1024;

/// A secret that can be given by itself or by a file, each with the name of its option.
pub struct SecretSource<'a> {
    /// The option or variable that contains it.
    pub direct: (&'static str, Option<String>),
    /// The option that names its file.
    pub file: (&'static str, Option<&'a Path>),
}

impl SecretSource<'_> {
    /// The secret, if it is given.
    ///
    /// # Errors
    /// If it is given twice, or its file cannot be read or contains no single line of text. No error contains it.
    pub fn read(self) -> Result<Option<String>> {
        match (self.direct, self.file) {
            ((direct, Some(_)), (file, Some(_))) => {
                bail!("{direct} and {file} are both set; remove one of them")
            }
            ((_, Some(secret)), _) => Ok(Some(secret)),
            (_, (option, Some(path))) => {
                let secret = read(path);
                let secret = secret.with_context(|| format!("{option}: {}", path.display()))?;
                Ok(Some(secret))
            }
            _ => Ok(None),
        }
    }
}

/// The only line of a file.
fn read(path: &Path) -> Result<String> {
    let file = File::open(path).context(
        "the file cannot be read; check its path, and that the user of this process may read it",
    )?;
    let mode = file.metadata().context("the file has no mode")?;
    let mode = mode.permissions().mode();
    if mode & 0o004 != 0 {
        tracing::warn!(
            file = %path.display(),
            mode = format_args!("{:o}", mode & 0o777),
            "all users of this machine can read a file with a secret; run chmod o-r on it"
        );
    }
    let mut bytes = Vec::new();
    file.take(MAX_LENGTH + 1)
        .read_to_end(&mut bytes)
        .context("the file cannot be read")?;
    if bytes.len() as u64 > MAX_LENGTH {
        bail!("the file has more than 64 KiB, and cannot be a secret");
    }
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("the file is not UTF-8; write the secret to it as text");
    };
    let secret = text.strip_suffix('\n').unwrap_or(&text);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.is_empty() {
        bail!("the file is empty; write the secret to it, on one line");
    }
    if secret.contains(['\n', '\r', '\0']) {
        bail!("the file has several lines; write only the secret to it, on one line");
    }
    Ok(secret.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn of_file(content: &[u8]) -> Result<String> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("secret");
        fs::write(&path, content)?;
        let source = SecretSource {
            direct: ("--secret", None),
            file: ("--secret-file", Some(&path)),
        };
        Ok(source.read()?.unwrap_or_default())
    }

    #[test]
    fn one_line_end_is_stripped() {
        for content in ["s e", "s e\n", "s e\r\n"] {
            assert_eq!(of_file(content.as_bytes()).unwrap(), "s e");
        }
        assert_eq!(of_file(b" s \n").unwrap(), " s ");
    }

    #[test]
    fn unusable_files_are_explained() {
        let long = vec![b'x'; 70_000];
        for (content, words) in [
            (&b""[..], "is empty"),
            (b"\n", "is empty"),
            (b"confidential\n\n", "several lines"),
            (b"confidential\0", "several lines"),
            (b"confidential\xff", "not UTF-8"),
            (&long, "more than 64 KiB"),
        ] {
            let error = format!("{:#}", of_file(content).unwrap_err());
            assert!(
                error.contains(words) && error.starts_with("--secret-file: /"),
                "{error}"
            );
            assert!(!error.contains("confidential"), "{error}");
        }
    }

    #[test]
    fn secret_is_given_once() {
        let read = |direct: Option<&str>, file: Option<&str>| {
            SecretSource {
                direct: ("--secret", direct.map(str::to_string)),
                file: ("--secret-file", file.map(Path::new)),
            }
            .read()
        };
        assert_eq!(read(Some("s"), None).unwrap().as_deref(), Some("s"));
        assert_eq!(read(None, None).unwrap(), None);
        let twice = read(Some("s"), Some("/nowhere")).unwrap_err().to_string();
        assert_eq!(
            twice,
            "--secret and --secret-file are both set; remove one of them"
        );
        let missing = format!("{:#}", read(None, Some("/nowhere")).unwrap_err());
        assert!(missing.contains("check its path"), "{missing}");
    }
}
