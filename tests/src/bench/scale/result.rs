//! The tables.

use std::collections::BTreeMap;

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
and every database holds the same number of rows that are due. The dataset that is listed has a tenth of all versions. The ratio is that of
the largest database to the smallest. Memory is what is resident, of which what processes share is counted once.
";

/// The median, and the time that one of a hundred exceeds.
const QUANTILES: [(&str, f64); 2] = [("p50", 0.5), ("p99", 0.99)];

/// All that was measured.
pub struct Results {
    report: Report,
    /// Of the database that is being measured, by its rows.
    sizes: BTreeMap<u64, Times>,
    crowd: Table,
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
            sizes: BTreeMap::new(),
            crowd: Table::new("Many at once, on the largest PostgreSQL database", &columns),
        }
    }

    /// Adds the times on a database of so many rows.
    pub fn add(&mut self, rows: u64, times: Times) {
        self.sizes.entry(rows).or_default().extend(times);
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

    /// Makes a table of the times on all databases of one kind.
    pub fn end(&mut self, database: Database, sizes: &[u64]) {
        let times = std::mem::take(&mut self.sizes);
        let (Some(least), Some(most)) = (sizes.iter().min(), sizes.iter().max()) else {
            return;
        };
        let columns: Vec<String> = QUANTILES
            .iter()
            .flat_map(|(name, _)| {
                let by_size = sizes
                    .iter()
                    .map(move |rows| format!("{name} ms, {rows} rows"));
                by_size.chain([format!("{name} ratio")])
            })
            .collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut table = Table::new(&database.to_string(), &columns).without_ratio();
        let mut worst = QUANTILES.map(|_| (String::new(), 0.0));
        for name in times[least].keys() {
            let at = |rows: &u64, part| {
                let known = times[rows].get(name);
                known.map_or(f64::NAN, |times| quantile(times, part))
            };
            let mut figures = Vec::new();
            for ((_, part), worst) in QUANTILES.into_iter().zip(&mut worst) {
                let ratio = at(most, part) / at(least, part);
                figures.extend(sizes.iter().map(|rows| at(rows, part)));
                figures.push(ratio);
                // A duty that found nothing on one of them has no ratio, which meets no target.
                if ratio > worst.1 || ratio.is_nan() {
                    *worst = (name.clone(), ratio);
                }
            }
            table.add(name, &figures);
        }
        for ((quantile, _), (name, ratio)) in QUANTILES.iter().zip(worst) {
            let what = format!("{database}: largest ratio of {quantile}, {name}");
            self.report.target(&what, ratio, Bound::AtMost, LIMIT, "");
        }
        self.report.add(table);
    }

    /// Prints and writes all of it.
    pub fn publish(mut self, output: &Output) -> Result<()> {
        self.report.add(self.crowd.without_ratio());
        self.report.publish(output)
    }
}
