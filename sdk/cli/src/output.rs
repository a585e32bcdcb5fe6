//! What is printed, and how: as text, as JSON, or next to nothing.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};

use console::{Term, style};
use serde::Serialize;

use crate::failure::Failure;

/// How a command prints its results.
#[derive(Clone, Copy, Debug, Default)]
pub struct Output {
    /// JSON documents on the standard output, and errors as JSON.
    pub json: bool,
    /// Only errors, and the identifiers of results.
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
            print(&serde_json::to_string(document)?)
        } else if self.quiet {
            print(&id.to_string())
        } else {
            print(&text.to_string())
        }
    }

    /// Prints a result that has no identifier: as a document, not at all, or as text.
    pub fn message(self, document: &impl Serialize, text: impl Display) -> anyhow::Result<()> {
        if self.quiet && !self.json {
            Ok(())
        } else {
            self.result(document, "", text)
        }
    }

    /// Tells a person something that is no result.
    pub fn note(self, text: impl Display) {
        if self.is_talkative() {
            say(text);
        }
    }

    /// Warns a person.
    pub fn warn(self, text: impl Display) {
        self.note(format_args!(
            "{} {text}",
            style("warning:").yellow().bold().for_stderr()
        ));
    }

    /// Whether anything but results and errors may be printed.
    pub fn is_talkative(self) -> bool {
        !self.json && !self.quiet
    }
}

/// Tells a person a line on the standard error. Nobody could be told that nobody listens there, and work that is under
/// way need not end for it.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints text and a line's end on the standard output.
///
/// # Errors
/// [`Failure::OutputClosed`] if nobody reads it any more, and what else hinders the writing.
pub fn print(text: &str) -> anyhow::Result<()> {
    write(&format!("{text}\n"))
}

/// Prints text on the standard output.
pub fn write(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed.into(),
        _ => anyhow::Error::new(error).context("cannot write to the standard output"),
    })
}

/// Columns of the terminal that results go to; plenty where they go elsewhere.
pub fn width() -> usize {
    if io::stdout().is_terminal() {
        usize::from(Term::stdout().size().1)
    } else {
        200
    }
}

/// Whether somebody is there to answer a question.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question, and reads the line that answers it.
pub async fn ask(question: String) -> anyhow::Result<String> {
    let answer = tokio::task::spawn_blocking(move || {
        let _ = write!(io::stderr(), "{question}");
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    Ok(answer.await??.trim().to_string())
}
