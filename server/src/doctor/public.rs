//! Checks of presigned URLs, which are used as clients use them: through the public endpoint.

use chrono::TimeDelta;
use http::{StatusCode, Uri};

use super::bucket::of_storage;
use super::site::{BODY, Site, no_response};
use super::{Finding, Findings, copy, cors};
use crate::clock;
use crate::storage::{PresignedResponse, Reason};

/// Names of the checks.
pub(super) const CHECKS: [&str; 7] = [
    "public_endpoint",
    "signed_put",
    "signed_length",
    "url_expires",
    "upload_key",
    "cors",
    "etag",
];

/// How long a URL that was signed in the past is still valid.
const REMAINING: TimeDelta = TimeDelta::minutes(1);

/// Makes [`CHECKS`].
pub(super) async fn check(site: &Site<'_>, findings: &mut Findings) {
    if site.trial.upload_id.is_none() {
        return findings.skip(&CHECKS, "no upload could be created");
    }
    let url = match site.part_url(1, site.life(clock::now())).await {
        Ok(url) => url,
        Err(error) => {
            findings.add(of_storage("signed_put", &error));
            let mut others = CHECKS.to_vec();
            others.retain(|name| *name != "signed_put");
            return findings.skip(&others, "no URL could be signed");
        }
    };
    let response = match site.put(&url, BODY, &[]).await {
        Ok(response) => response,
        Err(reason) => {
            findings.add(unreachable(site, reason));
            return findings.skip(&CHECKS[1..], "the public endpoint cannot be reached");
        }
    };
    findings.add(reached(site.base()));
    findings.add(if response.status.is_success() {
        Finding::ok(
            "signed_put",
            "a presigned URL accepts a PUT of the signed length",
        )
    } else {
        refused_put(site, &response)
    });
    if !response.status.is_success() {
        return findings.skip(&CHECKS[2..], "presigned URLs are refused");
    }
    findings.add(check_length(site, &url).await);
    findings.add(check_age(site).await);
    findings.add(copy::check(site).await);
    cors::check(site, &url, findings).await;
}

fn unreachable(site: &Site<'_>, reason: Reason) -> Finding {
    Finding::failed(
        CHECKS[0],
        format!("clients cannot reach {}: {}", site.base(), reason.cause()),
        format!(
            "check --s3-public-endpoint, and --s3-addressing; where only clients reach it, run the doctor where they are; {}",
            reason.advice()
        ),
    )
}

/// The finding for an endpoint that responds.
fn reached(base: &str) -> Finding {
    let uri: Uri = base.parse().unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    let is_local = host == "localhost" || host.starts_with("127.") || host == "[::1]";
    if uri.scheme_str() == Some("https") {
        Finding::ok(
            CHECKS[0],
            format!("{base} responds, and its certificate is accepted"),
        )
    } else if is_local {
        let message = format!("{base} responds, without TLS, to this machine only");
        Finding::ok(CHECKS[0], message)
    } else {
        Finding::warning(
            CHECKS[0],
            format!("{base} responds, without TLS: signed URLs and data can be read on the way"),
            "set --s3-public-endpoint to a URL that begins with https://",
        )
    }
}

fn refused_put(site: &Site<'_>, response: &PresignedResponse) -> Finding {
    let reason = response.reason();
    let mut advice = reason.advice().to_string();
    if site.trial.storage.has_upload_key() {
        advice = format!(
            "check --s3-upload-access-key and --s3-upload-secret-key, which need s3:PutObject; {advice}"
        );
    }
    Finding::failed(
        "signed_put",
        format!(
            "a presigned URL is refused with {}: {}",
            response.text(),
            reason.cause()
        ),
        advice,
    )
}

/// A URL refuses another length than the one that it signs.
async fn check_length(site: &Site<'_>, url: &str) -> Finding {
    let name = "signed_length";
    let longer = [BODY, b"x"].concat();
    match site.put(url, &longer, &[]).await {
        Ok(response) if response.status.is_success() => Finding::failed(
            name,
            "a presigned URL accepts another length than the signed one, so that clients can store more than was planned",
            "use a store that checks the signed content-length, and check that no proxy removes or changes it",
        ),
        Ok(response) => {
            let message = format!("another length is refused with {}", response.text());
            Finding::ok(name, message)
        }
        // Some stores close the connection.
        Err(Reason::ConnectionFailed) => {
            Finding::ok(name, "another length is refused: S3 closes the connection")
        }
        Err(reason) => no_response(name, reason),
    }
}

/// A URL is valid to the end of its life: a bucket policy may refuse signatures of a certain age.
async fn check_age(site: &Site<'_>) -> Finding {
    let name = "url_expires";
    let life = TimeDelta::seconds(site.seconds());
    let age = life - REMAINING.min(life / 2);
    let shown = |time: TimeDelta| humantime::format_duration(time.to_std().unwrap_or_default());
    let url = match site.part_url(2, site.life(clock::now() - age)).await {
        Ok(url) => url,
        Err(error) => return of_storage(name, &error),
    };
    match site.put(&url, BODY, &[]).await {
        Ok(response) if response.status == StatusCode::OK => {
            Finding::ok(name, format!("URLs are valid for {}", shown(life)))
        }
        Ok(response) => Finding::warning(
            name,
            format!(
                "a URL that was signed {} ago and is valid for {} is refused with {}",
                shown(age),
                shown(life),
                response.text()
            ),
            "raise the bound of s3:signatureAge in the bucket policy, or set --url-expires below it",
        ),
        Err(reason) => no_response(name, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine() {
        for (base, status) in [
            ("https://s3.example", Status::Ok),
            ("http://127.0.0.1:8081", Status::Ok),
            ("http://localhost:8081", Status::Ok),
            ("http://[::1]:8081", Status::Ok),
            ("http://s3.example", Status::Warning),
        ] {
            assert_eq!(reached(base).status, status, "{base}");
        }
    }
}
