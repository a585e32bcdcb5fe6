//! The tables.

use anyhow::Result;

use super::session::Times;
use crate::bench::database::Database;
use crate::bench::report::{Bound, Output, Report};
use crate::bench::statistics::quantile;
use crate::bench::table::Table;

/// How much longer anything may take on the largest database than on the smallest.
const LIMIT: f64 = 1.5;

const REMARKS: &str = "\
Milliseconds of each request, one after another over one connection, and of each step of a duty; a step takes at most ten rows,
and every database holds the same number of rows that are due. The databases take turns in several rounds. p50 and p99 are those of a
round; stated is their median over the rounds, in parentheses the least and the greatest. Where a round has fewer than a hundred
requests or steps of a kind, its p99 is the slowest of them. The ratio is that of the medians of the largest and the smallest database.
The dataset that is listed has a tenth of all versions. Memory is what is resident, of which what processes share is counted once.
";

/// The median, and the time that one of a hundred exceeds.
const QUANTILES: [(&str, f64); 2] = [("p50", 0.5), ("p99", 0.99)];

/// All that was measured.
pub struct Results {
    report: Report,
    crowd: Table,
}

/// The times on all databases of one kind.
pub struct Sizes {
    database: Database,
    /// One for each of the quantiles.
    tables: [Table; 2],
}

impl Results {
    /// Nothing yet.
    pub fn new(versions: Vec<String>) -> Self {
        let columns = [
            "MiB of the server before",
            "MiB after",
            "MiB of PostgreSQL before",
            "MiB after",
            "requests/s",
            "p50 ms",
            "p99 ms",
        ];
        Self {
            report: Report::new("scale", versions, REMARKS),
            crowd: Table::new("Many at once, on the largest PostgreSQL database", &columns),
        }
    }

    /// Adds what many clients at once took, and how they were answered.
    pub fn add_crowd(&mut self, name: &str, before: [f64; 2], after: [f64; 2], times: [f64; 3]) {
        let [server, postgres] = before;
        let [server_after, postgres_after] = after;
        let [rate, middle, last] = times;
        let memory = [server, server_after, postgres, postgres_after];
        let figures = [&memory[..], &[rate, middle, last]].concat();
        self.crowd.add(name, &figures);
    }

    /// Adds the times on all databases of one kind, and what is to be reached.
    pub fn end(&mut self, sizes: Sizes) {
        for ((quantile, _), table) in QUANTILES.into_iter().zip(sizes.tables) {
            let (name, growth) = table.largest_growth();
            let what = format!("{}: largest ratio of {quantile}, {name}", sizes.database);
            self.report.target(&what, growth, Bound::AtMost, LIMIT, "");
            self.report.add(table);
        }
    }

    /// Prints and writes all of it.
    pub fn publish(mut self, output: &Output) -> Result<()> {
        self.report.add(self.crowd.without_ratio());
        self.report.publish(output)
    }
}

impl Sizes {
    /// Nothing yet, of databases with so many rows, the smallest first.
    pub fn new(database: Database, rows: &[u64]) -> Self {
        let columns: Vec<String> = rows.iter().map(|rows| format!("{rows} rows")).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        Self {
            database,
            tables: QUANTILES.map(|(quantile, _)| {
                let title = format!("{database}, {quantile} in ms");
                Table::new(&title, &columns).with_growth()
            }),
        }
    }

    /// Adds the times of one round, those of the smallest database first. What was not measured on one of them has no ratio,
    /// which meets no target.
    pub fn add(&mut self, round: &[Times]) {
        for name in round.iter().take(1).flat_map(Times::keys) {
            for ((_, part), table) in QUANTILES.into_iter().zip(&mut self.tables) {
                let figures: Vec<f64> = round
                    .iter()
                    .map(|times| {
                        let known = times.get(name);
                        known.map_or(f64::NAN, |times| quantile(times, part))
                    })
                    .collect();
                table.add(name, &figures);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratio_compares_medians_of_rounds() {
        let mut sizes = Sizes::new(Database::Sqlite, &[1000, 2000]);
        let times = |milliseconds: f64| {
            let times = vec![milliseconds, milliseconds, 9.0 * milliseconds];
            Times::from([("get_job".to_string(), times)])
        };
        for (small, large) in [(1.0, 2.0), (1.0, 90.0), (50.0, 2.0)] {
            sizes.add(&[times(small), times(large)]);
        }
        let text = sizes.tables.each_ref().map(Table::to_string).concat();
        for line in [
            "**SQLite, p50 in ms**",
            "| get_job | 1.00 (1.00–50.0) | 2.00 (2.00–90.0) | 2.00 |",
            "| get_job | 9.00 (9.00–450) | 18.0 (18.0–810) | 2.00 |",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }
}
