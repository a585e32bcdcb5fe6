//! Where a bucket is: the parts of its URLs that are the same for every key.

use http::Uri;
use http::uri::Authority;

/// Where the name of the bucket stands in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addressing {
    /// First in the path.
    Path,
    /// First in the host name.
    Virtual,
}

/// The address of a bucket.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Scheme and host.
    pub base: String,
    /// Host alone, as the `Host` header has it.
    pub host: String,
    /// What precedes the key in the path.
    pub path: String,
}

impl Endpoint {
    /// The bucket at an endpoint, or at AWS.
    ///
    /// # Errors
    /// If the endpoint is no URL of scheme and host alone.
    pub fn new(
        endpoint: Option<&str>,
        region: &str,
        bucket: &str,
        addressing: Addressing,
    ) -> Result<Self, String> {
        let endpoint = endpoint.map_or_else(|| aws_endpoint(region), str::to_string);
        let uri: Uri = endpoint
            .parse()
            .map_err(|_| format!("{endpoint} is not a URL"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(format!("{endpoint} must begin with http:// or https://"));
        };
        if !matches!(scheme, "http" | "https")
            || uri.path().len() > 1
            || authority.as_str().contains('@')
        {
            return Err(format!(
                "{endpoint} must be a scheme and a host, without a path"
            ));
        }
        if bucket.contains(|letter: char| letter.is_control() || "\"\\ /?#%".contains(letter)) {
            return Err(format!("{bucket} is not the name of a bucket"));
        }
        let authority: Authority = authority
            .as_str()
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| "the endpoint has no valid host".to_string())?;
        let (bucket_host, path) = match addressing {
            Addressing::Path => (String::new(), format!("/{bucket}/")),
            Addressing::Virtual => (format!("{bucket}."), "/".to_string()),
        };
        // Clients leave the scheme's own port out of the host that they send, and that is signed.
        let sent = match (scheme, authority.port_u16()) {
            ("http", Some(80)) | ("https", Some(443)) => authority.host(),
            _ => authority.as_str(),
        };
        let base = format!("{scheme}://{bucket_host}{authority}");
        Ok(Self {
            base,
            host: format!("{bucket_host}{sent}"),
            path,
        })
    }
}

fn aws_endpoint(region: &str) -> String {
    let domain = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    format!("https://s3.{region}.{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoint_is_scheme_and_host() {
        for odd in [
            "localhost:9000",
            "ftp://host",
            "http://host/path",
            "http://user:secret@host",
            "http://",
        ] {
            assert!(
                Endpoint::new(Some(odd), "r", "b", Addressing::Path).is_err(),
                "{odd}"
            );
        }
        for odd in ["a\"b", "a\\b", "a b", "a/b", "a%20b", "a\nb"] {
            assert!(
                Endpoint::new(None, "r", odd, Addressing::Path).is_err(),
                "{odd}"
            );
        }
    }
}
