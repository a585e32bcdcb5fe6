//! Whether all sign the same: a signer that leaves something out would be faster for that reason.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use super::library::sigv4_url;
use super::name::{AWS_SDK, BOTO3, RESTOW, RUSTY_S3, SIGV4};
use super::request::Request;
use super::signers::Signers;

/// A URL without the order of its parameters, which is not part of a signature.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    address: &'a str,
    parameters: BTreeMap<&'a str, &'a str>,
}

/// Compares the URLs of the first part, parameter by parameter, and with them the signatures.
///
/// # Errors
/// If a signer signs something else.
pub(super) async fn check(request: &Request, signers: &Signers) -> Result<()> {
    let sdk = signers.aws_sdk.url(request, 1).await?;
    let restow = signers.restow.urls(request)?.swap_remove(0);
    ensure!(
        restow == sdk,
        "{RESTOW} and {AWS_SDK} differ: {restow} and {sdk}"
    );
    let sigv4 = sigv4_url(request, 1, true)?;
    same((SIGV4, &sigv4), (AWS_SDK, &sdk))?;
    same(
        (RUSTY_S3, &signers.rusty_s3.first_url(request)?),
        (AWS_SDK, &sdk),
    )?;
    let unnamed = sigv4_url(request, 1, false)?;
    same(
        (BOTO3, &signers.boto3.first_url(request)?),
        (SIGV4, &unnamed),
    )
}

fn same((name, url): (&str, &str), (other_name, other): (&str, &str)) -> Result<()> {
    ensure!(
        parts(url) == parts(other),
        "{name} and {other_name} differ: {url} and {other}"
    );
    Ok(())
}

fn parts(url: &str) -> Parts<'_> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let parameters = query.split('&');
    Parts {
        address,
        parameters: parameters
            .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_order_of_parameters_may_differ() {
        let same = |one: &str, other: &str| same(("one", one), ("other", other));
        same("http://a/b?x=1&y=2", "http://a/b?y=2&x=1").unwrap();
        for other in [
            "http://a/b?x=1",
            "http://a/b?x=1&y=3",
            "http://a/c?x=1&y=2",
            "http://a/b?x=1&y=2&z",
        ] {
            assert!(same("http://a/b?x=1&y=2", other).is_err(), "{other}");
        }
    }

    #[tokio::test]
    async fn libraries_sign_what_the_sdk_signs() {
        let request = Request::new(1);
        let sdk = super::super::library::AwsSdk::new(&request);
        let sdk = sdk.url(&request, 1).await.unwrap();
        let restow = super::super::restow::Restow::new(&request).unwrap();
        assert_eq!(restow.urls(&request).unwrap(), std::slice::from_ref(&sdk));
        let sigv4 = sigv4_url(&request, 1, true).unwrap();
        same(("sigv4", &sigv4), ("sdk", &sdk)).unwrap();
    }
}
