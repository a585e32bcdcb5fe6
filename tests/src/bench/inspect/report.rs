//! What it came to.

use std::fmt;

use serde::Serialize;

use super::tool::Tool;
use crate::bench::machine::Machine;
use crate::bench::measurement::Measurement;
use crate::bench::report::command;
use crate::bench::statistics::{median, range};

/// The notes in every report, without which the figures would be misleading.
const REMARKS: &str = "\
Medians of the runs; in parentheses the fastest and the slowest. Memory is the peak of what is resident. Both programs have
two threads. `SUMMARIZE` also computes quantiles, which Restow does not; Restow also finds frequent values and histograms,
and holds the whole file to its dialect.
";

/// One file, read by one program.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    pub(super) table: String,
    pub(super) tool: Tool,
    pub(super) measurement: Measurement,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measurement { wall, cpu, memory } = self.measurement;
        let (table, tool) = (&self.table, self.tool);
        write!(
            f,
            "{table}: {tool:17} {wall:6.2} s, {cpu:6.2} s of CPU time, {memory:6.1} MiB"
        )
    }
}

/// All runs, in the order in which they were made.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    command: String,
    machine: Machine,
    rows: u64,
    runs: Vec<Run>,
}

impl Report {
    pub(super) fn new(machine: Machine, rows: u64) -> Self {
        let runs = Vec::new();
        Self {
            command: command(),
            machine,
            rows,
            runs,
        }
    }

    pub(super) fn add(&mut self, run: Run) {
        self.runs.push(run);
    }

    fn figures(&self, table: &str, tool: Tool, figure: fn(&Measurement) -> f64) -> Vec<f64> {
        let runs = self
            .runs
            .iter()
            .filter(|run| run.table == table && run.tool == tool);
        runs.map(|run| figure(&run.measurement)).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            command,
            machine,
            rows,
            ..
        } = self;
        writeln!(
            f,
            "```sh\n{command}\n```\n\n{machine}\n\n{rows} rows of 14 columns.\n"
        )?;
        writeln!(
            f,
            "| file | program | seconds | CPU seconds | MiB | times as fast |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        let mut tables: Vec<&str> = self.runs.iter().map(|run| run.table.as_str()).collect();
        tables.dedup();
        for table in tables {
            let baseline = median(&self.figures(table, Tool::DuckDb, |run| run.wall));
            for tool in [Tool::Restow, Tool::DuckDb] {
                let walls = self.figures(table, tool, |run| run.wall);
                let (wall, (least, greatest)) = (median(&walls), range(&walls));
                let cpu = median(&self.figures(table, tool, |run| run.cpu));
                let memory = median(&self.figures(table, tool, |run| run.memory));
                writeln!(
                    f,
                    "| {table} | {tool} | {wall:.2} ({least:.2} to {greatest:.2}) | {cpu:.2} | {memory:.0} | {:.2} |",
                    baseline / wall
                )?;
            }
        }
        write!(f, "\n{REMARKS}")
    }
}
