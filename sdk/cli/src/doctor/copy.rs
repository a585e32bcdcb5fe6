//! Whether an upload URL can be turned into a read: with one unsigned header, some stores copy another object into
//! the part instead of taking the body.

use reqwest::{StatusCode, Url};

use super::finding::Finding;

/// Header that asks for a copy.
pub const HEADER: &str = "x-amz-copy-source";

/// What the header says for the object with this key, which a URL of the same bucket leads to.
pub fn source(url: &str, key_of_url: &str, key: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let before = url.path().strip_suffix(key_of_url)?.trim_matches('/');
    let bucket = match before.rsplit('/').next() {
        Some("") | None => url.host_str()?.split('.').next()?,
        Some(bucket) => bucket,
    };
    Some(format!("/{bucket}/{key}"))
}

/// What is known after a part was sent with the header.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// How S3 answered.
    pub status: StatusCode,
    /// Entity tag that the part has now, if S3 holds one.
    pub part: Option<&'a str>,
    /// MD5 of the body that was sent, in hexadecimal.
    pub sent: &'a str,
    /// MD5 of the object that the header names.
    pub named: &'a str,
}

impl Evidence<'_> {
    /// Says whether it was a copy.
    pub fn judge(&self) -> Finding {
        match self.part {
            _ if !self.status.is_success() => Finding::ok(
                "copy",
                format!(
                    "S3 refuses to turn an upload URL into a read ({})",
                    self.status
                ),
            ),
            Some(etag) if etag == self.sent => {
                Finding::ok("copy", "an upload URL cannot be turned into a read")
            }
            Some(etag) if etag == self.named => Finding::warning(
                "copy",
                "whoever has an upload URL can copy any object of the bucket into their own upload",
                "have upload URLs signed by a credential without GetObject: \
                 --s3-upload-access-key and --s3-upload-secret-key of the server",
            ),
            _ => Finding::info(
                "copy",
                "it cannot be told whether an upload URL can be turned into a read",
                "the store's ETags are no MD5; a credential without GetObject for upload URLs is safe in any case",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Status;
    use super::*;

    #[test]
    fn the_bucket_is_in_the_path_or_in_the_host() {
        let source = |url| source(url, "p/datasets/1/2.csv", "p/datasets/1/1.csv");
        let expected = Some("/data/p/datasets/1/1.csv".to_string());
        assert_eq!(
            source("http://127.0.0.1:8081/data/p/datasets/1/2.csv?X-Amz-Signature=x"),
            expected
        );
        assert_eq!(
            source("https://data.s3.eu-central-1.amazonaws.com/p/datasets/1/2.csv?x"),
            expected
        );
        assert_eq!(
            source("https://host/store/data/p/datasets/1/2.csv"),
            expected
        );
        assert_eq!(source("https://host/other"), None);
    }

    #[test]
    fn only_the_named_objects_etag_is_a_copy() {
        let judge = |status, part| {
            Evidence {
                status,
                part,
                sent: "aa",
                named: "bb",
            }
            .judge()
            .status
        };
        assert_eq!(judge(StatusCode::FORBIDDEN, None), Status::Ok);
        assert_eq!(judge(StatusCode::OK, Some("aa")), Status::Ok);
        assert_eq!(judge(StatusCode::OK, Some("bb")), Status::Warning);
        assert_eq!(judge(StatusCode::OK, Some("cc")), Status::Info);
        assert_eq!(judge(StatusCode::OK, None), Status::Info);
    }
}
