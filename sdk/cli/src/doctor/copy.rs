//! Checks whether an upload URL allows reading other objects: with one unsigned header, some stores copy another object
//! into the part instead of storing the body.

use reqwest::header::HeaderName;
use reqwest::{StatusCode, Url};

use super::finding::Finding;

/// Header that requests a copy.
pub const HEADER: HeaderName = HeaderName::from_static("x-amz-copy-source");

/// Value of the header for the object with `key`, given a URL of the same bucket and the key in that URL.
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
pub struct CopyAttempt<'a> {
    /// Status of S3's response.
    pub status: StatusCode,
    /// `ETag` of the part, if S3 holds one.
    pub part_etag: Option<&'a str>,
    /// MD5 of the body that was sent, in hexadecimal.
    pub body_md5: &'a str,
    /// MD5 of the object that the header names, in hexadecimal.
    pub source_md5: &'a str,
}

impl CopyAttempt<'_> {
    /// Whether S3 stored a copy.
    pub fn finding(&self) -> Finding {
        match self.part_etag {
            _ if !self.status.is_success() => Finding::ok(
                "copy",
                format!(
                    "upload URLs do not allow reading other objects: S3 refuses the copy with {}",
                    self.status
                ),
            ),
            Some(etag) if etag == self.body_md5 => {
                Finding::ok("copy", "upload URLs do not allow reading other objects")
            }
            Some(etag) if etag == self.source_md5 => Finding::warning(
                "copy",
                "any holder of an upload URL can copy every object of the bucket into the upload",
                "sign upload URLs with a credential without GetObject: \
                 set --s3-upload-access-key and --s3-upload-secret-key of the server",
            ),
            _ => Finding::info(
                "copy",
                "unknown whether upload URLs allow reading other objects: the ETags of S3 are not MD5s",
                "a credential without GetObject for upload URLs is safe in any case",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Status;
    use super::*;

    #[test]
    fn bucket_is_in_path_or_host() {
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
    fn etag_of_source_reveals_copy() {
        let finding = |status, part_etag| {
            CopyAttempt {
                status,
                part_etag,
                body_md5: "aa",
                source_md5: "bb",
            }
            .finding()
            .status
        };
        assert_eq!(finding(StatusCode::FORBIDDEN, None), Status::Ok);
        assert_eq!(finding(StatusCode::OK, Some("aa")), Status::Ok);
        assert_eq!(finding(StatusCode::OK, Some("bb")), Status::Warning);
        assert_eq!(finding(StatusCode::OK, Some("cc")), Status::Info);
        assert_eq!(finding(StatusCode::OK, None), Status::Info);
    }
}
