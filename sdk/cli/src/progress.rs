//! How far a transfer has come: bars on a terminal, lines elsewhere, nothing where that was asked for.

mod pace;
mod status;

use std::fmt;
use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use console::{Alignment, Term, measure_text_width, pad_str, truncate_str};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use self::pace::Pace;
pub use self::status::Status;
use crate::interrupt;
use crate::output::{self, Output};
use crate::printable::printable;

/// Time between two pictures of a bar: more often than a person can read is a waste.
const REFRESH: Duration = Duration::from_millis(100);

/// Longest name that is shown beside a bar.
const LONGEST_NAME: usize = 28;

/// Columns of a bar's line that are for neither the name nor the details: spinner, work, gaps, percent, and the bar
/// itself at its smallest.
const FRAME: usize = 40;

/// For as long as there is nothing to show.
const NOTHING: &str = "";
const MEASURED: &str = "{spinner:.cyan} {prefix} {wide_bar:.cyan/dim} {percent:>3}%  {details}";
const UNMEASURED: &str = "{spinner:.cyan} {prefix} {details:.dim}";
const BAR: &str = "━╸─";
const SPINNER: &str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ";

/// Where the progress of one or more files is shown.
pub struct Board {
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
        bar: ProgressBar,
        shown: Arc<Mutex<Shown>>,
        were_drawn: &'a AtomicBool,
    },
    Lines(Mutex<Pace>),
    Nothing,
}

/// What a bar shows the next time that it is drawn.
#[derive(Default)]
struct Shown {
    status: Option<Status>,
    /// Width of the longest details so far. The bar would jump to and fro if they took less later.
    details_width: usize,
}

impl Board {
    /// A board for files of these names.
    pub fn new(output: Output, names: &[String]) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let kind = match output.is_talkative() {
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
                in_one_width(names)
            } else {
                shown_whole(names)
            },
            kind,
        }
    }

    /// Begins to show the progress of the file at `index`.
    pub fn track(&self, index: usize) -> Track<'_> {
        let view = match &self.kind {
            Kind::Bars { bars, were_drawn } => {
                let bar = ProgressBar::new(0).with_style(template(NOTHING));
                View::Bar {
                    bar: bars.add(bar),
                    shown: Arc::default(),
                    were_drawn,
                }
            }
            Kind::Lines => View::Lines(Mutex::default()),
            Kind::Nothing => View::Nothing,
        };
        Track {
            name: &self.names[index],
            view,
        }
    }

    /// Prints a line above the bars.
    pub fn say(&self, text: &str) {
        match &self.kind {
            // The bars' own way of printing would fill the line with blanks.
            Kind::Bars { bars, .. } => bars.suspend(|| output::say(text)),
            Kind::Lines => output::say(text),
            Kind::Nothing => {}
        }
    }

    /// Does something that prints, with no bars in its way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.kind {
            Kind::Bars { bars, .. } => bars.suspend(print),
            _ => print(),
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        if let Kind::Bars { were_drawn, .. } = &self.kind
            && were_drawn.load(Ordering::Relaxed)
            && interrupt::came_from_keyboard()
        {
            // Bars fill their lines, so that the ^C of the terminal's is on a line of its own, which took the place of
            // the first bar's when they were cleared.
            let terminal = Term::stderr();
            // A terminal that cannot do that keeps the line.
            let _ = terminal
                .move_cursor_up(1)
                .and_then(|()| terminal.clear_line());
        }
    }
}

impl Track<'_> {
    /// Shows how it stands.
    pub fn show(&self, status: &Status) {
        match &self.view {
            View::Bar {
                bar,
                shown,
                were_drawn,
            } => {
                let is_new = locked(shown).take(status);
                bar.update(|state| {
                    let (done, total) = status.bytes.unwrap_or((0, 1));
                    state.set_len(total);
                    state.set_pos(done);
                });
                if is_new {
                    were_drawn.store(true, Ordering::Relaxed);
                    bar.set_style(style(status, shown, measure_text_width(self.name)));
                    bar.set_prefix(prefix(self.name, status));
                    bar.enable_steady_tick(REFRESH);
                }
            }
            View::Lines(pace) => {
                if locked(pace).admits(status, Instant::now()) {
                    output::say(status.line(self.name));
                }
            }
            View::Nothing => {}
        }
    }
}

impl Drop for Track<'_> {
    fn drop(&mut self) {
        if let View::Bar { bar, .. } = &self.view {
            bar.finish_and_clear();
        }
    }
}

impl Shown {
    /// Takes a new status, and says whether that is about other work than the one before.
    fn take(&mut self, status: &Status) -> bool {
        let is_new = self
            .status
            .as_ref()
            .is_none_or(|before| before.doing != status.doing);
        if is_new {
            self.details_width = 0;
        }
        self.status = Some(status.clone());
        is_new
    }

    /// The details, in at most `room` columns.
    fn details(&mut self, room: usize) -> String {
        let details = self
            .status
            .as_ref()
            .map(|status| status.details(room))
            .unwrap_or_default();
        self.details_width = measure_text_width(&details)
            .max(self.details_width)
            .min(room);
        pad_str(&details, self.details_width, Alignment::Left, None).into_owned()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prefix(name: &str, status: &Status) -> String {
    format!(
        "{} {name}",
        console::style(format!("{:11}", status.doing))
            .bold()
            .for_stderr()
    )
}

/// A style that looks up what is to be shown whenever it is drawn: what came last may have come just after a bar was
/// drawn, and nothing else for a long time.
fn style(status: &Status, shown: &Arc<Mutex<Shown>>, name_width: usize) -> ProgressStyle {
    let style = template(if status.bytes.is_some() {
        MEASURED
    } else {
        UNMEASURED
    });
    let shown = Arc::clone(shown);
    let details = move |_: &ProgressState, line: &mut dyn fmt::Write| {
        let room = usize::from(Term::stderr().size().1).saturating_sub(FRAME + name_width);
        // Nobody could be told that a line cannot be written.
        let _ = line.write_str(&locked(&shown).details(room));
    };
    style
        .progress_chars(BAR)
        .tick_chars(SPINNER)
        .with_key("details", details)
}

fn template(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn in_one_width(names: &[String]) -> Vec<String> {
    let cut = |name: &String| truncate_str(&printable(name), LONGEST_NAME, "…").into_owned();
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

fn shown_whole(names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| printable(name).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_templates() {
        for template in [NOTHING, MEASURED, UNMEASURED] {
            ProgressStyle::with_template(template).unwrap();
        }
    }

    #[test]
    fn names_beside_bars_have_one_width() {
        let names = ["a.csv", "日本.csv", &"x".repeat(60)].map(str::to_string);
        for name in in_one_width(&names) {
            assert_eq!(measure_text_width(&name), LONGEST_NAME);
        }
    }
}
