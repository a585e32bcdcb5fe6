//! The options of a conformance run.

use std::path::PathBuf;

/// How conformance is tested.
#[derive(clap::Args)]
pub struct Options {
    /// Tests of each operation with generated values, beside those of its boundaries
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().examples)]
    pub examples: u64,
    /// Where the generated values begin; the same seed gives the same ones
    #[arg(long, default_value_t = Self::default().seed)]
    pub seed: u64,
    /// Run the server in this program, a build of `system`, instead of building one
    #[arg(long, value_name = "PROGRAM")]
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
