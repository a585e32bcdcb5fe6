//! Signs the URLs of an upload's parts with rusty-s3: `peer-rusty-s3 version|first|time REQUEST`.

#![forbid(unsafe_code)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use rusty_s3::actions::{S3Action, UploadPart};
use rusty_s3::{Bucket, Credentials, UrlStyle};
use serde::Deserialize;
use url::Url;

/// What the measuring program passes.
#[derive(Deserialize)]
struct Request {
    endpoint: Url,
    region: String,
    bucket: String,
    key: String,
    upload_id: String,
    access_key: String,
    secret_key: String,
    time: i64,
    expires: u64,
    content_length: u64,
    urls: u16,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, request] = arguments.as_slice() else {
        bail!("usage: peer-rusty-s3 version|first|time REQUEST");
    };
    let request: Request = serde_json::from_str(request)?;
    match what.as_str() {
        "version" => println!("rusty-s3 0.11.0"),
        "first" => println!("{}", sign(&request)?.first().context("no URL")?),
        "time" => {
            sign(&request)?;
            let begun = Instant::now();
            black_box(sign(&request)?);
            println!("{}", begun.elapsed().as_secs_f64());
        }
        _ => bail!("there is only version, first and time"),
    }
    Ok(())
}

fn sign(request: &Request) -> Result<Vec<Url>> {
    let bucket = Bucket::new(
        request.endpoint.clone(),
        UrlStyle::Path,
        request.bucket.clone(),
        request.region.clone(),
    )?;
    let credentials = Credentials::new(&*request.access_key, &*request.secret_key);
    let (life, length) = (
        Duration::from_secs(request.expires),
        request.content_length.to_string(),
    );
    let time = Timestamp::from_second(request.time)?;
    let numbers = 1..=request.urls;
    Ok(numbers
        .map(|number| {
            let mut part = UploadPart::new(
                &bucket,
                Some(&credentials),
                &request.key,
                number,
                &request.upload_id,
            );
            part.headers_mut().insert("content-length", &*length);
            part.query_mut().insert("x-id", "UploadPart");
            part.sign_with_time(life, &time)
        })
        .collect())
}
