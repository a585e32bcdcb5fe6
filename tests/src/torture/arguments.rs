//! The arguments of the run.

use clap::{Parser, ValueEnum};

use crate::s3_server::Kind;

/// Tests a deployment with fault injection, and checks that nothing acknowledged is lost
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask torture",
    after_help = "The seed determines every step of every client and of the saboteur, independently of the outcome of \
                  earlier steps. It does not determine the order of concurrent events, so runs with the same seed are \
                  similar but not identical.\n\nCtrl-C ends the run early; the checks are run nevertheless.\n\nExample:\n  cargo xtask torture --minutes 5 --seed 7 --s3 ceph"
)]
pub struct Arguments {
    /// How long clients work while faults are injected; may be a fraction
    #[arg(long, value_name = "NUMBER", default_value_t = 5.0, value_parser = minutes)]
    pub(super) minutes: f64,
    /// Seed of the run [default: random]
    #[arg(long, value_name = "NUMBER")]
    pub(super) seed: Option<u64>,
    /// Number of clients
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(super) clients: u64,
    /// The S3 server; `both` runs one after the other
    #[arg(long, value_name = "NAME", default_value = "seaweedfs")]
    pub(super) s3: S3Choice,
}

/// Which S3 server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum S3Choice {
    #[value(name = "seaweedfs")]
    SeaweedFs,
    Ceph,
    Both,
}

impl S3Choice {
    pub(super) fn kinds(self) -> &'static [Kind] {
        match self {
            Self::SeaweedFs => &[Kind::SeaweedFs],
            Self::Ceph => &[Kind::Ceph],
            Self::Both => &Kind::ALL,
        }
    }
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "should be a number".to_string())?;
    // A week.
    if minutes > 0.0 && minutes <= 10_080.0 {
        Ok(minutes)
    } else {
        Err("should be greater than 0 and at most 10080".to_string())
    }
}
