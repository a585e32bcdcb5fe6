//! Options of the S3 bucket.

use std::path::PathBuf;

use clap::Args;

use super::value::prefix;
use crate::storage::Addressing;

#[derive(Args, Debug)]
#[expect(
    clippy::doc_markdown,
    reason = "help texts show names as they are typed"
)]
#[expect(
    clippy::struct_field_names,
    reason = "the names of the fields are those of the options"
)]
#[command(
    next_help_heading = "S3 (embedded if no bucket is set; credentials come from the AWS default chain)"
)]
pub struct S3Arguments {
    /// Bucket
    #[arg(long, env = "RESTOW_S3_BUCKET", value_name = "NAME")]
    pub s3_bucket: Option<String>,
    /// Endpoint that the server sends requests to [default: AWS in the region]
    #[arg(long, env = "RESTOW_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<String>,
    /// Endpoint in signed URLs, if clients reach S3 by a different one
    #[arg(long, env = "RESTOW_S3_PUBLIC_ENDPOINT", value_name = "URL")]
    pub s3_public_endpoint: Option<String>,
    /// Region
    #[arg(
        long,
        env = "RESTOW_S3_REGION",
        value_name = "NAME",
        default_value = "us-east-1"
    )]
    pub s3_region: String,
    /// Addressing style of the bucket in URLs [default: virtual on AWS, path elsewhere]
    #[arg(long, env = "RESTOW_S3_ADDRESSING", value_name = "STYLE")]
    pub s3_addressing: Option<Addressing>,
    /// Prefix of every object key
    #[arg(long, env = "RESTOW_S3_PREFIX", value_name = "PREFIX", default_value = "", value_parser = prefix)]
    pub s3_prefix: String,
    /// File with the access key of the server, in the place of AWS_ACCESS_KEY_ID
    #[arg(long, env = "RESTOW_S3_ACCESS_KEY_ID_FILE", value_name = "FILE")]
    pub s3_access_key_id_file: Option<PathBuf>,
    /// File with the secret key of the server, in the place of AWS_SECRET_ACCESS_KEY
    #[arg(long, env = "RESTOW_S3_SECRET_ACCESS_KEY_FILE", value_name = "FILE")]
    pub s3_secret_access_key_file: Option<PathBuf>,
    /// Access key to sign upload URLs with, for a credential that cannot read objects
    #[arg(
        long,
        env = "RESTOW_S3_UPLOAD_ACCESS_KEY",
        value_name = "KEY",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub s3_upload_access_key: Option<String>,
    /// File with the access key, in the place of --s3-upload-access-key
    #[arg(long, env = "RESTOW_S3_UPLOAD_ACCESS_KEY_FILE", value_name = "FILE")]
    pub s3_upload_access_key_file: Option<PathBuf>,
    /// Secret key of --s3-upload-access-key; prefer the file or the environment variable to the command line
    #[arg(
        long,
        env = "RESTOW_S3_UPLOAD_SECRET_KEY",
        value_name = "SECRET",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub s3_upload_secret_key: Option<String>,
    /// File with the secret key, in the place of --s3-upload-secret-key
    #[arg(long, env = "RESTOW_S3_UPLOAD_SECRET_KEY_FILE", value_name = "FILE")]
    pub s3_upload_secret_key_file: Option<PathBuf>,
}
