//! `restow pull`.

use std::io::{ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use tokio::io::stdout;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Output;
use crate::printable::printable;
use crate::progress::{ProgressView, Status};
use crate::safe_filename::safe_filename;
use crate::shell_word::{option_words, shell_word};
use crate::{units, version};
use restow_sdk::generated::types::{Dataset, Version};
use restow_sdk::{DownloadOutcome, Error};

/// Arguments of `restow pull`.
#[derive(Args, Debug)]
pub struct PullArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: String,
    /// Number of the version [default: the current one]
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(i64).range(1..))]
    pub version: Option<i64>,
    /// File, directory, pipe or device to write to, or - for standard output [default: the filename of the version]
    #[arg(long, short, value_name = "FILE|-")]
    pub output: Option<PathBuf>,
    /// Replace existing files
    #[arg(long, short)]
    pub force: bool,
    /// Skip the verification of the checksum
    #[arg(long)]
    pub no_verify: bool,
}

/// Downloads a version.
pub async fn run(context: &Context, arguments: PullArguments) -> Result<()> {
    let (dataset, version) = context.run(find(context, &arguments)).await?;
    if arguments.output.as_deref().is_some_and(is_stdout) {
        return pull_to_stdout(context, &dataset, &version, &arguments).await;
    }
    let path = target(arguments.output.clone(), &version.filename);
    let started = Instant::now();
    let downloaded = download(context, &dataset, &version, &arguments, Some(&path)).await?;
    let document = document(&dataset, &version, &downloaded, Some(&path), started);
    context.output.result(
        &document,
        path.display(),
        summary(&dataset, &version, &downloaded, &path, started),
    )
}

async fn pull_to_stdout(
    context: &Context,
    dataset: &Dataset,
    version: &Version,
    arguments: &PullArguments,
) -> Result<()> {
    if context.output.json {
        return Err(Failure::Usage(
            "--json and --output - cannot be combined: both write to standard output".to_string(),
        )
        .into());
    }
    let started = Instant::now();
    let downloaded = download(context, dataset, version, arguments, None).await?;
    context.output.note(summary(
        dataset,
        version,
        &downloaded,
        Path::new("-"),
        started,
    ));
    Ok(())
}

/// The dataset and the version. A version that is committed during the download changes neither.
async fn find(context: &Context, arguments: &PullArguments) -> Result<(Dataset, Version)> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let number = arguments.version.or(dataset.current_version);
    let number = number.ok_or_else(|| Failure::NoVersion(dataset.name.clone()))?;
    let version = version::get(&context.client, dataset.id, number).await?;
    Ok((dataset, version))
}

/// Whether a path means the standard output: the result must not be printed in the middle of the content.
fn is_stdout(path: &Path) -> bool {
    let names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    names.iter().any(|name| path == Path::new(name))
}

/// Whether the bytes that are written to this path cannot be resumed: it is a pipe or a device.
fn is_stream(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
}

fn target(output: Option<PathBuf>, filename: &str) -> PathBuf {
    match output {
        Some(directory) if directory.is_dir() => directory.join(safe_filename(filename)),
        Some(path) => path,
        None => safe_filename(filename).into(),
    }
}

/// Downloads to a file, or to the standard output if there is no path.
async fn download(
    context: &Context,
    dataset: &Dataset,
    version: &Version,
    arguments: &PullArguments,
    path: Option<&Path>,
) -> Result<DownloadOutcome> {
    // A bar would overwrite content that goes to the terminal.
    let is_displayed = path.is_none() && std::io::stdout().is_terminal();
    let output = Output {
        quiet: context.output.quiet || is_displayed,
        ..context.output
    };
    let view = ProgressView::new(output, &version.filename);
    context.delays.print_above(&view);
    let track = view.track(0);
    let request = context
        .transfers
        .download(dataset.id)
        .version(version.version)
        .verify(!arguments.no_verify)
        .replace(arguments.force)
        .on_progress(|progress| track.show(&Status::of_download(progress)))
        .cancel_on(context.interrupt.clone());
    let outcome = match path {
        Some(path) => Box::pin(request.to_path(path)).await,
        None => Box::pin(request.to_writer(&mut stdout())).await,
    };
    outcome.map_err(|error| match error {
        Error::Cancelled if path.is_some_and(|path| !is_stream(path)) => context.interrupted(
            None,
            "received data is kept; to resume",
            &command_line(arguments, dataset),
        ),
        error => with_failure(error),
    })
}

/// Replaces an error of the client by the failure that it means for the command, if there is one.
fn with_failure(error: Error) -> anyhow::Error {
    match error {
        Error::File { path, source } if source.kind() == ErrorKind::AlreadyExists => {
            Failure::FileExists(path).into()
        }
        Error::Write(source) | Error::File { source, .. }
            if source.kind() == ErrorKind::BrokenPipe =>
        {
            Failure::OutputClosed.into()
        }
        error => error.into(),
    }
}

/// The command line that resumes the download.
fn command_line(arguments: &PullArguments, dataset: &Dataset) -> String {
    // A name that starts with a hyphen would be parsed as an option.
    let is_option = arguments.dataset.starts_with('-');
    let name = if is_option {
        dataset.id.to_string()
    } else {
        shell_word(&arguments.dataset)
    };
    let mut words = vec!["restow".to_string(), "pull".to_string(), name];
    words.extend(
        arguments
            .version
            .map(|version| format!("--version {version}")),
    );
    words.extend(
        arguments
            .output
            .as_ref()
            .map(|path| option_words("--output", path)),
    );
    let switches = [
        ("--force", arguments.force),
        ("--no-verify", arguments.no_verify),
    ];
    words.extend(
        switches
            .iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| (*name).to_string()),
    );
    words.join(" ")
}

fn summary(
    dataset: &Dataset,
    version: &Version,
    outcome: &DownloadOutcome,
    path: &Path,
    started: Instant,
) -> String {
    let elapsed = started.elapsed();
    let received = outcome.file_size - outcome.bytes_held.min(outcome.file_size);
    let rate = units::rate(units::per_second(received, elapsed));
    let held = match outcome.bytes_held {
        0 => String::new(),
        held => format!(" ({} resumed)", units::bytes(held)),
    };
    format!(
        "{} downloaded version {} of {} to {}\n  {} in {}, {rate}{held}; {} verified",
        console::style("✓").green().bold(),
        version.version,
        printable(&dataset.name),
        printable(&path.to_string_lossy()),
        units::bytes(outcome.file_size),
        units::duration(elapsed),
        outcome.verification,
    )
}

fn document(
    dataset: &Dataset,
    version: &Version,
    outcome: &DownloadOutcome,
    path: Option<&Path>,
    started: Instant,
) -> Value {
    json!({
        "dataset": { "id": dataset.id, "name": &dataset.name },
        "version": version.version,
        "filename": &version.filename,
        "path": path.map(Path::to_string_lossy),
        "file_size": outcome.file_size,
        "etag": &outcome.etag,
        "bytes_held": outcome.bytes_held,
        "verification": outcome.verification.to_string(),
        "seconds": started.elapsed().as_secs_f64(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_defaults_to_the_filename_of_the_version() {
        assert_eq!(target(None, "../a.csv"), Path::new("a.csv"));
        assert_eq!(target(Some("b.csv".into()), "a.csv"), Path::new("b.csv"));
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(
            target(Some(directory.path().into()), "/etc/a.csv"),
            directory.path().join("a.csv")
        );
    }
}
