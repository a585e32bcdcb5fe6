//! Judges servers and documents that claim the published contract of Restow, for the CI of any implementation.
//!
//! | module | subject |
//! |---|---|
//! | `endpoint`, `document` | the two subjects of a judgement: a running server, and an OpenAPI document |
//! | `session`, `upload`, `case` | the requests to a server: the published examples, and two whole uploads |
//! | `interruption` | signals, after which the dataset is still deleted |
//! | `client`, `response` | one request, and its response compared with the contract |
//! | `contract`, `schema` | the contract, and its schemas as JSON Schema |
//! | `published`, `differences` | what of a document must be as published |
//! | `check`, `finding`, `judgement`, `report` | what was found, and how it is shown |

mod case;
mod check;
mod client;
mod contract;
pub mod differences;
mod document;
mod endpoint;
mod finding;
mod interruption;
mod judgement;
mod options;
pub mod published;
mod report;
mod response;
pub mod schema;
mod session;
mod upload;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use case::{Case, published_cases};
pub use finding::Rule;
pub use options::{DocumentOptions, EndpointOptions, Reports};

/// What is judged.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
    #[command(flatten)]
    reports: Reports,
}

#[derive(Subcommand)]
enum Subject {
    /// Judge a running server
    Endpoint(EndpointOptions),
    /// Judge an OpenAPI document
    Document(DocumentOptions),
}

/// Judges what the arguments name; the first of them is the program's name.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let Arguments { subject, reports } = Arguments::parse_from(arguments);
    match subject {
        Subject::Endpoint(options) => judge_endpoint(&options, &reports),
        Subject::Document(options) => judge_document(&options, &reports),
    }
}

/// Judges a running server, prints what was found, and writes the reports. The exit code is 0 if the server conforms, 1 if it
/// departs from the contract, and 2 if it could not be judged.
pub fn judge_endpoint(options: &EndpointOptions, reports: &Reports) -> ExitCode {
    report::conclude(endpoint::judge(options), reports)
}

/// Judges a document as [`judge_endpoint`] judges a server, with the same exit codes.
pub fn judge_document(options: &DocumentOptions, reports: &Reports) -> ExitCode {
    report::conclude(document::judge(options), reports)
}
