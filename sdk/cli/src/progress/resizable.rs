//! A terminal whose window may be resized while bars are drawn.
//!
//! Bars are drawn over each other: the cursor moves up by the number of lines that were drawn last. Most terminals wrap
//! lines again when their width changes, so that the same bars then take more lines or fewer, and the cursor must move by
//! that number instead. Bars fill their lines and follow each other without line feeds, so to a terminal they are one
//! long line.

use std::env;
use std::io;
use std::sync::Mutex;

use console::Term;
use indicatif::TermLike;

use super::lock::locked;

/// Erases from the cursor to the end of the screen.
const ERASE_DOWN: &str = "\r\x1b[J";

/// The standard error as a terminal for bars.
#[derive(Debug)]
pub struct ResizableTerminal {
    terminal: Term,
    wraps_again: bool,
    frame: Mutex<Frame>,
}

/// The lines that were drawn last, and whether they are being replaced.
#[derive(Debug, Default)]
struct Frame {
    /// Columns of the terminal; 0 if nothing is drawn.
    columns: usize,
    /// Whether text was written since the last flush.
    is_written: bool,
    /// Whether the lines have been erased already, since they took another number of lines than was drawn.
    is_erased: bool,
}

impl ResizableTerminal {
    /// The terminal of the standard error.
    pub fn stderr() -> Self {
        Self {
            terminal: Term::buffered_stderr(),
            wraps_again: wraps_again(|name| env::var(name).ok()),
            frame: Mutex::default(),
        }
    }

    /// Erases the lines that were drawn last if the terminal was resized since. `lines_up` is how many lines the cursor
    /// would move up.
    fn erase_if_resized(&self, lines_up: usize) -> io::Result<bool> {
        let mut frame = locked(&self.frame);
        let columns = usize::from(self.width());
        let is_resized = frame.columns != 0 && frame.columns != columns;
        if frame.is_erased || !is_resized || !self.wraps_again {
            return Ok(frame.is_erased);
        }
        frame.is_erased = true;
        let lines = wrapped_lines(lines_up + 1, frame.columns, columns);
        self.terminal.move_cursor_up(lines - 1)?;
        self.terminal.write_str(ERASE_DOWN)?;
        Ok(true)
    }

    fn begin_to_write(&self) {
        let mut frame = locked(&self.frame);
        frame.is_written = true;
        frame.is_erased = false;
        frame.columns = usize::from(self.width());
    }
}

impl TermLike for ResizableTerminal {
    fn width(&self) -> u16 {
        self.terminal.size().1
    }

    fn height(&self) -> u16 {
        self.terminal.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        if self.erase_if_resized(n)? {
            return Ok(());
        }
        self.terminal.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        if locked(&self.frame).is_erased {
            return Ok(());
        }
        self.terminal.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.terminal.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.terminal.move_cursor_left(n)
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        self.begin_to_write();
        self.terminal.write_line(s)
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        self.begin_to_write();
        self.terminal.write_str(s)
    }

    fn clear_line(&self) -> io::Result<()> {
        if locked(&self.frame).is_erased {
            return Ok(());
        }
        self.terminal.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        let mut frame = locked(&self.frame);
        if !frame.is_written {
            frame.columns = 0;
        }
        frame.is_written = false;
        frame.is_erased = false;
        self.terminal.flush()
    }
}

/// Lines that `lines` full lines of a terminal with `before` columns take on one with `columns`.
fn wrapped_lines(lines: usize, before: usize, columns: usize) -> usize {
    (lines * before).div_ceil(columns.max(1)).max(1)
}

/// Whether the terminal wraps its lines again when it is resized. The few that do not cut them instead.
fn wraps_again(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    if is_set("TMUX") {
        return true;
    }
    let kind = variable("TERM").unwrap_or_default();
    let cuts = ["screen", "rxvt", "linux", "vt"];
    !is_set("XTERM_VERSION") && !is_set("STY") && !cuts.iter().any(|start| kind.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_the_terminal_wraps_them() {
        assert_eq!(wrapped_lines(1, 120, 60), 2);
        assert_eq!(wrapped_lines(3, 100, 80), 4);
        assert_eq!(wrapped_lines(4, 60, 120), 2);
        assert_eq!(wrapped_lines(1, 60, 120), 1);
    }

    #[test]
    fn old_terminals_cut_their_lines() {
        let is_set = |set: (&str, &str)| {
            let (name, value) = (set.0.to_string(), set.1.to_string());
            wraps_again(move |asked| (asked == name).then(|| value.clone()))
        };
        assert!(is_set(("TERM", "xterm-256color")));
        assert!(is_set(("TMUX", "/tmp/tmux")));
        assert!(!is_set(("XTERM_VERSION", "XTerm(379)")));
        assert!(!is_set(("TERM", "screen-256color")));
    }
}
