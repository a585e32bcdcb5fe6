//! Runs a command on a pseudo-terminal, and records its screen.

use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use pty_process::{OwnedReadPty, OwnedWritePty, Size};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use vt100::Parser;

use crate::fixture::eventually;

/// Lines of a terminal: more than any test prints, so that nothing scrolls off.
const LINES: u16 = 60;

/// Timeout of a command.
const COMMAND_TIMEOUT: Duration = Duration::from_mins(1);

/// The byte that Ctrl-C sends.
pub const CTRL_C: &[u8] = b"\x03";

/// A command that runs on a terminal, and is killed on drop.
pub struct Terminal {
    recording: Arc<Mutex<Recording>>,
    /// Notified after every output.
    changed: Arc<Notify>,
    keyboard: tokio::sync::Mutex<OwnedWritePty>,
    child: Child,
    reading: JoinHandle<()>,
}

/// A line of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The visible text.
    pub text: String,
    /// Whether it is continued on the next line because it is wider than the terminal.
    pub is_wrapped: bool,
}

/// The recording of a terminal.
struct Recording {
    parser: Parser,
    bytes: Vec<u8>,
    frames: Vec<Vec<Line>>,
}

/// A command that has ended, and the recording of its terminal.
pub struct Ended {
    /// The exit code; -1 if a signal ended it.
    pub code: i32,
    /// All bytes that were sent to the terminal.
    pub bytes: Vec<u8>,
    /// All states of the screen, in order.
    pub frames: Vec<Vec<Line>>,
    /// The final screen.
    pub screen: vt100::Screen,
}

impl Terminal {
    /// Starts a program on a terminal with `columns`.
    pub(super) fn start(
        columns: u16,
        program: &str,
        arguments: &[&str],
        configure: impl FnOnce(pty_process::Command) -> pty_process::Command,
    ) -> Result<Self> {
        let (pty, terminal) = pty_process::open()?;
        pty.resize(Size::new(LINES, columns))?;
        let command =
            configure(pty_process::Command::new(program).args(arguments)).kill_on_drop(true);
        let child = command.spawn(terminal)?;
        let size = |number| NonZeroU16::new(number).context("a terminal without lines or columns");
        let parser = Parser::new(size(LINES)?, size(columns)?, 0);
        let recording = Arc::new(Mutex::new(Recording {
            parser,
            bytes: Vec::new(),
            frames: Vec::new(),
        }));
        let (output, keyboard) = pty.into_split();
        let changed = Arc::new(Notify::new());
        let reading = tokio::spawn(read(output, Arc::clone(&recording), Arc::clone(&changed)));
        Ok(Self {
            recording,
            changed,
            keyboard: keyboard.into(),
            child,
            reading,
        })
    }

    /// The present text of the screen.
    pub fn text(&self) -> String {
        self.with_recording(|recording| recording.parser.screen().contents())
    }

    /// Waits until the screen contains `text`.
    pub async fn shows(&self, text: &str) {
        eventually(&format!("{text:?} on the screen"), async || {
            self.text().contains(text).then_some(())
        })
        .await;
    }

    /// Sends keys as soon as the screen contains `text`, faster than a person can.
    ///
    /// # Errors
    /// If the terminal is closed, or the text does not appear within a minute.
    pub async fn press_when_shown(&self, text: &str, keys: &[u8]) -> Result<()> {
        let shown = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if self.text().contains(text) {
                    return;
                }
                changed.await;
            }
        };
        timeout(COMMAND_TIMEOUT, shown)
            .await
            .with_context(|| format!("{text:?} is not shown:\n{}", self.text()))?;
        self.press(keys).await
    }

    /// Sends keys.
    ///
    /// # Errors
    /// If the terminal is closed.
    pub async fn press(&self, keys: &[u8]) -> Result<()> {
        Ok(self.keyboard.lock().await.write_all(keys).await?)
    }

    /// Gives the terminal other columns, as when its window is resized.
    ///
    /// # Errors
    /// If the terminal is closed.
    pub async fn resize(&self, columns: u16) -> Result<()> {
        let size = |number| NonZeroU16::new(number).context("a terminal without lines or columns");
        let (lines, width) = (size(LINES)?, size(columns)?);
        let keyboard = self.keyboard.lock().await;
        let mut recording = self
            .recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        recording.parser.screen_mut().set_size(lines, width);
        // Frames of another width would not show whether a bar was wider than the terminal.
        recording.frames.clear();
        keyboard.resize(Size::new(LINES, columns))?;
        Ok(())
    }

    /// Whether all processes have closed the terminal.
    pub fn is_closed(&self) -> bool {
        self.reading.is_finished()
    }

    /// Waits until the command has ended.
    ///
    /// # Errors
    /// If it does not end within a minute.
    pub async fn ended(mut self) -> Result<Ended> {
        let status = timeout(COMMAND_TIMEOUT, self.child.wait()).await;
        let status =
            status.with_context(|| format!("the command timed out:\n{}", self.text()))??;
        timeout(COMMAND_TIMEOUT, &mut self.reading)
            .await
            .context("a process still has the terminal open")??;
        let code = status.code().unwrap_or(-1);
        Ok(self.with_recording(|recording| Ended {
            code,
            bytes: recording.bytes.clone(),
            frames: recording.frames.clone(),
            screen: recording.parser.screen().clone(),
        }))
    }

    fn with_recording<T>(&self, look: impl FnOnce(&Recording) -> T) -> T {
        look(
            &self
                .recording
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Ended {
    /// The text of the final screen.
    pub fn text(&self) -> String {
        self.screen.contents()
    }

    /// All lines that ever contained `text`.
    pub fn lines_with(&self, text: &str) -> Vec<&Line> {
        self.frames
            .iter()
            .flatten()
            .filter(|line| line.text.contains(text))
            .collect()
    }

    /// The color of the first character of `text` on the screen.
    pub fn color_of(&self, text: &str) -> Option<vt100::Color> {
        let (_, columns) = self.screen.size();
        let (row, line) = (0..)
            .zip(self.screen.rows(0, columns.get()))
            .find(|(_, line)| line.contains(text))?;
        // Every character before `text` is one column wide.
        let column = line[..line.find(text)?].chars().count();
        Some(
            self.screen
                .cell(row, u16::try_from(column).ok()?)?
                .fgcolor(),
        )
    }

    /// Whether the command ever printed colors or styles.
    pub fn has_colors(&self) -> bool {
        has_colors(&self.bytes)
    }
}

/// Whether text has escape codes that set a color or a style.
pub fn has_colors(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split("\x1b[").skip(1).any(|code| {
        let (parameters, rest) = code.split_at(
            code.find(|c: char| !c.is_ascii_digit() && c != ';')
                .unwrap_or(0),
        );
        rest.starts_with('m') && !matches!(parameters, "" | "0")
    })
}

/// Records the output until all processes have closed the terminal.
async fn read(mut output: OwnedReadPty, recording: Arc<Mutex<Recording>>, changed: Arc<Notify>) {
    let mut buffer = vec![0; 64 * 1024];
    // Linux reports the end as an error.
    while let Ok(length @ 1..) = output.read(&mut buffer).await {
        recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(&buffer[..length]);
        changed.notify_waiters();
    }
}

impl Recording {
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

/// Sends a signal to a process.
///
/// # Errors
/// If the process has ended, or the signal cannot be sent.
pub async fn signal(name: &str, process: Option<u32>) -> Result<()> {
    let process = process.context("the process has ended")?;
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -{name} {process}")])
        .status()
        .await?;
    ensure!(sent.success(), "failed to send SIG{name}");
    Ok(())
}
