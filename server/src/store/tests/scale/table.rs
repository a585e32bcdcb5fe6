//! What was measured.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How long one kind of work is repeated.
const BUDGET: Duration = Duration::from_secs(5);

/// The steps of one kind of work.
#[derive(Debug)]
struct Line {
    what: String,
    rows: u64,
    steps: u32,
    longest: Duration,
    total: Duration,
}

/// Kinds of work, with their rows and times.
#[derive(Debug)]
pub(super) struct Table {
    title: String,
    lines: Vec<Line>,
}

impl Table {
    /// An empty one.
    pub(super) fn new(title: &str) -> Self {
        Self {
            title: title.to_string(),
            lines: Vec::new(),
        }
    }

    /// Takes the time of one step, which returns the number of its rows.
    pub(super) async fn measure<F: Future<Output = Result<u64>>>(
        &mut self,
        what: &str,
        step: impl Fn() -> F,
    ) -> Result<()> {
        let begun = Instant::now();
        let rows = step().await?;
        self.note(what, rows, 1, begun.elapsed(), begun.elapsed());
        Ok(())
    }

    /// Repeats a step until it finds no more rows or has been repeated for long enough.
    pub(super) async fn drain<F: Future<Output = Result<u64>>>(
        &mut self,
        what: &str,
        mut step: impl FnMut() -> F,
    ) -> Result<()> {
        let begun = Instant::now();
        let (mut rows, mut steps, mut longest) = (0, 0, Duration::ZERO);
        while begun.elapsed() < BUDGET {
            let step_begun = Instant::now();
            let found = step().await?;
            longest = longest.max(step_begun.elapsed());
            steps += 1;
            rows += found;
            if found == 0 {
                break;
            }
        }
        self.note(what, rows, steps, longest, begun.elapsed());
        Ok(())
    }

    fn note(&mut self, what: &str, rows: u64, steps: u32, longest: Duration, total: Duration) {
        self.lines.push(Line {
            what: what.to_string(),
            rows,
            steps,
            longest,
            total,
        });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{}\n  {:44} {:>9} {:>7} {:>11} {:>10}",
            self.title, "statement or duty", "rows", "steps", "longest ms", "all ms"
        )?;
        for line in &self.lines {
            let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
            writeln!(
                formatter,
                "  {:44} {:9} {:7} {:11.1} {:10.1}",
                line.what,
                line.rows,
                line.steps,
                milliseconds(line.longest),
                milliseconds(line.total)
            )?;
        }
        Ok(())
    }
}
