//! All signers, in turn.

use std::time::Duration;

use anyhow::Result;

use super::library::{AwsSdk, sign_with_sigv4, thirteen_compressions};
use super::name::{AWS_SDK, BOTO3, FLOOR, RESTOW, RUSTY_S3, SIGV4};
use super::program::Program;
use super::request::Request;
use super::restow::Restow;

/// All signers.
pub struct Signers {
    pub restow: Restow,
    pub aws_sdk: AwsSdk,
    pub rusty_s3: Program,
    pub boto3: Program,
}

impl Signers {
    /// The time of each with all URLs, Restow's first; in every other round they take turns the other way round.
    pub async fn round(
        &self,
        request: &Request,
        round: u32,
    ) -> Result<Vec<(&'static str, Duration)>> {
        let mut names = [RESTOW, FLOOR, RUSTY_S3, SIGV4, AWS_SDK, BOTO3];
        if round % 2 == 1 {
            names.reverse();
        }
        let mut times = Vec::new();
        for name in names {
            let time = match name {
                RESTOW => self.restow.time(request)?,
                FLOOR => thirteen_compressions(request),
                RUSTY_S3 => self.rusty_s3.time(request)?,
                SIGV4 => sign_with_sigv4(request)?,
                AWS_SDK => self.aws_sdk.time(request).await?,
                _ => self.boto3.time(request)?,
            };
            times.push((name, time));
        }
        if round % 2 == 1 {
            times.reverse();
        }
        Ok(times)
    }
}
