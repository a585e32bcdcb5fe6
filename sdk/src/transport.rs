//! Errors of connections, by their cause: a certificate, a proxy, or anything else.
//!
//! The causes that `reqwest` reports are of types that it does not export, so they are told apart by their texts. Tests
//! against real servers and proxies notice if these change.

use std::error::Error as StdError;

use reqwest::Url;

use crate::error::{CertificateProblem, Error, Peer, Proxy, ProxyProblem};
use crate::network;

impl Error {
    /// The error of a request that got no response, without its URL, which may be a signed one.
    pub fn transport(peer: Peer, error: reqwest::Error) -> Self {
        let url = error.url().cloned();
        let source = error.without_url();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        if let Some(problem) = certificate_problem(&source) {
            return Self::Certificate {
                peer,
                host: host.to_string(),
                problem,
                source,
            };
        }
        let proxy = url.as_ref().and_then(network::proxy_of);
        let problem = url.as_ref().and_then(|url| proxy_problem(url, &source));
        match (proxy, problem) {
            (Some(proxy), Some(problem)) => Self::Proxy {
                peer,
                proxy,
                problem,
                source: Some(source),
            },
            _ => Self::Transport { peer, source },
        }
    }

    /// The error of a response with which a proxy demands a user name and password.
    pub(crate) fn unauthenticated_proxy(peer: Peer, proxy: Proxy) -> Self {
        Self::Proxy {
            peer,
            proxy,
            problem: ProxyProblem::Unauthenticated,
            source: None,
        }
    }
}

fn causes(error: &reqwest::Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes
}

fn certificate_problem(error: &reqwest::Error) -> Option<CertificateProblem> {
    let causes = causes(error);
    let (_, reason) = causes
        .iter()
        .find_map(|cause| cause.split_once("invalid peer certificate: "))?;
    let reason = reason.to_ascii_lowercase().replace(' ', "");
    Some(match reason.as_str() {
        reason if reason.starts_with("unknownissuer") => CertificateProblem::UnknownIssuer,
        reason if reason.contains("notvalidfor") => CertificateProblem::OtherHost,
        reason if reason.contains("expired") || reason.contains("notvalidyet") => {
            CertificateProblem::Expired
        }
        _ => CertificateProblem::Invalid,
    })
}

/// What the proxy of a request to `url` did wrong; `None` if the fault is elsewhere.
fn proxy_problem(url: &Url, error: &reqwest::Error) -> Option<ProxyProblem> {
    if !error.is_connect() {
        return None;
    }
    let causes = causes(error).join("\n");
    let is_tunnel = causes.contains("tunnel error: ") || causes.contains("SOCKS error: ");
    if is_tunnel {
        let text = causes.to_ascii_lowercase();
        Some(if text.contains("failed to create underlying connection") {
            ProxyProblem::Unreachable
        } else if text.contains("auth") || text.contains("credentials") {
            ProxyProblem::Unauthenticated
        } else {
            ProxyProblem::Refused
        })
    } else if causes.contains("error resolving for socks proxy") {
        None
    } else {
        // Requests to http URLs have no connection but that to the proxy.
        (url.scheme() == "http" || error.is_timeout()).then_some(ProxyProblem::Unreachable)
    }
}
