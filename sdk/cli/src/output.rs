//! Prints results as text, as JSON, or as identifiers.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};

use console::{Term, style};
use serde::Serialize;

use crate::failure::Failure;
use crate::locale;

/// Width of text that is not written to a terminal, in columns.
const NO_TERMINAL_WIDTH: usize = 200;

/// Format of results and errors.
#[derive(Clone, Copy, Debug, Default)]
pub struct Output {
    /// Results and errors are JSON.
    pub json: bool,
    /// Only errors and the identifiers of results are printed.
    pub quiet: bool,
}

impl Output {
    /// Prints a result: as a document, as its identifier, or as text.
    pub fn result(
        self,
        document: &impl Serialize,
        id: impl Display,
        text: impl Display,
    ) -> anyhow::Result<()> {
        if self.json {
            write(&format!("{}\n", serde_json::to_string(document)?))
        } else if self.quiet {
            print(&id.to_string())
        } else {
            print(&text.to_string())
        }
    }

    /// Prints a result without an identifier: as a document, not at all, or as text.
    pub fn message(self, document: &impl Serialize, text: impl Display) -> anyhow::Result<()> {
        if self.quiet && !self.json {
            Ok(())
        } else {
            self.result(document, "", text)
        }
    }

    /// Prints a message on the standard error, unless the output is JSON or quiet.
    pub fn note(self, text: impl Display) {
        if self.shows_notes() {
            print_stderr(text);
        }
    }

    /// Prints a warning on the standard error, unless the output is JSON or quiet.
    pub fn warn(self, text: impl Display) {
        self.note(format_args!(
            "{} {text}",
            style("warning:").yellow().bold().for_stderr()
        ));
    }

    /// Whether messages and progress may be printed besides results and errors.
    pub fn shows_notes(self) -> bool {
        !self.json && !self.quiet
    }
}

/// Prints a line of text on the standard error.
pub fn print_stderr(text: impl Display) {
    write_stderr(&locale::shown(&text.to_string()));
}

/// Writes a line to the standard error as it is.
///
/// Errors are ignored: a transfer must not end because the standard error is closed.
pub fn write_stderr(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints a line of text on the standard output.
///
/// # Errors
/// [`Failure::OutputClosed`] if its reader has closed it, or another error of writing.
pub fn print(text: &str) -> anyhow::Result<()> {
    write(&format!("{}\n", locale::shown(text)))
}

/// Writes to the standard output as it is.
///
/// # Errors
/// Those of [`print`].
pub fn write(text: &str) -> anyhow::Result<()> {
    write_bytes(text.as_bytes())
}

/// Writes bytes to the standard output as they are.
///
/// # Errors
/// Those of [`print`].
pub fn write_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed.into(),
        _ => anyhow::Error::new(error).context("cannot write to standard output"),
    })
}

/// Width of the terminal in columns; a large number if the standard output is no terminal.
pub fn width() -> usize {
    if io::stdout().is_terminal() {
        usize::from(Term::stdout().size().1)
    } else {
        NO_TERMINAL_WIDTH
    }
}

/// Width of the terminal of the standard error in columns; a large number if it is no terminal.
pub fn stderr_width() -> usize {
    if io::stderr().is_terminal() {
        usize::from(Term::stderr().size().1)
    } else {
        NO_TERMINAL_WIDTH
    }
}

/// Whether there is a terminal to prompt the user.
pub fn can_prompt() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Prints a prompt on the standard error, and reads a line of the standard input.
pub async fn prompt(prompt: String) -> anyhow::Result<String> {
    let line = tokio::task::spawn_blocking(move || {
        let _ = write!(io::stderr(), "{prompt}");
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    Ok(line.await??.trim().to_string())
}
