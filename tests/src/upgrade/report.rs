//! The table: a line for each round, and their total.

use std::fmt;
use std::time::Duration;

use super::deployment::Way;
use super::record::Counts;

/// The heads of the columns. The time of `serve --migrate` is that of the whole start.
pub const HEAD: &str = concat!(
    "round  migrated by      schema    seconds",
    "  pushes  two parts   reads  changes  retries  deadlocks  failed"
);

/// What became of a round.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Number, from 1.
    pub number: u32,
    /// What migrated the schema.
    pub way: Way,
    /// Version of the schema before and after.
    pub schema: (i64, i64),
    /// How long the migration took; `None` where the upgrade failed.
    pub migration: Option<Duration>,
    /// What clients did.
    pub counts: Counts,
    /// Deadlocks that PostgreSQL has ended.
    pub deadlocks: i64,
    /// What failed.
    pub failed: u64,
}

/// The sum of all rounds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    counts: Counts,
    deadlocks: i64,
    failed: u64,
    slowest: Option<Duration>,
}

impl Total {
    /// Adds a round.
    pub fn add(&mut self, row: &Row) {
        let (sum, counts) = (&mut self.counts, &row.counts);
        sum.pushes += counts.pushes;
        sum.large += counts.large;
        sum.reads += counts.reads;
        sum.changes += counts.changes;
        sum.retries += counts.retries;
        self.deadlocks += row.deadlocks;
        self.failed += row.failed;
        self.slowest = self.slowest.max(row.migration);
    }

    /// What failed in all rounds.
    pub fn failed(&self) -> u64 {
        self.failed
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = format!("{} to {}", self.schema.0, self.schema.1);
        write!(f, "{:5}  {:15}  {schema:8}  ", self.number, self.way)?;
        figures(f, self.migration, &self.counts, self.deadlocks, self.failed)
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:32}  ", "total, and the longest migration")?;
        figures(f, self.slowest, &self.counts, self.deadlocks, self.failed)
    }
}

fn figures(
    f: &mut fmt::Formatter<'_>,
    migration: Option<Duration>,
    counts: &Counts,
    deadlocks: i64,
    failed: u64,
) -> fmt::Result {
    let seconds = migration.map(|time| format!("{:.2}", time.as_secs_f64()));
    write!(
        f,
        "{:>7}  {:6}  {:9}  {:6}  {:7}  {:7}  {deadlocks:9}  {failed:6}",
        seconds.as_deref().unwrap_or("-"),
        counts.pushes,
        counts.large,
        counts.reads,
        counts.changes,
        counts.retries
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_total_align_with_the_heads() {
        let counts = Counts {
            pushes: 200,
            large: 50,
            reads: 300,
            changes: 20,
            retries: 1,
        };
        let row = Row {
            number: 1,
            way: Way::AtStart,
            schema: (7, 13),
            migration: Some(Duration::from_millis(1_250)),
            counts,
            deadlocks: 2,
            failed: 3,
        };
        let failed = Row {
            number: 2,
            migration: None,
            ..row
        };
        let mut total = Total::default();
        total.add(&row);
        total.add(&failed);
        assert_eq!(total.failed(), 6);
        let lines = [row.to_string(), failed.to_string(), total.to_string()];
        for (line, end) in lines.iter().zip(["3", "3", "6"]) {
            assert_eq!(line.len(), HEAD.len(), "{line}");
            assert!(line.ends_with(end), "{line}");
        }
        assert!(
            lines[0].contains("7 to 13      1.25     200"),
            "{}",
            lines[0]
        );
        assert!(lines[1].contains("         -     200"), "{}", lines[1]);
        assert!(
            lines[2].contains("   1.25     400        100     600"),
            "{}",
            lines[2]
        );
    }
}
