//! The options of a conformance run.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use restow_conformance::{EndpointOptions, Reports};

/// What is tested: a running server, or a build of this workspace.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub endpoint: Option<EndpointOptions>,
    #[command(flatten)]
    pub reports: Reports,
    #[command(flatten)]
    pub options: Options,
}

impl Arguments {
    /// The options of a run with a build of this workspace.
    ///
    /// # Errors
    /// If reports are wanted, which there are of a running server only.
    pub fn of_this_workspace(&self) -> Result<&Options> {
        ensure!(
            !self.reports.are_wanted(),
            "--junit and --sarif need --endpoint"
        );
        Ok(&self.options)
    }
}

/// How conformance is tested.
#[derive(clap::Args)]
pub struct Options {
    /// Tests of each operation with generated values, beside those of its boundaries
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().examples, conflicts_with = "endpoint")]
    pub examples: u64,
    /// Where the generated values begin; the same seed gives the same ones
    #[arg(long, default_value_t = Self::default().seed, conflicts_with = "endpoint")]
    pub seed: u64,
    /// Run the server in this program, a build of `system`, instead of building one
    #[arg(long, value_name = "PROGRAM", conflicts_with = "endpoint")]
    pub system: Option<PathBuf>,
}

impl Options {
    /// The defaults, with a server in a program that has been built.
    pub fn with_system(system: PathBuf) -> Self {
        Self {
            system: Some(system),
            ..Self::default()
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            examples: 200,
            seed: 1,
            system: None,
        }
    }
}
