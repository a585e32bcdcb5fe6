//! The URL of a server, as users write it.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, Result};

/// Base URL of the paths of the API: it ends with `/api` exactly once.
pub fn base_url(endpoint: &str) -> Result<String> {
    let mut url = parse(trimmed(endpoint))?;
    let credentials = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || credentials {
        return Err(Error::InvalidEndpoint);
    }
    let path = url.path().trim_end_matches('/');
    let path = format!("{}/api", path.strip_suffix("/api").unwrap_or(path));
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.into())
}

/// The URL of an endpoint. Without a scheme it is `https`, or `http` on this machine, which rarely has a certificate.
fn parse(endpoint: &str) -> Result<Url> {
    let parse = |text: &str| Url::parse(text).map_err(|_| Error::InvalidEndpoint);
    if endpoint.contains("://") {
        return parse(endpoint);
    }
    // What precedes a colon is no scheme, but the name of a host.
    let url = parse(&format!("https://{endpoint}"))?;
    if is_loopback(&url) {
        parse(&format!("http://{endpoint}"))
    } else {
        Ok(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The text without what files, shells and editors put around it.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|around: char| around.is_whitespace() || around == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_ends_with_api_once() {
        for (endpoint, base) in [
            ("https://restow.example", "https://restow.example/api"),
            ("https://restow.example/", "https://restow.example/api"),
            ("https://restow.example/api", "https://restow.example/api"),
            ("https://restow.example/api/", "https://restow.example/api"),
            ("http://[::1]:8080/data/", "http://[::1]:8080/data/api"),
            ("http://localhost/myapi?x=1#y", "http://localhost/myapi/api"),
            ("restow.example", "https://restow.example/api"),
            ("restow.example:8443/x", "https://restow.example:8443/x/api"),
            ("localhost:8080", "http://localhost:8080/api"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/api"),
            ("[::1]:8080", "http://[::1]:8080/api"),
            (
                "\u{feff}https://restow.example\r\n",
                "https://restow.example/api",
            ),
        ] {
            assert_eq!(base_url(endpoint).unwrap(), base);
        }
    }

    #[test]
    fn invalid_endpoints_fail() {
        for endpoint in [
            "",
            " \n",
            "ftp://restow.example",
            "mailto:user@restow.example",
            "https://user:secret@restow.example",
            "user:secret@restow.example",
        ] {
            assert!(
                matches!(base_url(endpoint), Err(Error::InvalidEndpoint)),
                "{endpoint}"
            );
        }
    }
}
