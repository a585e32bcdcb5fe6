//! Progress of transfers and jobs: bars on a terminal, lines elsewhere, nothing with `--json` and `--quiet`.

mod bar;
mod line_rate;
mod lock;
mod name;
mod overall;
mod resizable;
mod status;

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use console::Term;
use indicatif::{MultiProgress, ProgressDrawTarget};

use self::bar::{Bar, Name};
use self::line_rate::LineRate;
use self::lock::locked;
use self::name::Names;
use self::overall::Overall;
use self::resizable::ResizableTerminal;
pub use self::status::Status;
use crate::output::{self, Output};
use crate::printable::printable;
use crate::{first_signal, units, verbose};

/// Narrowest terminal on which bars are drawn, in columns.
const MIN_COLUMNS: usize = 30;

/// Maximum number of redraws of all bars together.
const REDRAWS_PER_SECOND: u8 = 20;

/// Shows the progress of one or more files.
pub struct ProgressView {
    names: Vec<String>,
    kind: Kind,
    /// `None` for a single file.
    overall: Option<Overall>,
}

enum Kind {
    Bars {
        bars: MultiProgress,
        names: Arc<Names>,
        were_drawn: AtomicBool,
        /// The bar of all files together, the last one.
        overall: Option<Bar>,
    },
    /// The rate is that of lines about all files.
    Lines(Mutex<LineRate>),
    Nothing,
}

/// The progress of one file. It disappears when it is dropped.
pub struct Track<'a> {
    view: &'a ProgressView,
    /// Index of the file.
    pub index: usize,
    shown: Shown,
}

enum Shown {
    Bar(Bar),
    Lines(Mutex<LineRate>),
    Nothing,
}

impl ProgressView {
    /// A view of one file or job with this name.
    pub fn new(output: Output, name: &str) -> Self {
        Self::with(output, &[name.to_string()], None)
    }

    /// A view of files with these names and sizes in bytes. Several also have a progress together, which on a terminal is
    /// a bar below theirs, and elsewhere takes the place of theirs.
    pub fn of_files(output: Output, names: &[String], sizes: &[u64]) -> Self {
        let overall = (names.len() > 1).then(|| Overall::new(sizes));
        Self::with(output, names, overall)
    }

    fn with(output: Output, names: &[String], overall: Option<Overall>) -> Self {
        let columns = usize::from(Term::stderr().size().1);
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let plain = dumb || verbose::is_on();
        let all = units::counted(names.len() as u64, "file");
        let all = overall.as_ref().map(|_| all);
        let names: Vec<_> = names.iter().cloned().chain(all).collect();
        let kind = match output.shows_notes() {
            true if stderr().is_terminal() && !plain && columns >= MIN_COLUMNS => {
                let bars = MultiProgress::with_draw_target(draw_target());
                let last = Name {
                    index: names.len().saturating_sub(1),
                    names: Arc::new(Names::new(names.clone())),
                };
                Kind::Bars {
                    names: Arc::clone(&last.names),
                    overall: overall.as_ref().map(|_| Bar::new(&bars, None, last)),
                    bars,
                    were_drawn: AtomicBool::new(false),
                }
            }
            true => Kind::Lines(Mutex::default()),
            false => Kind::Nothing,
        };
        let names = names.iter().map(|name| printable(name).into_owned());
        let names = names.collect();
        Self {
            names,
            kind,
            overall,
        }
    }

    /// Starts to show the progress of the file at `index`.
    pub fn track(&self, index: usize) -> Track<'_> {
        let shown = match &self.kind {
            Kind::Bars {
                bars,
                overall,
                names,
                ..
            } => {
                let names = Arc::clone(names);
                let name = Name { names, index };
                Shown::Bar(Bar::new(bars, overall.as_ref(), name))
            }
            Kind::Lines(_) if self.overall.is_none() => Shown::Lines(Mutex::default()),
            _ => Shown::Nothing,
        };
        Track {
            view: self,
            index,
            shown,
        }
    }

    /// Nothing is left to do for the file at `index`.
    pub fn finish(&self, index: usize) {
        if let Some(overall) = &self.overall {
            overall.finish(index);
            self.show_overall(overall);
        }
    }

    /// Removes the progress of all files together.
    pub fn clear(&self) {
        if let Kind::Bars {
            overall: Some(bar), ..
        } = &self.kind
        {
            bar.clear();
        }
    }

    fn show_overall(&self, overall: &Overall) {
        let name = self.names.last().map_or("", String::as_str);
        match &self.kind {
            Kind::Bars {
                overall: Some(bar), ..
            } => {
                bar.show(&overall.status());
            }
            Kind::Lines(rate) => show_line(rate, name, &overall.status()),
            _ => {}
        }
    }

    /// Prints a line on the standard error, above the bars.
    pub fn print_line(&self, text: &str) {
        match &self.kind {
            // `MultiProgress::println` would pad the line with blanks.
            Kind::Bars { bars, .. } => bars.suspend(|| output::print_stderr(text)),
            Kind::Lines(_) => output::print_stderr(text),
            Kind::Nothing => {}
        }
    }

    /// Prints lines like [`print_line`](Self::print_line), also after the view is gone.
    pub fn printer(&self) -> Box<dyn Fn(&str) + Send + Sync> {
        match &self.kind {
            Kind::Bars { bars, .. } => {
                let bars = bars.clone();
                Box::new(move |text| bars.suspend(|| output::print_stderr(text)))
            }
            Kind::Lines(_) => Box::new(|text| output::print_stderr(text)),
            Kind::Nothing => Box::new(|_| ()),
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

fn draw_target() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like_with_hz(Box::new(ResizableTerminal::stderr()), REDRAWS_PER_SECOND)
}

fn show_line(rate: &Mutex<LineRate>, name: &str, status: &Status) {
    if locked(rate).admits(status, Instant::now()) {
        output::print_stderr(status.line(name));
    }
}

impl Drop for ProgressView {
    fn drop(&mut self) {
        self.clear();
        if let Kind::Bars { were_drawn, .. } = &self.kind
            && were_drawn.load(Ordering::Relaxed)
            && first_signal::is_from_keyboard()
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
        let name = &self.view.names[self.index];
        match &self.shown {
            Shown::Bar(bar) => {
                if bar.show(status)
                    && let Kind::Bars { were_drawn, .. } = &self.view.kind
                {
                    were_drawn.store(true, Ordering::Relaxed);
                }
            }
            Shown::Lines(rate) => show_line(rate, name, status),
            Shown::Nothing => {}
        }
        if let Some(overall) = &self.view.overall {
            overall.record(self.index, status.bytes_done());
            self.view.show_overall(overall);
        }
    }
}

impl Drop for Track<'_> {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.clear();
        }
    }
}
