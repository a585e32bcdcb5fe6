//! Parts of a multipart upload, numbered from 1, and the URLs to upload them to.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part that S3 holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Number of the part, from 1.
    #[schemars(title = "Part Number")]
    pub part_number: u32,
    /// Size of the part in bytes.
    #[schemars(title = "Size")]
    pub size: u64,
    /// Entity tag of the part in S3, without quotes.
    #[schemars(title = "Etag")]
    pub etag: String,
    /// Time at which S3 received the part.
    #[schemars(title = "Last Modified")]
    pub last_modified: Option<DateTime<Utc>>,
}

/// The parts to sign URLs for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PartUrlsRequest {
    /// Numbers of the parts, from 1, at most 1,000 in one request.
    #[schemars(title = "Part Numbers", length(min = 1, max = 1000))]
    pub part_numbers: Vec<PartNumber>,
}

/// Number of a part: 1 to 10,000, S3's maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartNumber(pub u32);

impl JsonSchema for PartNumber {
    fn schema_name() -> String {
        "PartNumber".to_string()
    }

    fn is_referenceable() -> bool {
        false
    }

    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> schemars::schema::Schema {
        let mut schema = u32::json_schema(generator).into_object();
        schema.number().minimum = Some(1.0);
        schema.number().maximum = Some(10_000.0);
        schema.into()
    }
}

/// URL of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartUrl {
    /// Number of the part, from 1.
    #[schemars(title = "Part Number")]
    pub part_number: u32,
    /// Presigned URL to PUT the part to, valid until the upload is completed or the URL expires. Do not send a bearer token to it.
    #[schemars(title = "Url")]
    pub url: String,
    /// Exact size of the body in bytes. It is signed: S3 returns 403 for any other.
    #[schemars(title = "Content Length")]
    pub content_length: u64,
    /// Time at which the URL expires.
    #[schemars(title = "Expires At")]
    pub expires_at: DateTime<Utc>,
}

/// Fresh URLs for parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartUrls {
    /// One URL for each requested part, in the order of the request.
    #[schemars(title = "Items")]
    pub items: Vec<PartUrl>,
}
