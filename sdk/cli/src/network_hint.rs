//! Hints about certificates and proxies.

use restow_sdk::{CertificateProblem, Error, Peer, Proxy, ProxyProblem};

/// What the user can do about an error of a certificate or a proxy; `None` for other errors.
pub fn network_hint(error: &Error) -> Option<String> {
    Some(match error {
        Error::Certificate { peer, problem, .. } => certificate_hint(*peer, *problem).to_string(),
        Error::Proxy {
            peer,
            proxy,
            problem,
            ..
        } => proxy_hint(*peer, proxy, *problem),
        Error::CaFile { .. } => {
            "name a file of certificates in PEM form with --ca-file, SSL_CERT_FILE or AWS_CA_BUNDLE, or a directory of \
             such files with SSL_CERT_DIR, or unset the variable"
                .to_string()
        }
        Error::InvalidProxy { variable } => format!("correct {variable}, or unset it"),
        Error::Setup(_) => {
            "install the certificates of certification authorities (package ca-certificates), or name a file of them \
             with --ca-file"
                .to_string()
        }
        Error::UnexpectedResponse {
            proxy: Some(proxy), ..
        } => format!(
            "check that the endpoint is the URL of a Restow server, and that the proxy {proxy} did not send this \
             response: NO_PROXY names hosts that are reached without it; `restow doctor` searches for the cause"
        ),
        _ => return None,
    })
}

fn certificate_hint(peer: Peer, problem: CertificateProblem) -> &'static str {
    match (problem, peer) {
        (CertificateProblem::UnknownIssuer, _) => {
            "the certificate is signed by an authority that is unknown here: pass the certificate of that authority with \
             --ca-file FILE, or name it in SSL_CERT_FILE or AWS_CA_BUNDLE"
        }
        (CertificateProblem::OtherHost, Peer::Api) => {
            "use the host name that the certificate is for in the endpoint, or have one issued for this host"
        }
        (CertificateProblem::OtherHost, Peer::S3) => {
            "the certificate must be for the host of --s3-public-endpoint of the server"
        }
        (CertificateProblem::Expired, _) => {
            "renew the certificate; if it is valid, correct the clock of this machine"
        }
        _ => {
            "have a certificate issued for this host; one of a private authority also needs --ca-file FILE here"
        }
    }
}

fn proxy_hint(peer: Peer, proxy: &Proxy, problem: ProxyProblem) -> String {
    let variable = &proxy.variable;
    let without = format!("or exclude the host of {peer} with NO_PROXY=HOST");
    match problem {
        ProxyProblem::Unauthenticated => {
            let (scheme, address) = proxy.url.split_once("://").unwrap_or(("http", &proxy.url));
            format!("set {variable}={scheme}://USER:PASSWORD@{address}, {without}")
        }
        ProxyProblem::Refused => {
            format!("ask the operator of the proxy to allow connections to {peer}, {without}")
        }
        _ => format!("check that the proxy in {variable} is running, {without}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_hints_name_the_variable() {
        let proxy = Proxy {
            url: "http://proxy.example:3128".to_string(),
            variable: "HTTPS_PROXY".to_string(),
        };
        let hint = |problem| proxy_hint(Peer::S3, &proxy, problem);
        assert_eq!(
            hint(ProxyProblem::Unauthenticated),
            "set HTTPS_PROXY=http://USER:PASSWORD@proxy.example:3128, or exclude the host of S3 with NO_PROXY=HOST"
        );
        assert!(hint(ProxyProblem::Unreachable).contains("HTTPS_PROXY is running"));
        assert!(hint(ProxyProblem::Refused).contains("allow connections to S3"));
    }
}
