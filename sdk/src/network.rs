//! How requests reach servers: which certificates are trusted, and which proxies are used.

mod ca;
mod proxy;

use std::path::Path;
use std::time::Instant;

use reqwest::{Certificate, RequestBuilder, Response, Url};

use self::proxy::Proxies;
use crate::error::{Proxy, Result};
use crate::request_log;

/// The certificates that are trusted besides those of the system, and the proxies of the environment.
///
/// Every [`Client`](crate::Client) has one. It is public so that other requests of a program can go the same way.
#[derive(Clone, Debug)]
pub struct Network {
    certificates: Vec<Certificate>,
    proxies: Proxies,
}

impl Network {
    /// Reads the variables of the environment.
    ///
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` replace the certificates of the system (on macOS and Windows they are added to
    /// them), and `AWS_CA_BUNDLE` is added to them. `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in
    /// lower case, name proxies and the hosts that are reached without one.
    ///
    /// # Errors
    /// [`Error::CaFile`](crate::Error::CaFile) if a variable names a file or directory that cannot be used, and
    /// [`Error::InvalidProxy`](crate::Error::InvalidProxy).
    pub fn from_environment() -> Result<Self> {
        Ok(Self {
            certificates: ca::of_environment()?,
            proxies: Proxies::of_environment()?,
        })
    }

    /// Trusts the certificates of a file as well: one or more certification authorities in PEM form.
    ///
    /// # Errors
    /// [`Error::CaFile`](crate::Error::CaFile) if it cannot be read, or contains no certificate.
    pub fn trusting(mut self, ca_file: &Path) -> Result<Self> {
        self.certificates
            .extend(ca::of_file("the CA file", ca_file)?);
        Ok(self)
    }

    /// The proxy through which requests to a URL go; `None` if they go directly.
    pub fn proxy_of(&self, url: &Url) -> Option<Proxy> {
        self.proxies.of(url)
    }

    /// Has the clients of a builder use these certificates and proxies.
    pub fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        let builder = self.proxies.configure(builder);
        builder.tls_certs_merge(self.certificates.iter().cloned())
    }

    /// Sends a request, and records it like those of [`Client`](crate::Client): as an event of `tracing` with the target
    /// [`REQUEST_TARGET`](crate::REQUEST_TARGET).
    ///
    /// # Errors
    /// Those of `reqwest`.
    pub async fn send(request: RequestBuilder) -> reqwest::Result<Response> {
        let (client, request) = request.build_split();
        let request = request?;
        let (method, url) = (request.method().clone(), request.url().clone());
        let started = Instant::now();
        let outcome = client.execute(request).await;
        request_log::record(&method, &url, started, &outcome);
        outcome
    }
}

/// The proxy of the environment for a URL. A client was built before, so the environment is valid.
pub(crate) fn proxy_of(url: &Url) -> Option<Proxy> {
    Proxies::of_environment().ok()?.of(url)
}
