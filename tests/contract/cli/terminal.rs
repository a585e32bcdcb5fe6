//! A real terminal with a command on it, and an eye on its screen.

use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use pty_process::{OwnedReadPty, OwnedWritePty, Size};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Child;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use vt100::Parser;

use crate::fixture::eventually;

/// Lines of every terminal: more than any test prints, so that nothing leaves the screen.
const LINES: u16 = 60;

/// How long a command may take to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// What Ctrl-C sends.
pub const CTRL_C: &[u8] = b"\x03";

/// A command that runs on a terminal. It is killed when it is dropped.
pub struct Terminal {
    shown: Arc<Mutex<Shown>>,
    keyboard: tokio::sync::Mutex<OwnedWritePty>,
    child: Child,
    reading: JoinHandle<()>,
}

/// A line of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is to be seen.
    pub text: String,
    /// Whether it goes on in the next line, for the terminal was not wide enough.
    pub is_wrapped: bool,
}

/// All that a terminal has shown.
struct Shown {
    parser: Parser,
    bytes: Vec<u8>,
    frames: Vec<Vec<Line>>,
}

/// What is left when the command has ended.
pub struct Ended {
    /// Its exit code; -1 where a signal ended it.
    pub code: i32,
    /// Everything that was sent to the terminal.
    pub bytes: Vec<u8>,
    /// What was on the screen, one picture after the other.
    pub frames: Vec<Vec<Line>>,
    /// The screen as it is now.
    pub screen: vt100::Screen,
}

impl Terminal {
    /// Starts a program on a terminal with so many columns.
    pub(super) fn start(
        columns: u16,
        program: &str,
        arguments: &[&str],
        dress: impl FnOnce(pty_process::Command) -> pty_process::Command,
    ) -> Result<Self> {
        let (pty, terminal) = pty_process::open()?;
        pty.resize(Size::new(LINES, columns))?;
        let command = dress(pty_process::Command::new(program).args(arguments)).kill_on_drop(true);
        let child = command.spawn(terminal)?;
        let size = |number| NonZeroU16::new(number).context("a terminal without lines or columns");
        let parser = Parser::new(size(LINES)?, size(columns)?, 0);
        let shown = Arc::new(Mutex::new(Shown {
            parser,
            bytes: Vec::new(),
            frames: Vec::new(),
        }));
        let (output, keyboard) = pty.into_split();
        let reading = tokio::spawn(read(output, Arc::clone(&shown)));
        Ok(Self {
            shown,
            keyboard: keyboard.into(),
            child,
            reading,
        })
    }

    /// What is on the screen now.
    pub fn text(&self) -> String {
        self.with_shown(|shown| shown.parser.screen().contents())
    }

    /// Waits until something is on the screen.
    pub async fn shows(&self, text: &str) {
        eventually(&format!("{text:?} on the screen"), async || {
            self.text().contains(text).then_some(())
        })
        .await;
    }

    /// Presses keys.
    ///
    /// # Errors
    /// If nobody is there any more.
    pub async fn press(&self, keys: &[u8]) -> Result<()> {
        Ok(self.keyboard.lock().await.write_all(keys).await?)
    }

    /// Whether nobody has the terminal any more.
    pub fn is_left(&self) -> bool {
        self.reading.is_finished()
    }

    /// Waits until the command has ended.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ended(mut self) -> Result<Ended> {
        let status = timeout(PATIENCE, self.child.wait()).await;
        let status =
            status.with_context(|| format!("the command does not end:\n{}", self.text()))??;
        timeout(PATIENCE, &mut self.reading)
            .await
            .context("somebody still has the terminal")??;
        let code = status.code().unwrap_or(-1);
        Ok(self.with_shown(|shown| Ended {
            code,
            bytes: shown.bytes.clone(),
            frames: shown.frames.clone(),
            screen: shown.parser.screen().clone(),
        }))
    }

    fn with_shown<T>(&self, look: impl FnOnce(&Shown) -> T) -> T {
        look(&self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ended {
    /// What is on the screen.
    pub fn text(&self) -> String {
        self.screen.contents()
    }

    /// Every line that was ever on the screen with this in it.
    pub fn lines_with(&self, text: &str) -> Vec<&Line> {
        self.frames
            .iter()
            .flatten()
            .filter(|line| line.text.contains(text))
            .collect()
    }

    /// The colour in which a text on the screen begins.
    pub fn colour_of(&self, text: &str) -> Option<vt100::Color> {
        let (_, columns) = self.screen.size();
        let (row, line) = (0..)
            .zip(self.screen.rows(0, columns.get()))
            .find(|(_, line)| line.contains(text))?;
        // Whatever is looked for stands behind characters of one column each.
        let column = line[..line.find(text)?].chars().count();
        Some(
            self.screen
                .cell(row, u16::try_from(column).ok()?)?
                .fgcolor(),
        )
    }

    /// Whether anything was ever sent to the terminal in a colour.
    pub fn has_colours(&self) -> bool {
        has_colours(&self.bytes)
    }
}

/// Whether text has escape codes that turn a colour or a style on.
pub fn has_colours(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split("\x1b[").skip(1).any(|code| {
        let (parameters, rest) = code.split_at(
            code.find(|c: char| !c.is_ascii_digit() && c != ';')
                .unwrap_or(0),
        );
        rest.starts_with('m') && !matches!(parameters, "" | "0")
    })
}

/// Reads what the terminal is sent until nobody has it any more.
async fn read(mut output: OwnedReadPty, shown: Arc<Mutex<Shown>>) {
    let mut buffer = vec![0; 64 * 1024];
    // Linux tells the end as an error.
    while let Ok(length @ 1..) = output.read(&mut buffer).await {
        shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(&buffer[..length]);
    }
}

impl Shown {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.parser.process(bytes);
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        let lines = (0..).zip(screen.rows(0, columns.get()));
        let frame = lines
            .map(|(row, text)| Line {
                text,
                is_wrapped: screen.row_wrapped(row),
            })
            .collect();
        if self.frames.last() != Some(&frame) {
            self.frames.push(frame);
        }
    }
}
