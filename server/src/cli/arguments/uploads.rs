//! Options of uploads: sizes of parts, accepted files, lifetime of URLs.

use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;

use super::value::duration;

#[derive(Args, Debug)]
#[command(next_help_heading = "Uploads")]
pub struct UploadArguments {
    /// Size of a part; doubled until --max-parts suffice
    #[arg(
        long,
        env = "RESTOW_PART_SIZE",
        value_name = "SIZE",
        default_value = "16MiB"
    )]
    pub part_size: ByteSize,
    /// Largest file that is uploaded in a single part
    #[arg(
        long,
        env = "RESTOW_SINGLE_PART_LIMIT",
        value_name = "SIZE",
        default_value = "64MiB"
    )]
    pub single_part_limit: ByteSize,
    /// Maximum file size [default: 48.8 TiB, the limit of S3]
    #[arg(long, env = "RESTOW_MAX_FILE_SIZE", value_name = "SIZE")]
    pub max_file_size: Option<ByteSize>,
    /// Minimum part size of the store, except for the last part
    #[arg(
        long,
        env = "RESTOW_MIN_PART_SIZE",
        value_name = "SIZE",
        default_value = "5MiB"
    )]
    pub min_part_size: ByteSize,
    /// Maximum number of parts of the store
    #[arg(
        long,
        env = "RESTOW_MAX_PARTS",
        value_name = "NUMBER",
        default_value_t = 10_000
    )]
    pub max_parts: u64,
    /// Accepted filename extensions, separated by commas [default: all]
    #[arg(
        long,
        env = "RESTOW_ALLOWED_EXTENSIONS",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub allowed_extensions: Vec<String>,
    /// Lifetime of a signed URL
    #[arg(long, env = "RESTOW_URL_EXPIRES", value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub url_expires: Duration,
}
