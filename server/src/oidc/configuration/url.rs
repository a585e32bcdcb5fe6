//! URLs to which requests for keys may be sent.

use reqwest::Url;

/// Whether a URL of an issuer or of its keys may be requested: HTTPS, or on this machine, or where plain HTTP is allowed.
pub(crate) fn is_allowed(url: &Url, allow_http: bool) -> bool {
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.host_str().is_some_and(|host| !host.is_empty());
    let is_secure = match url.scheme() {
        "https" => true,
        "http" => allow_http || is_loopback(url),
        _ => false,
    };
    is_plain && is_secure
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
