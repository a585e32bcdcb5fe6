//! `restow man`: the manual pages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_mangen::Man;
use serde_json::json;

use crate::output::{self, Output};
use crate::units;

/// Arguments of `restow man`.
#[derive(Args, Debug)]
pub struct ManArguments {
    /// Directory for the pages of all commands; without it, the page of `restow` is printed
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Prints the page of `restow`, or writes those of all commands.
///
/// # Errors
/// If they cannot be written.
pub fn run(arguments: &ManArguments, mut command: Command, output: Output) -> Result<()> {
    command.build();
    let Some(directory) = &arguments.output else {
        return output::write(&String::from_utf8_lossy(&page(&command)?));
    };
    let cannot_write = || format!("cannot write manual pages to {}", directory.display());
    fs::create_dir_all(directory).with_context(cannot_write)?;
    let mut written = Vec::new();
    write(&command, directory, &mut written).with_context(cannot_write)?;
    let (count, place) = (written.len() as u64, directory.display());
    let text = format!("wrote {} to {place}", units::counted(count, "manual page"));
    output.message(&json!({ "directory": directory, "files": written }), text)
}

/// Writes the page of a command, and those of its subcommands.
fn write(command: &Command, directory: &Path, written: &mut Vec<String>) -> Result<()> {
    let name = format!("{}.1", display_name(command));
    fs::write(directory.join(&name), page(command)?)?;
    written.push(name);
    let subcommands = command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set());
    for subcommand in subcommands {
        write(subcommand, directory, written)?;
    }
    Ok(())
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    let name = display_name(command).to_string();
    Man::new(command.clone().name(name)).render(&mut page)?;
    Ok(page)
}

/// Names of the command and of those above it, joined by dashes.
fn display_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}
