//! Options of inspections: how long they may take, and what bounds what they read and keep.

use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;
use restow_inspect::Limits;

use super::value::duration_or_zero;

#[derive(Args, Debug)]
#[command(next_help_heading = "Inspections")]
pub struct InspectionArguments {
    /// Number of objects to inspect at the same time
    #[arg(
        long,
        env = "RESTOW_WORKER_CONCURRENCY",
        value_name = "NUMBER",
        default_value_t = 2
    )]
    pub worker_concurrency: usize,
    /// Largest object to inspect within the request that completes its upload, in a process that also inspects in the
    /// background; at most 32 MiB, 0 for none
    #[arg(
        long,
        env = "RESTOW_INSPECT_INLINE",
        value_name = "SIZE",
        default_value_t = ByteSize::mib(8)
    )]
    pub inspect_inline: ByteSize,
    /// How long an inspection may take before its job is ready without columns and row count; 0 for any time
    #[arg(long, env = "RESTOW_INSPECT_TIMEOUT", value_name = "TIME", default_value = "1h", value_parser = duration_or_zero)]
    pub inspect_timeout: Duration,
    /// Maximum number of columns to inspect [default: 10000]
    #[arg(long, env = "RESTOW_INSPECT_MAX_COLUMNS", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub inspect_max_columns: Option<u32>,
    /// Maximum size of a row of text [default: 16 MiB]
    #[arg(long, env = "RESTOW_INSPECT_MAX_RECORD", value_name = "SIZE")]
    pub inspect_max_record: Option<ByteSize>,
    /// Maximum size of all column names together [default: 1 MiB]
    #[arg(long, env = "RESTOW_INSPECT_MAX_HEADER", value_name = "SIZE")]
    pub inspect_max_header: Option<ByteSize>,
    /// Maximum size of a compressed object's content [default: 1 TiB]
    #[arg(long, env = "RESTOW_INSPECT_MAX_DECOMPRESSED", value_name = "SIZE")]
    pub inspect_max_decompressed: Option<ByteSize>,
    /// Maximum size of a compressed object's content as a multiple of its own [default: 1000]
    #[arg(long, env = "RESTOW_INSPECT_MAX_RATIO", value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub inspect_max_ratio: Option<u64>,
    /// Maximum size of the footer of a Parquet file [default: 64 MiB]
    #[arg(long, env = "RESTOW_INSPECT_MAX_FOOTER", value_name = "SIZE")]
    pub inspect_max_footer: Option<ByteSize>,
    /// Maximum size of the pages of a Parquet column that are decoded at once [default: 64 MiB]
    #[arg(long, env = "RESTOW_INSPECT_MAX_PAGE", value_name = "SIZE")]
    pub inspect_max_page: Option<ByteSize>,
}

impl InspectionArguments {
    /// What inspections keep to.
    pub fn limits(&self) -> Limits {
        let defaults = Limits::default();
        let bytes = |size: Option<ByteSize>, default| {
            size.map_or(default, |size| {
                usize::try_from(size.as_u64()).unwrap_or(usize::MAX)
            })
        };
        Limits {
            max_columns: self
                .inspect_max_columns
                .map_or(defaults.max_columns, |number| number as usize),
            max_record_bytes: bytes(self.inspect_max_record, defaults.max_record_bytes),
            max_header_bytes: bytes(self.inspect_max_header, defaults.max_header_bytes),
            max_decompressed_bytes: self
                .inspect_max_decompressed
                .map_or(defaults.max_decompressed_bytes, |size| size.as_u64()),
            max_decompression_ratio: self
                .inspect_max_ratio
                .unwrap_or(defaults.max_decompression_ratio),
            max_footer_bytes: bytes(self.inspect_max_footer, defaults.max_footer_bytes),
            max_page_bytes: bytes(self.inspect_max_page, defaults.max_page_bytes),
            ..defaults
        }
    }
}
