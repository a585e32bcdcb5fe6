//! What can be wrong on the way to a server: its certificate, or a proxy.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a certificate is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// It is not signed by a certification authority that is trusted.
    UnknownIssuer,
    /// It is for another host.
    OtherHost,
    /// It has expired, or is not valid yet.
    Expired,
    /// Anything else: it is damaged, revoked, or not meant for servers.
    Invalid,
}

/// Why a proxy was of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyProblem {
    /// It cannot be reached, or does not respond.
    Unreachable,
    /// It demands a user name and a password, or refuses those that it was given.
    Unauthenticated,
    /// It refuses the connection, or cannot make it.
    Refused,
}

impl fmt::Display for CertificateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => "is not signed by a trusted certification authority",
            Self::OtherHost => "is for another host",
            Self::Expired => "has expired or is not valid yet",
            Self::Invalid => "is invalid",
        })
    }
}

impl fmt::Display for ProxyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "cannot be reached",
            Self::Unauthenticated => "demands a user name and password",
            Self::Refused => "refuses the connection",
        })
    }
}

/// A proxy that the environment names. It is displayed without its user name and password.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Proxy {
    /// URL of the proxy, without user name and password.
    pub url: String,
    /// The variable of the environment that names it.
    pub variable: String,
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.url, self.variable)
    }
}
