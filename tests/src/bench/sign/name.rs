//! Names of the signers, as they are in the tables.

pub const RESTOW: &str = "Restow";
pub const AWS_SDK: &str = "AWS SDK for Rust";
pub const SIGV4: &str = "aws-sigv4";
pub const RUSTY_S3: &str = "rusty-s3";
pub const BOTO3: &str = "boto3";
pub const FLOOR: &str = "thirteen SHA-256 compressions";
