//! Requests as S3 understands them.

use std::collections::HashMap;

use hyper::header::{CONTENT_LENGTH, HeaderMap};
use hyper::{Method, Request};
use reqwest::Url;

/// How the key of the object ends that says whose the bucket is.
const MARKER: &str = ".restow-instance";

/// An operation of S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST key?uploads`
    CreateMultipartUpload,
    /// `GET key?uploadId`
    ListParts,
    /// `POST key?uploadId`
    CompleteMultipartUpload,
    /// `DELETE key?uploadId`
    AbortMultipartUpload,
    /// `GET ?uploads`
    ListMultipartUploads,
    /// `GET` without a key
    ListObjects,
    /// `HEAD key`
    HeadObject,
    /// `GET key`
    GetObject,
    /// `PUT key?partNumber&uploadId`: a part by its number, from 1
    UploadPart(u32),
    /// `PUT key`
    PutObject,
    /// `DELETE key`
    DeleteObject,
    /// A read or a write of the object that says whose the bucket is.
    Marker,
    /// Anything else.
    Other,
}

/// A request that came to the proxy.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its operation.
    pub operation: Operation,
    /// Key of the object, empty where it was about the bucket.
    pub key: String,
    /// Multipart upload that it named.
    pub upload_id: Option<String>,
    /// Bytes of its body.
    pub bytes: u64,
    /// Whether it was forwarded to S3.
    pub forwarded: bool,
}

impl Seen {
    /// A request that names its bucket in the path.
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let url = Url::parse("http://s3")
            .and_then(|base| base.join(&request.uri().to_string()))
            .ok();
        let query: HashMap<_, _> = url.iter().flat_map(Url::query_pairs).collect();
        let path = request.uri().path().trim_start_matches('/');
        let key = path
            .split_once('/')
            .map_or("", |(_bucket, key)| key)
            .to_string();
        let part_number = query
            .get("partNumber")
            .and_then(|number| number.parse().ok());
        let operation = match part_number.filter(|_| request.method() == Method::PUT) {
            Some(number) => Operation::UploadPart(number),
            None if key.ends_with(MARKER) => Operation::Marker,
            None => operation(request.method(), !key.is_empty(), |name| {
                query.contains_key(name)
            }),
        };
        let upload_id = query.get("uploadId").map(ToString::to_string);
        Self {
            operation,
            key,
            upload_id,
            bytes: length(request.headers()),
            forwarded: true,
        }
    }
}

/// The length that a request states of its body; S3 takes no request with a body of unknown length.
fn length(headers: &HeaderMap) -> u64 {
    let stated = headers.get(CONTENT_LENGTH);
    let length = stated.and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

fn operation(method: &Method, has_key: bool, has: impl Fn(&str) -> bool) -> Operation {
    match method.as_str() {
        "POST" if has("uploads") => Operation::CreateMultipartUpload,
        "POST" if has("uploadId") => Operation::CompleteMultipartUpload,
        "GET" if has("uploadId") => Operation::ListParts,
        "GET" if has("uploads") => Operation::ListMultipartUploads,
        "GET" if has_key => Operation::GetObject,
        "GET" => Operation::ListObjects,
        "HEAD" if has_key => Operation::HeadObject,
        "PUT" if has_key => Operation::PutObject,
        "DELETE" if has("uploadId") => Operation::AbortMultipartUpload,
        "DELETE" if has_key => Operation::DeleteObject,
        _ => Operation::Other,
    }
}
