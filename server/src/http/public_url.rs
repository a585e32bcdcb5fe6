//! The URL at which clients reach the server.

use std::fmt;
use std::str::FromStr;

use http::Uri;

use restow_api::document::MOUNT;

/// The URL at which clients reach the server, without a trailing slash and without `/api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    path: String,
}

impl PublicUrl {
    /// Scheme and host.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || {
            "must be an http or https URL without user, query and fragment, such as https://restow.example".to_string()
        };
        let uri: Uri = text.parse().map_err(|_| invalid())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(invalid());
        };
        let is_plain = uri.query().is_none()
            && !text.contains('#')
            && !authority.as_str().contains('@')
            && !authority.host().is_empty();
        if !matches!(scheme, "http" | "https") || !is_plain {
            return Err(invalid());
        }
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix(MOUNT).unwrap_or(path);
        Ok(Self {
            origin: format!("{scheme}://{authority}"),
            path: path.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_url_has_no_trailing_slash_or_api() {
        for (text, url) in [
            ("https://restow.example", "https://restow.example"),
            ("https://restow.example/", "https://restow.example"),
            ("https://restow.example/api", "https://restow.example"),
            ("http://[::1]:8080/data/api/", "http://[::1]:8080/data"),
        ] {
            let parsed: PublicUrl = text.parse().unwrap();
            assert_eq!(parsed.to_string(), url);
        }
        for odd in [
            "restow.example",
            "ftp://restow.example",
            "https://user@restow.example",
            "https://restow.example?x=1",
            "https://restow.example/#x",
            "https://",
        ] {
            assert!(odd.parse::<PublicUrl>().is_err(), "{odd}");
        }
    }
}
