//! What the run is told on the command line.

use clap::{Parser, ValueEnum};

use crate::s3_server::Kind;

/// Runs a deployment under fire and checks what is left
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask torture",
    after_help = "A seed decides what every client and the saboteur are going to do, step by step, whatever came of the \
                  steps before. It does not decide in which order things happen that go on at once, so a run with the \
                  same seed is alike, and not the same.\n\nCtrl-C ends the run early; what is left is checked all the \
                  same.\n\nExample:\n  cargo xtask torture --minutes 5 --seed 7 --s3 ceph"
)]
pub struct Arguments {
    /// How long clients work under fire; fractions are welcome
    #[arg(long, value_name = "NUMBER", default_value_t = 5.0, value_parser = minutes)]
    pub(super) minutes: f64,
    /// What the run is repeated by [default: random]
    #[arg(long, value_name = "NUMBER")]
    pub(super) seed: Option<u64>,
    /// How many clients there are
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(super) clients: u64,
    /// The S3 server; both, one after the other
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
        Err("should be more than nothing".to_string())
    }
}
