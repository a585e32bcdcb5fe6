//! URLs of parts, signed by Restow and by what others sign with, in turn, on one thread.
//!
//! | module | what |
//! |---|---|
//! | `request` | what is signed |
//! | `name` | what the signers are called |
//! | `restow` | Restow's signer, and the response that the URLs go into |
//! | `library` | the AWS SDK for Rust, aws-sigv4, and the hashing that no signer can do without |
//! | `program` | signers that are programs of their own |
//! | `signers` | all of them, in turn |
//! | `agreement` | whether all sign the same |

mod agreement;
mod library;
mod name;
mod program;
mod request;
mod restow;
mod signers;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

use self::agreement::check;
use self::library::AwsSdk;
use self::name::{AWS_SDK, BOTO3, FLOOR, RESTOW, RUSTY_S3, SIGV4};
use self::program::Program;
use self::request::Request;
use self::restow::Restow;
use self::signers::Signers;
use super::report::{Bound, Output, Report};
use super::table::Table;

/// URLs of the response whose time is a target.
const RESPONSE: u32 = 10_000;

const REMARKS: &str = "\
Microseconds for one URL: the median of the rounds, in parentheses the fastest and the slowest. All sign the same requests,
UploadPart of one upload to the same bucket with the length signed, one after another on one thread; a signer may prepare
once what all URLs share if its interface lets it. Restow's URLs, aws-sigv4's and rusty-s3's were compared with those of the
AWS SDK, boto3's (which names no operation in its URLs) with those of aws-sigv4 for the same parameters: the signatures are the same.
";

/// How much faster Restow is to be than each of the others.
const TIMES: [(&str, f64); 4] = [
    (AWS_SDK, 40.0),
    (SIGV4, 8.0),
    (RUSTY_S3, 4.0),
    (BOTO3, 300.0),
];

/// Signs the same URLs with Restow's signer and with those of others, in turn
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench sign [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error.\n\nExample:\n  \
                  cargo xtask bench sign --urls 1000 --rounds 3"
)]
pub struct Arguments {
    /// How many URLs each signs in a round
    #[arg(short, long, value_name = "NUMBER", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    urls: u32,
    /// How many rounds there are
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    #[command(flatten)]
    output: Output,
    /// Versions of the libraries.
    #[arg(long, env = "RESTOW_BENCH_VERSIONS", hide = true)]
    versions: String,
    #[arg(long, env = "RESTOW_BENCH_RUSTY_S3", hide = true)]
    rusty_s3: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_PYTHON", hide = true)]
    python: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_BOTO3", hide = true)]
    boto3: PathBuf,
}

/// Runs it.
///
/// # Errors
/// If a signer fails, or signs something else than the others.
pub async fn run(arguments: Arguments) -> Result<()> {
    let request = Request::new(arguments.urls);
    let signers = Signers {
        restow: Restow::new(&request)?,
        aws_sdk: AwsSdk::new(&request),
        rusty_s3: Program::new(&arguments.rusty_s3, None),
        boto3: Program::new(&arguments.python, Some(&arguments.boto3)),
    };
    let versions = vec![
        arguments.versions.clone(),
        signers.rusty_s3.version(&request)?,
        signers.boto3.version(&request)?,
    ];
    check(&request, &signers).await?;
    let mut report = Report::new("sign", versions, REMARKS);
    let mut table = Table::new("One UploadPart URL", &["µs"]);
    let mut responses = Table::new("A response of 10,000 URLs, with its JSON", &["ms"]);
    let whole = Request::new(RESPONSE);
    // The first round is not counted.
    for round in 0..=arguments.rounds {
        let times = signers.round(&request, round).await?;
        let response = signers.restow.response(&whole)?;
        if round > 0 {
            for (name, time) in times {
                table.add(name, &[microseconds(time) / f64::from(arguments.urls)]);
            }
            responses.add(RESTOW, &[microseconds(response) / 1000.0]);
            eprintln!("round {round}: Restow {:.2} µs", table.median(RESTOW, 0));
        }
    }
    set_targets(&mut report, &table, &responses);
    report.add(table);
    report.add(responses);
    report.publish(&arguments.output)
}

fn set_targets(report: &mut Report, table: &Table, responses: &Table) {
    let restow = table.median(RESTOW, 0);
    report.target("one URL", restow, Bound::AtMost, 1.5, "µs");
    for (name, least) in TIMES {
        let what = format!("times as fast as {name}");
        report.target(
            &what,
            table.median(name, 0) / restow,
            Bound::AtLeast,
            least,
            "",
        );
    }
    let floor = restow / table.median(FLOOR, 0);
    report.target(&format!("times {FLOOR}"), floor, Bound::AtMost, 3.0, "");
    let response = responses.median(RESTOW, 0);
    report.target(
        "10,000 URLs with their JSON",
        response,
        Bound::AtMost,
        25.0,
        "ms",
    );
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
