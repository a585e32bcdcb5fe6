//! Progress of transfers and jobs: bars on a terminal, lines elsewhere, nothing with `--json` and `--quiet`.

mod bar;
mod line_rate;
mod status;

use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use console::{Alignment, Term, measure_text_width, pad_str, truncate_str};
use indicatif::{MultiProgress, ProgressDrawTarget};

use self::bar::{Bar, locked};
use self::line_rate::LineRate;
pub use self::status::Status;
use crate::interrupt;
use crate::output::{self, Output};
use crate::printable::printable;

/// Maximum width of a name beside a bar, in columns.
const MAX_NAME_WIDTH: usize = 28;

/// Shows the progress of one or more files.
pub struct ProgressView {
    names: Vec<String>,
    kind: Kind,
}

enum Kind {
    Bars {
        bars: MultiProgress,
        were_drawn: AtomicBool,
    },
    Lines,
    Nothing,
}

/// The progress of one file. It disappears when it is dropped.
pub struct Track<'a> {
    name: &'a str,
    view: View<'a>,
}

enum View<'a> {
    Bar {
        bar: Bar,
        were_drawn: &'a AtomicBool,
    },
    Lines(Mutex<LineRate>),
    Nothing,
}

impl ProgressView {
    /// A view of files with these names.
    pub fn new(output: Output, names: &[String]) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let kind = match output.is_verbose() {
            true if stderr().is_terminal() && !dumb => {
                let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
                Kind::Bars {
                    bars,
                    were_drawn: AtomicBool::new(false),
                }
            }
            true => Kind::Lines,
            false => Kind::Nothing,
        };
        let bars = matches!(kind, Kind::Bars { .. });
        Self {
            names: if bars {
                padded_names(names)
            } else {
                printable_names(names)
            },
            kind,
        }
    }

    /// Starts to show the progress of the file at `index`.
    pub fn track(&self, index: usize) -> Track<'_> {
        let view = match &self.kind {
            Kind::Bars { bars, were_drawn } => View::Bar {
                bar: Bar::new(bars),
                were_drawn,
            },
            Kind::Lines => View::Lines(Mutex::default()),
            Kind::Nothing => View::Nothing,
        };
        Track {
            name: &self.names[index],
            view,
        }
    }

    /// Prints a line on the standard error, above the bars.
    pub fn print_line(&self, text: &str) {
        match &self.kind {
            // `MultiProgress::println` would pad the line with blanks.
            Kind::Bars { bars, .. } => bars.suspend(|| output::print_stderr(text)),
            Kind::Lines => output::print_stderr(text),
            Kind::Nothing => {}
        }
    }

    /// Calls a function that prints, with the bars removed meanwhile.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.kind {
            Kind::Bars { bars, .. } => bars.suspend(print),
            _ => print(),
        }
    }
}

impl Drop for ProgressView {
    fn drop(&mut self) {
        if let Kind::Bars { were_drawn, .. } = &self.kind
            && were_drawn.load(Ordering::Relaxed)
            && interrupt::is_from_keyboard()
        {
            // A bar fills its line, so the terminal echoed ^C on the line below, which stayed when the bars were
            // cleared.
            let terminal = Term::stderr();
            // A terminal that does not support this keeps the line.
            let _ = terminal
                .move_cursor_up(1)
                .and_then(|()| terminal.clear_line());
        }
    }
}

impl Track<'_> {
    /// Shows a status.
    pub fn show(&self, status: &Status) {
        match &self.view {
            View::Bar { bar, were_drawn } => {
                if bar.show(self.name, status) {
                    were_drawn.store(true, Ordering::Relaxed);
                }
            }
            View::Lines(rate) => {
                if locked(rate).admits(status, Instant::now()) {
                    output::print_stderr(status.line(self.name));
                }
            }
            View::Nothing => {}
        }
    }
}

impl Drop for Track<'_> {
    fn drop(&mut self) {
        if let View::Bar { bar, .. } = &self.view {
            bar.clear();
        }
    }
}

fn padded_names(names: &[String]) -> Vec<String> {
    let cut = |name: &String| truncate_str(&printable(name), MAX_NAME_WIDTH, "…").into_owned();
    let names: Vec<_> = names.iter().map(cut).collect();
    let width = names
        .iter()
        .map(|name| measure_text_width(name))
        .max()
        .unwrap_or_default();
    names
        .iter()
        .map(|name| pad_str(name, width, Alignment::Left, None).into_owned())
        .collect()
}

fn printable_names(names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| printable(name).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beside_bars_have_equal_width() {
        let names = ["a.csv", "日本.csv", &"x".repeat(60)].map(str::to_string);
        for name in padded_names(&names) {
            assert_eq!(measure_text_width(&name), MAX_NAME_WIDTH);
        }
    }
}
