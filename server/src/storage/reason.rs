//! Why S3 does not do what the server requests: named for programs, explained for operators.

use std::error::Error;
use std::io;

use aws_credential_types::provider::error::CredentialsError;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $is_permanent:literal, $cause:literal, $advice:literal;)+) => {
        /// Why S3 does not do what the server requests.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason { $($(#[doc = $doc])* $variant),+ }

        impl Reason {
            /// The name in responses, logs and `/readyz`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Whether it lasts until an operator changes the configuration.
            pub const fn is_permanent(self) -> bool {
                match self { $(Self::$variant => $is_permanent),+ }
            }

            /// What is wrong, without any name or secret.
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause),+ }
            }

            /// What the operator can do about it.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice),+ }
            }
        }
    };
}

reasons! {
    /// There is no such bucket.
    NoSuchBucket = "no_such_bucket", true,
        "S3 reports that the bucket does not exist (NoSuchBucket)",
        "check --s3-bucket and --s3-endpoint, or create the bucket";
    /// S3 does not know the access key.
    InvalidAccessKey = "invalid_access_key", true,
        "S3 does not know the access key (InvalidAccessKeyId)",
        "check AWS_ACCESS_KEY_ID, or the profile or role that the credentials come from";
    /// The secret key does not belong to the access key.
    SignatureMismatch = "signature_mismatch", true,
        "S3 computes another signature (SignatureDoesNotMatch)",
        "check AWS_SECRET_ACCESS_KEY, and that no proxy changes the Host header or the path";
    /// The credentials lack a permission.
    AccessDenied = "access_denied", true,
        "S3 denies the access (AccessDenied)",
        "grant the credentials the permissions that the deployment guide lists, on this bucket and prefix";
    /// The bucket is in another region.
    WrongRegion = "wrong_region", true,
        "the bucket is in another region",
        "set --s3-region to the region of the bucket";
    /// The name of the endpoint's host has no address.
    UnknownHost = "unknown_host", true,
        "the host name of the S3 endpoint does not resolve",
        "check --s3-endpoint, --s3-addressing and the DNS";
    /// The certificate of the endpoint is not accepted.
    InvalidCertificate = "invalid_certificate", true,
        "the TLS certificate of the S3 endpoint is not accepted",
        "check that it is valid for this host name, and that the system trusts the authority that issued it";
    /// S3's clock and ours differ by too much.
    ClockSkew = "clock_skew", true,
        "the clocks of S3 and of the server differ too much (RequestTimeTooSkewed)",
        "synchronize both clocks by NTP";
    /// There are no credentials.
    NoCredentials = "no_credentials", true,
        "the server has no S3 credentials",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source of the AWS default chain";
    /// Temporary credentials have expired.
    CredentialsExpired = "credentials_expired", false,
        "the S3 credentials have expired, and no fresh ones are available",
        "check the source of the credentials";
    /// Name resolution does not work at the moment.
    NameResolution = "name_resolution", false,
        "the host name of the S3 endpoint cannot be resolved at the moment",
        "check the DNS";
    /// Nothing listens at the endpoint.
    ConnectionRefused = "connection_refused", false,
        "the S3 endpoint refuses connections",
        "check that S3 is running, and the host and port of --s3-endpoint";
    /// The connection failed in another way.
    ConnectionFailed = "connection_failed", false,
        "the connection to S3 failed",
        "check the network between the server and S3";
    /// No response in time.
    Timeout = "timeout", false,
        "S3 does not respond in time",
        "check the network between the server and S3, and the load of S3";
    /// S3 fails, is overloaded, or sends a response that cannot be decoded.
    ServerError = "server_error", false,
        "S3 fails or is overloaded",
        "see the log of S3";
    /// S3 refuses the request for another reason.
    Refused = "refused", false,
        "S3 refuses the request",
        "see the log of the server for S3's error code";
}

impl Reason {
    /// The reason that one of S3's error codes, or a bare status, stands for.
    pub(super) fn of_code(code: &str) -> Self {
        match code {
            "NoSuchBucket" => Self::NoSuchBucket,
            // The embedded S3 responds with the second.
            "InvalidAccessKeyId" | "NotSignedUp" => Self::InvalidAccessKey,
            "SignatureDoesNotMatch" => Self::SignatureMismatch,
            "AccessDenied" | "AllAccessDisabled" | "AccountProblem" | "Forbidden" | "403" => {
                Self::AccessDenied
            }
            "PermanentRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException"
            | "301" => Self::WrongRegion,
            "RequestTimeTooSkewed" => Self::ClockSkew,
            "ExpiredToken" | "TokenRefreshRequired" => Self::CredentialsExpired,
            _ => Self::Refused,
        }
    }

    /// The reason for which a request was not sent, or got no response.
    pub(super) fn of_dispatch(error: &(dyn Error + 'static)) -> Self {
        let text = causes(error)
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": ");
        let has_kind = |kind: io::ErrorKind| {
            causes(error)
                .filter_map(|error| error.downcast_ref::<io::Error>())
                .any(|error| error.kind() == kind)
        };
        // The resolver and the TLS library are not part of the SDK's interface; only their messages are.
        if text.contains("dns error") {
            let is_temporary = text.contains("Temporary failure") || text.contains("Try again");
            return if is_temporary {
                Self::NameResolution
            } else {
                Self::UnknownHost
            };
        }
        if text.contains("certificate") {
            Self::InvalidCertificate
        } else if let Some(error) = causes(error).find_map(|error| error.downcast_ref()) {
            Self::of_provider(error)
        } else if has_kind(io::ErrorKind::ConnectionRefused) {
            Self::ConnectionRefused
        } else if has_kind(io::ErrorKind::TimedOut)
            || text.contains("timed out")
            || text.contains("timeout")
        {
            Self::Timeout
        } else {
            Self::ConnectionFailed
        }
    }

    /// The reason for which there are no credentials.
    pub(super) fn of_provider(error: &CredentialsError) -> Self {
        match error {
            CredentialsError::CredentialsNotLoaded(_)
            | CredentialsError::InvalidConfiguration(_) => Self::NoCredentials,
            _ => Self::CredentialsExpired,
        }
    }
}

/// An error, and what caused it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_reasons() {
        for (code, reason) in [
            ("NoSuchBucket", Reason::NoSuchBucket),
            ("InvalidAccessKeyId", Reason::InvalidAccessKey),
            ("SignatureDoesNotMatch", Reason::SignatureMismatch),
            ("403", Reason::AccessDenied),
            ("AuthorizationHeaderMalformed", Reason::WrongRegion),
            ("RequestTimeTooSkewed", Reason::ClockSkew),
            ("NotImplemented", Reason::Refused),
        ] {
            assert_eq!(Reason::of_code(code), reason, "{code}");
        }
    }

    #[test]
    fn failed_connections_have_reasons() {
        for (error, reason) in [
            (
                io::Error::from(io::ErrorKind::ConnectionRefused),
                Reason::ConnectionRefused,
            ),
            (io::Error::from(io::ErrorKind::TimedOut), Reason::Timeout),
            (
                io::Error::other("dns error: Name or service not known"),
                Reason::UnknownHost,
            ),
            (
                io::Error::other("dns error: Temporary failure in name resolution"),
                Reason::NameResolution,
            ),
            (
                io::Error::other("invalid peer certificate: UnknownIssuer"),
                Reason::InvalidCertificate,
            ),
            (io::Error::other("reset"), Reason::ConnectionFailed),
        ] {
            assert_eq!(Reason::of_dispatch(&error), reason, "{error}");
        }
    }
}
