//! The proxies that the environment names.

use std::env;
use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use crate::error::{Error, Proxy, Result};

/// Schemes of the proxies that are supported.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxies for each scheme, and the hosts that are reached without one.
#[derive(Clone, Debug)]
pub(super) struct Proxies {
    http: Option<Setting>,
    https: Option<Setting>,
    /// Intercepts what is not excluded by `NO_PROXY`.
    not_excluded: Arc<Matcher>,
}

/// A proxy with its user name and password, which `Debug` does not show.
#[derive(Clone)]
struct Setting {
    url: Url,
    proxy: Proxy,
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.proxy.fmt(f)
    }
}

impl Proxies {
    /// Those of the environment.
    ///
    /// # Errors
    /// [`Error::InvalidProxy`].
    pub fn of_environment() -> Result<Self> {
        Self::new(|name| env::var(name).ok())
    }

    fn new(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let first = |names: &[&'static str]| {
            let mut set = names
                .iter()
                .filter_map(|name| Some((*name, variable(name)?)));
            set.find(|(_, value)| !value.trim().is_empty())
        };
        let setting = |names: &[&'static str]| {
            first(names)
                .map(|(name, value)| Setting::new(name, &value))
                .transpose()
        };
        // A web server that runs this as a CGI program sets HTTP_PROXY from the header `Proxy` of a request.
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let http = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
        let excluded = first(&["NO_PROXY", "no_proxy"]).map(|(_, value)| value);
        let matcher = Matcher::builder()
            .all("http://proxy.invalid")
            .no(without_brackets(&excluded.unwrap_or_default()));
        Ok(Self {
            http: setting(&http[usize::from(is_cgi)..])?,
            https: setting(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])?,
            not_excluded: Arc::new(matcher.build()),
        })
    }

    /// The proxy for a URL.
    pub fn of(&self, url: &Url) -> Option<Proxy> {
        self.setting(url).map(|setting| setting.proxy.clone())
    }

    /// Has the clients of a builder use the proxies.
    pub fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        if self.http.is_none() && self.https.is_none() {
            return builder.no_proxy();
        }
        let proxies = self.clone();
        let proxy = move |url: &Url| proxies.setting(url).map(|setting| setting.url.clone());
        builder.proxy(reqwest::Proxy::custom(proxy))
    }

    fn setting(&self, url: &Url) -> Option<&Setting> {
        let setting = match url.scheme() {
            "http" => self.http.as_ref(),
            "https" => self.https.as_ref(),
            _ => None,
        }?;
        let uri = url.as_str().parse().ok()?;
        self.not_excluded.intercept(&uri).map(|_| setting)
    }
}

impl Setting {
    fn new(variable: &'static str, value: &str) -> Result<Self> {
        let invalid = || Error::InvalidProxy {
            variable: variable.to_string(),
        };
        let value = value.trim();
        let url = if value.contains("://") {
            Url::parse(value)
        } else {
            Url::parse(&format!("http://{value}"))
        };
        let url = url.map_err(|_| invalid())?;
        if !SCHEMES.contains(&url.scheme()) || !url.has_host() {
            return Err(invalid());
        }
        let port = url
            .port()
            .map_or_else(String::new, |port| format!(":{port}"));
        let host = url.host_str().unwrap_or_default();
        let shown = format!("{}://{host}{port}", url.scheme());
        let variable = variable.to_string();
        Ok(Self {
            url,
            proxy: Proxy {
                url: shown,
                variable,
            },
        })
    }
}

/// The entries of `NO_PROXY`, with IPv6 addresses as the rules know them: URLs have them in brackets, and so have many
/// lists.
fn without_brackets(list: &str) -> String {
    let entries = list.split(',').map(|entry| {
        let entry = entry.trim();
        let inner = entry
            .strip_prefix('[')
            .and_then(|entry| entry.strip_suffix(']'));
        inner.unwrap_or(entry)
    });
    entries.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Result<Proxies> {
        let value = |name: &str| {
            let found = variables.iter().find(|(found, _)| *found == name);
            found.map(|(_, value)| (*value).to_string())
        };
        Proxies::new(value)
    }

    fn proxy(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let found = proxies(variables).unwrap().of(&Url::parse(url).unwrap());
        found.map(|proxy| proxy.to_string())
    }

    #[test]
    fn proxy_is_that_of_the_scheme() {
        let variables = [
            ("HTTPS_PROXY", ""),
            ("https_proxy", "me:s3cr3t@secure.example:3128"),
            ("ALL_PROXY", "socks5h://socks.example"),
        ];
        let https = proxy(&variables, "https://restow.example/api");
        assert_eq!(
            https.as_deref(),
            Some("http://secure.example:3128 (https_proxy)")
        );
        let http = proxy(&variables, "http://restow.example/api");
        assert_eq!(http.as_deref(), Some("socks5h://socks.example (ALL_PROXY)"));
        assert_eq!(proxy(&[], "http://restow.example"), None);
        let debug = format!("{:?}", proxies(&variables).unwrap());
        assert!(!debug.contains("s3cr3t"), "{debug}");
    }

    #[test]
    fn excluded_hosts_are_reached_directly() {
        let variables = [
            ("ALL_PROXY", "http://proxy.example:3128"),
            ("NO_PROXY", "[::1], 10.0.0.0/8,.internal.example, localhost"),
        ];
        for direct in [
            "http://[::1]:8080/api",
            "https://10.1.2.3",
            "https://s3.internal.example",
            "http://localhost:8080",
        ] {
            assert_eq!(proxy(&variables, direct), None, "{direct}");
        }
        for proxied in ["http://[::2]/", "https://11.0.0.1", "https://example.com"] {
            assert!(proxy(&variables, proxied).is_some(), "{proxied}");
        }
    }

    #[test]
    fn cgi_programs_ignore_the_header_of_the_request() {
        let variables = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "http://evil")];
        assert_eq!(proxy(&variables, "http://restow.example"), None);
    }

    #[test]
    fn invalid_proxies_are_refused_without_their_password() {
        for value in ["ftp://me:s3cr3t@proxy", "http://", "http://me:s3cr3t@"] {
            let error = proxies(&[("HTTP_PROXY", value)]).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains("HTTP_PROXY"), "{text}");
            assert!(!text.contains("s3cr3t"), "{text}");
        }
    }
}
