//! `restow pull`.

use std::io::{ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use tokio::io::stdout;

use crate::app::App;
use crate::failure::Failure;
use crate::output::Output;
use crate::printable::printable;
use crate::progress::{Board, Status};
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
    /// File or directory to write to, - for the standard output [default: the version's own filename]
    #[arg(long, short, value_name = "FILE|-")]
    pub output: Option<PathBuf>,
    /// Replace a file that is there already
    #[arg(long, short)]
    pub force: bool,
    /// Do not compare the content with its checksum
    #[arg(long)]
    pub no_verify: bool,
}

/// Downloads a version.
pub async fn run(app: &App, arguments: PullArguments) -> Result<()> {
    let (dataset, version) = app.run(find(app, &arguments)).await?;
    if arguments.output.as_deref() == Some(Path::new("-")) {
        return to_standard_output(app, &dataset, &version, &arguments).await;
    }
    let path = target(arguments.output.clone(), &version.filename);
    let began = Instant::now();
    let downloaded = download(app, &dataset, &version, &arguments, Some(&path)).await?;
    let document = document(&dataset, &version, &downloaded, Some(&path), began);
    app.output.result(
        &document,
        path.display(),
        summary(&dataset, &version, &downloaded, &path, began),
    )
}

async fn to_standard_output(
    app: &App,
    dataset: &Dataset,
    version: &Version,
    arguments: &PullArguments,
) -> Result<()> {
    if app.output.json {
        return Err(Failure::Usage(
            "--json and --output - both want the standard output".to_string(),
        )
        .into());
    }
    let began = Instant::now();
    let downloaded = download(app, dataset, version, arguments, None).await?;
    app.output.note(summary(
        dataset,
        version,
        &downloaded,
        Path::new("-"),
        began,
    ));
    Ok(())
}

/// The dataset and the version, which stays the same whatever is committed meanwhile.
async fn find(app: &App, arguments: &PullArguments) -> Result<(Dataset, Version)> {
    let dataset = app.client.find_dataset(&arguments.dataset).await?;
    let number = arguments.version.or(dataset.current_version);
    let number = number.ok_or_else(|| Failure::NoVersion(dataset.name.clone()))?;
    let version = version::get(&app.client, dataset.id, number).await?;
    Ok((dataset, version))
}

fn target(asked: Option<PathBuf>, filename: &str) -> PathBuf {
    match asked {
        Some(directory) if directory.is_dir() => directory.join(safe_filename(filename)),
        Some(path) => path,
        None => safe_filename(filename).into(),
    }
}

/// Downloads to a file, or to the standard output.
async fn download(
    app: &App,
    dataset: &Dataset,
    version: &Version,
    arguments: &PullArguments,
    path: Option<&Path>,
) -> Result<DownloadOutcome> {
    // A bar would be drawn over content that goes to the terminal.
    let is_shown = path.is_none() && std::io::stdout().is_terminal();
    let output = Output {
        quiet: app.output.quiet || is_shown,
        ..app.output
    };
    let board = Board::new(output, std::slice::from_ref(&version.filename));
    let track = board.track(0);
    let request = app
        .transfers
        .download(dataset.id)
        .version(version.version)
        .verify(!arguments.no_verify)
        .replace(arguments.force)
        .on_progress(|progress| track.show(&Status::of_download(progress)))
        .cancel_on(app.interrupt.clone());
    let outcome = match path {
        Some(path) => Box::pin(request.to_path(path)).await,
        None => Box::pin(request.to_writer(&mut stdout())).await,
    };
    outcome.map_err(|error| match error {
        Error::Cancelled if path.is_some() => app.interrupted(
            "what has arrived is kept; to go on",
            &command_line(arguments, dataset),
        ),
        Error::File { path, source } if source.kind() == ErrorKind::AlreadyExists => {
            Failure::FileExists(path).into()
        }
        Error::Write(source) if source.kind() == ErrorKind::BrokenPipe => {
            Failure::OutputClosed.into()
        }
        error => error.into(),
    })
}

/// The command that downloads what this one does.
fn command_line(arguments: &PullArguments, dataset: &Dataset) -> String {
    // A name that looks like an option would be taken for one.
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
    done: &DownloadOutcome,
    path: &Path,
    began: Instant,
) -> String {
    let elapsed = began.elapsed();
    let received = done.file_size - done.bytes_held.min(done.file_size);
    let rate = units::rate(units::per_second(received, elapsed));
    let held = match done.bytes_held {
        0 => String::new(),
        held => format!(" ({} were here already)", units::bytes(held)),
    };
    format!(
        "{} version {} of {} in {}\n  {} in {}, {rate}{held}; {} checked",
        console::style("✓").green().bold(),
        version.version,
        printable(&dataset.name),
        printable(&path.to_string_lossy()),
        units::bytes(done.file_size),
        units::duration(elapsed),
        done.verification,
    )
}

fn document(
    dataset: &Dataset,
    version: &Version,
    done: &DownloadOutcome,
    path: Option<&Path>,
    began: Instant,
) -> Value {
    json!({
        "dataset": { "id": dataset.id, "name": &dataset.name },
        "version": version.version,
        "filename": &version.filename,
        "path": path.map(Path::to_string_lossy),
        "file_size": done.file_size,
        "etag": &done.etag,
        "bytes_held": done.bytes_held,
        "verification": done.verification.to_string(),
        "seconds": began.elapsed().as_secs_f64(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_the_versions_filename_unless_another_is_asked_for() {
        assert_eq!(target(None, "../a.csv"), Path::new("a.csv"));
        assert_eq!(target(Some("b.csv".into()), "a.csv"), Path::new("b.csv"));
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(
            target(Some(directory.path().into()), "/etc/a.csv"),
            directory.path().join("a.csv")
        );
    }
}
