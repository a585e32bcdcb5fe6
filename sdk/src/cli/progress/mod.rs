//! How far a transfer has come: bars on a terminal, lines elsewhere, nothing where that was asked for.

mod pace;
mod status;

use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use console::{Alignment, Term, measure_text_width, pad_str, truncate_str};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::pace::Pace;
pub use self::status::Status;
use super::output::Output;
use super::printable::printable;

/// Time between two changes of a bar: more often than a person can read is a waste.
const REFRESH: Duration = Duration::from_millis(100);

/// Longest name that is shown beside a bar.
const LONGEST_NAME: usize = 28;

/// Columns of a bar's line that are for neither the name nor the details: spinner, work, gaps, percent, and the bar
/// itself at its smallest.
const FRAME: usize = 40;

const MEASURED: &str = "{spinner:.cyan} {prefix} {wide_bar:.cyan/dim} {percent:>3}%  {msg}";
const UNMEASURED: &str = "{spinner:.cyan} {prefix} {wide_msg:.dim}";
const BAR: &str = "━╸─";
const SPINNER: &str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ";

/// Where the progress of one or more files is shown.
pub struct Board {
    names: Vec<String>,
    kind: Kind,
}

enum Kind {
    Bars(MultiProgress),
    Lines,
    Nothing,
}

/// The progress of one file. It disappears when it is dropped.
pub struct Track<'a> {
    name: &'a str,
    view: View,
}

enum View {
    Bar { bar: ProgressBar, shown: Mutex<Shown> },
    Lines(Mutex<Pace>),
    Nothing,
}

/// What a bar shows.
#[derive(Default)]
struct Shown {
    doing: &'static str,
    at: Option<Instant>,
    /// Width of the longest details so far. The bar would jump to and fro if they took less later.
    details_width: usize,
}

impl Board {
    /// A board for files of these names.
    pub fn new(output: Output, names: &[String]) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let kind = match output.is_talkative() {
            true if stderr().is_terminal() && !dumb => {
                Kind::Bars(MultiProgress::with_draw_target(ProgressDrawTarget::stderr()))
            }
            true => Kind::Lines,
            false => Kind::Nothing,
        };
        let bars = matches!(kind, Kind::Bars(_));
        Self { names: if bars { in_one_width(names) } else { shown_whole(names) }, kind }
    }

    /// Begins to show the progress of the file at `index`.
    pub fn track(&self, index: usize) -> Track<'_> {
        let view = match &self.kind {
            Kind::Bars(bars) => View::Bar { bar: bars.add(ProgressBar::new(0)), shown: Mutex::default() },
            Kind::Lines => View::Lines(Mutex::default()),
            Kind::Nothing => View::Nothing,
        };
        Track { name: &self.names[index], view }
    }

    /// Prints a line above the bars.
    pub fn say(&self, text: &str) {
        match &self.kind {
            // A terminal that takes no line takes no error about it either.
            Kind::Bars(bars) => drop(bars.println(text)),
            Kind::Lines => eprintln!("{text}"),
            Kind::Nothing => {}
        }
    }

    /// Does something that prints, with no bars in its way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.kind {
            Kind::Bars(bars) => bars.suspend(print),
            _ => print(),
        }
    }
}

impl Track<'_> {
    /// Shows how it stands, unless it was shown just before.
    pub fn show(&self, status: &Status) {
        let now = Instant::now();
        match &self.view {
            View::Bar { bar, shown } => {
                shown.lock().unwrap_or_else(PoisonError::into_inner).update(bar, self.name, status, now);
            }
            View::Lines(pace) => {
                if pace.lock().unwrap_or_else(PoisonError::into_inner).admits(status, now) {
                    eprintln!("{}", status.line(self.name));
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
    fn update(&mut self, bar: &ProgressBar, name: &str, status: &Status, now: Instant) {
        let is_new = self.doing != status.doing;
        if !is_new && self.at.is_some_and(|at| now.duration_since(at) < REFRESH) {
            return;
        }
        if is_new {
            *self = Self { doing: status.doing, ..Self::default() };
        }
        self.at = Some(now);
        let room = usize::from(Term::stderr().size().1).saturating_sub(FRAME + measure_text_width(name));
        let details = status.details(room);
        self.details_width = measure_text_width(&details).max(self.details_width).min(room);
        let details = pad_str(&details, self.details_width, Alignment::Left, None).into_owned();
        // Several values at once, so that no half of them is ever drawn.
        bar.update(|state| {
            let (done, total) = status.bytes.unwrap_or((0, 1));
            state.set_len(total);
            state.set_pos(done);
        });
        if is_new {
            bar.set_message("");
            bar.set_style(style(if status.bytes.is_some() { MEASURED } else { UNMEASURED }));
            bar.set_prefix(prefix(name, status));
            bar.enable_steady_tick(REFRESH);
        }
        bar.set_message(details);
    }
}

fn prefix(name: &str, status: &Status) -> String {
    format!("{} {name}", console::style(format!("{:11}", status.doing)).bold().for_stderr())
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars(BAR).tick_chars(SPINNER)
}

fn in_one_width(names: &[String]) -> Vec<String> {
    let cut = |name: &String| truncate_str(&printable(name), LONGEST_NAME, "…").into_owned();
    let names: Vec<_> = names.iter().map(cut).collect();
    let width = names.iter().map(|name| measure_text_width(name)).max().unwrap_or_default();
    names.iter().map(|name| pad_str(name, width, Alignment::Left, None).into_owned()).collect()
}

fn shown_whole(names: &[String]) -> Vec<String> {
    names.iter().map(|name| printable(name).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_templates() {
        for template in [MEASURED, UNMEASURED] {
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
