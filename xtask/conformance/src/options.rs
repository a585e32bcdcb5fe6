//! What is judged, and where the reports are written.

use std::path::PathBuf;

use reqwest::Url;
use uuid::Uuid;

/// A running server to judge.
#[derive(Clone, Debug, clap::Args)]
pub struct EndpointOptions {
    /// URL of the server to judge, without /api; the token is read from `RESTOW_TOKEN`
    // Required only where these options are used at all, which the derived code sees to.
    #[arg(long, value_name = "URL", required = false)]
    pub endpoint: Url,
    /// Judge only the published operation, with this existing dataset, instead of creating and deleting one
    #[arg(long, value_name = "ID")]
    pub dataset: Option<Uuid>,
    /// Size of the file whose upload should have several parts
    #[arg(long, value_name = "BYTES", default_value_t = 65 << 20, value_parser = clap::value_parser!(u64).range(1..=5 << 30))]
    pub multipart_size: u64,
}

/// A document to judge.
#[derive(Clone, Debug, clap::Args)]
pub struct DocumentOptions {
    /// File or URL of the OpenAPI document to judge, in JSON
    #[arg(long, value_name = "FILE|URL", required = false)]
    pub document: String,
}

/// Reports beside the text on the standard output.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Reports {
    /// Also write a `JUnit` report to this file
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Also write a SARIF report to this file
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
}

impl Reports {
    /// Whether any report is to be written.
    #[must_use]
    pub fn are_wanted(&self) -> bool {
        self.junit.is_some() || self.sarif.is_some()
    }
}
