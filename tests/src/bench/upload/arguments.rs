//! Arguments of the benchmarks that upload.

use clap::Args;

use super::programs::Programs;
use crate::bench::report::Output;

/// Bytes of each of the files whose number is an argument.
pub const MEBIBYTE: u64 = 1024 * 1024;

/// What all of them can be given.
#[derive(Args, Debug)]
pub struct UploadArguments {
    /// How many files of 1 MiB there are
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    pub files: u64,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub programs: Programs,
}
