//! What clients send to S3 and read from it, by signed URLs.

use std::time::Duration;

use bytes::Bytes;
use reqwest::RequestBuilder;
use reqwest::header::ETAG;
use tokio::time::sleep;

use super::api::{Api, Ended, Phase};
use super::report::Section;

/// How often a request to S3 is sent again; it may be away for a while.
const ATTEMPTS: u32 = 40;

/// Pause before it is.
const PAUSE: Duration = Duration::from_millis(700);

/// What came of a request to S3.
#[derive(Debug)]
pub enum Moved<T> {
    /// It was done.
    Done(T),
    /// S3 refused with this status and these words.
    Refused(u16, String),
    /// S3 did not respond in time.
    Away,
}

/// A response of S3.
struct Reply {
    status: u16,
    etag: String,
    body: Bytes,
}

impl Api {
    /// Puts a part and returns its entity tag.
    pub async fn put(&self, url: &str, bytes: Bytes) -> Result<Moved<String>, Ended> {
        let length = bytes.len();
        let moved = self
            .ask_s3("PUT", &self.shared.http.put(url).body(bytes))
            .await?;
        Ok(match moved {
            Moved::Done(reply) => {
                self.count_bytes("sent", length);
                Moved::Done(reply.etag)
            }
            Moved::Refused(status, text) => Moved::Refused(status, text),
            Moved::Away => Moved::Away,
        })
    }

    /// Reads an object.
    pub async fn fetch(&self, url: &str) -> Result<Moved<Bytes>, Ended> {
        let moved = self.ask_s3("GET", &self.shared.http.get(url)).await?;
        Ok(match moved {
            Moved::Done(reply) => {
                self.count_bytes("read", reply.body.len());
                Moved::Done(reply.body)
            }
            Moved::Refused(status, text) => Moved::Refused(status, text),
            Moved::Away => Moved::Away,
        })
    }

    fn count_bytes(&self, what: &str, number: usize) {
        self.shared.report.add(Section::Bytes, what, number as u64);
    }

    async fn ask_s3(&self, method: &str, request: &RequestBuilder) -> Result<Moved<Reply>, Ended> {
        for _ in 0..ATTEMPTS {
            let outcome = match request.try_clone() {
                Some(request) => ask_once(request).await,
                None => return Ok(Moved::Away),
            };
            let status = outcome
                .as_ref()
                .map_or("broke off".to_string(), |reply| reply.status.to_string());
            self.shared
                .report
                .count(Section::Transfers, &format!("{method} {status}"));
            match outcome {
                Ok(reply) if (200..300).contains(&reply.status) => return Ok(Moved::Done(reply)),
                Ok(reply) if (400..500).contains(&reply.status) => {
                    return Ok(Moved::Refused(
                        reply.status,
                        String::from_utf8_lossy(&reply.body).into_owned(),
                    ));
                }
                _ if self.phase() == Phase::GiveUp => return Err(Ended::GaveUp),
                _ => sleep(PAUSE).await,
            }
        }
        Ok(Moved::Away)
    }
}

async fn ask_once(request: RequestBuilder) -> reqwest::Result<Reply> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let etag = response
        .headers()
        .get(ETAG)
        .and_then(|etag| etag.to_str().ok())
        .unwrap_or_default()
        .to_string();
    Ok(Reply {
        status,
        etag,
        body: response.bytes().await?,
    })
}
