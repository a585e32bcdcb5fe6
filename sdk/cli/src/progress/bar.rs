//! One bar on a terminal.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use console::{Alignment, Term, measure_text_width, pad_str};
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};

use super::lock::locked;
use super::name::Names;
use super::status::Status;
use crate::locale;

/// Time between two redraws of a bar.
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);

/// Columns that neither the name nor the details can take: spinner, activity, gaps, percentage, and a bar of minimum
/// width.
pub const FRAME: usize = 40;

/// Template before the first status.
const EMPTY: &str = "";
/// Template of work whose size is known.
const MEASURED: &str =
    "{spinner:.cyan} {prefix} {name} {wide_bar:.cyan/dim} {percent:>3}%  {details}";
/// Template of work whose size is unknown.
const UNMEASURED: &str = "{spinner:.cyan} {prefix} {name} {details:.dim}";
/// Bar and spinner.
const SYMBOLS: (&str, &str) = ("━╸─", "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ");
/// The same without UTF-8.
const ASCII_SYMBOLS: (&str, &str) = ("=>-", "|/-\\ ");

/// A bar beside the name of a file.
pub struct Bar {
    inner: ProgressBar,
    name: Name,
    shown: Arc<Mutex<Shown>>,
}

/// The name of a file among those of all files.
#[derive(Clone)]
pub struct Name {
    /// All names, which have one width.
    pub names: Arc<Names>,
    /// Index of the file.
    pub index: usize,
}

/// What the next redraw shows.
#[derive(Default)]
struct Shown {
    status: Option<Status>,
    /// Width of the longest details so far, so that the width of the bar does not change with every redraw.
    details_width: usize,
}

impl Bar {
    /// Adds a bar below the others, but above `last` if there is one. It is not drawn before its first status.
    pub fn new(bars: &MultiProgress, last: Option<&Self>, name: Name) -> Self {
        let bar = ProgressBar::new(0).with_style(template(EMPTY));
        Self {
            inner: match last {
                Some(last) => bars.insert_before(&last.inner, bar),
                None => bars.add(bar),
            },
            name,
            shown: Arc::default(),
        }
    }

    /// Shows a status beside the name. Returns whether its activity differs from that of the previous status.
    pub fn show(&self, status: &Status) -> bool {
        let is_new = locked(&self.shown).replace(status);
        self.inner.update(|state| {
            let (done, total) = status.bytes.unwrap_or((0, 1));
            state.set_len(total);
            state.set_pos(done);
        });
        if is_new {
            self.inner.set_style(style(status, &self.shown, &self.name));
            self.inner.set_prefix(prefix(status));
            self.inner.enable_steady_tick(REDRAW_INTERVAL);
        }
        is_new
    }

    /// Removes the bar from the screen.
    pub fn clear(&self) {
        self.inner.finish_and_clear();
    }
}

impl Shown {
    /// Replaces the status. Returns whether its activity differs from that of the previous one.
    fn replace(&mut self, status: &Status) -> bool {
        let is_new = self
            .status
            .as_ref()
            .is_none_or(|previous| previous.activity != status.activity);
        if is_new {
            self.details_width = 0;
        }
        self.status = Some(status.clone());
        is_new
    }

    /// The details, in at most `width` columns.
    fn details(&mut self, width: usize) -> String {
        let details = self
            .status
            .as_ref()
            .map(|status| status.details(width))
            .unwrap_or_default();
        self.details_width = measure_text_width(&details)
            .max(self.details_width)
            .min(width);
        pad_str(&details, self.details_width, Alignment::Left, None).into_owned()
    }
}

impl Name {
    /// The name for the present width of the terminal, and that width, in columns.
    fn shown(&self) -> (String, usize) {
        let columns = usize::from(Term::stderr().size().1);
        (self.names.shown(self.index, columns, FRAME), columns)
    }
}

fn prefix(status: &Status) -> String {
    console::style(format!("{:11}", status.activity))
        .bold()
        .for_stderr()
        .to_string()
}

/// A style that reads the name and the details at every redraw: the terminal may be resized, and details that are set once
/// would be stale if the last status arrived just after a redraw and no other followed.
fn style(status: &Status, shown: &Arc<Mutex<Shown>>, name: &Name) -> ProgressStyle {
    let style = template(if status.bytes.is_some() {
        MEASURED
    } else {
        UNMEASURED
    });
    let (shown, name) = (Arc::clone(shown), name.clone());
    let of_details = name.clone();
    // `with_key` has no way to return the error.
    let name = move |_: &ProgressState, line: &mut dyn fmt::Write| {
        let _ = line.write_str(&locale::shown(&name.shown().0));
    };
    let details = move |_: &ProgressState, line: &mut dyn fmt::Write| {
        let (name, columns) = of_details.shown();
        let width = columns.saturating_sub(FRAME + measure_text_width(&name));
        let _ = line.write_str(&locale::shown(&locked(&shown).details(width)));
    };
    let (bar, spinner) = if locale::is_utf8() {
        SYMBOLS
    } else {
        ASCII_SYMBOLS
    };
    style
        .progress_chars(bar)
        .tick_chars(spinner)
        .with_key("name", name)
        .with_key("details", details)
}

fn template(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_parse() {
        for template in [EMPTY, MEASURED, UNMEASURED] {
            ProgressStyle::with_template(template).unwrap();
        }
    }
}
