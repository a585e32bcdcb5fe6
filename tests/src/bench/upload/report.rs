//! What it came to.

use std::fmt::{self, Write};

use serde::Serialize;

use super::load::Load;
use super::programs::Contestant;
use super::tool::Tool;
use crate::bench::machine::Machine;
use crate::bench::measurement::Measurement;
use crate::bench::report::command;
use crate::bench::statistics::{median, range};

/// Most processor time that Restow is to take of what s5cmd takes.
const CPU_TARGET: f64 = 0.6;

/// The notes in every report, without which the figures would be misleading.
const REMARKS: &str = "\
Times and memory are medians, those of the programs that upload, without the servers; in parentheses the fastest and the
slowest run. Memory is the peak of what is resident. Ratios are Restow's figure divided by that of the row: less than 1
is Restow's advantage. Every program runs with its own defaults. The figures of `restow push` include the inspection and the commit
of every file in it: the files are `.bin`, of which an inspection looks at the first bytes only.
";

/// One upload by one program.
#[derive(Debug, Serialize)]
pub struct Run {
    /// What was uploaded.
    pub load: String,
    /// Who uploaded it.
    pub tool: Tool,
    /// Number of the round, from 1.
    pub round: u32,
    /// What it took.
    #[serde(flatten)]
    pub measurement: Measurement,
    /// Seconds of processor time that Restow's server took meanwhile; `None` where another program uploaded.
    pub server_cpu: Option<f64>,
    /// Seconds of processor time that the S3 server took meanwhile.
    pub s3_cpu: f64,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (
            Self {
                load, tool, round, ..
            },
            Measurement { wall, cpu, memory },
        ) = (self, self.measurement);
        write!(
            f,
            "{load}, round {round}: {tool:11} {wall:7.2} s, {cpu:6.2} s of CPU time, {memory:6.1} MiB"
        )
    }
}

/// All runs, and what they were made with.
#[derive(Debug, Serialize)]
pub struct Report {
    command: String,
    machine: Machine,
    s3_server: String,
    contestants: Vec<Contestant>,
    runs: Vec<Run>,
}

/// What all runs of one program with one load come to.
struct Row {
    tool: Tool,
    /// Medians.
    typical: Measurement,
    /// Least and greatest time.
    wall: (f64, f64),
}

impl Report {
    /// One without runs yet.
    pub fn new(machine: Machine, s3_server: String, contestants: Vec<Contestant>) -> Self {
        Self {
            command: command(),
            machine,
            s3_server,
            contestants,
            runs: Vec::new(),
        }
    }

    /// Adds a run.
    pub fn add(&mut self, run: Run) {
        self.runs.push(run);
    }

    /// A table for each load, and whether it is as it should be.
    pub fn to_markdown(&self, loads: &[Load]) -> String {
        let rounds = self
            .runs
            .iter()
            .map(|run| run.round)
            .max()
            .unwrap_or_default();
        let Self {
            command,
            s3_server,
            machine,
            ..
        } = self;
        let mut text = format!(
            "```sh\n{command}\n```\n\nS3 server: {s3_server}. Machine: {machine}. Rounds: {rounds}.\n\n{REMARKS}"
        );
        for load in loads {
            text += &self.section(load);
        }
        text
    }

    fn section(&self, load: &Load) -> String {
        let rows: Vec<Row> = Tool::ALL
            .into_iter()
            .filter_map(|tool| self.row(&load.title(), tool))
            .collect();
        let Some(restow) = rows.iter().find(|row| row.tool == Tool::Restow) else {
            return String::new();
        };
        let mut text = format!(
            "\n**{}**\n\n| | wall time | MiB/s | CPU time | memory | wall ratio | CPU ratio | memory ratio |\n\
             |---|---|---|---|---|---|---|---|\n",
            capitalized(&load.title())
        );
        for row in &rows {
            text += &self.line(row, restow, load.mebibytes());
        }
        let server: Vec<f64> = self
            .runs_of(&load.title(), Tool::Restow)
            .filter_map(|run| run.server_cpu)
            .collect();
        let targets = targets(&rows, restow).join("; ");
        let _ = writeln!(
            text,
            "\n{targets}. Restow's server took {:.2} s of CPU time beside it.",
            median(&server)
        );
        text
    }

    fn line(&self, row: &Row, restow: &Row, mebibytes: f64) -> String {
        let Measurement { wall, cpu, memory } = row.typical;
        let contestant = self
            .contestants
            .iter()
            .find(|contestant| contestant.tool == row.tool);
        let version = contestant.map_or("", |contestant| &contestant.version);
        let ratio =
            |figure: fn(&Measurement) -> f64| figure(&restow.typical) / figure(&row.typical);
        format!(
            "| {} {version} | {wall:.2} s ({:.2}–{:.2}) | {:.0} | {cpu:.2} s | {memory:.1} MiB | {:.2} | {:.2} | {:.2} |\n",
            row.tool,
            row.wall.0,
            row.wall.1,
            mebibytes / wall,
            ratio(|typical| typical.wall),
            ratio(|typical| typical.cpu),
            ratio(|typical| typical.memory),
        )
    }

    fn row(&self, load: &str, tool: Tool) -> Option<Row> {
        let figures = |figure: fn(&Measurement) -> f64| -> Vec<f64> {
            self.runs_of(load, tool)
                .map(|run| figure(&run.measurement))
                .collect()
        };
        let (wall, cpu, memory) = (
            figures(|run| run.wall),
            figures(|run| run.cpu),
            figures(|run| run.memory),
        );
        let typical = Measurement {
            wall: median(&wall),
            cpu: median(&cpu),
            memory: median(&memory),
        };
        (!wall.is_empty()).then(|| Row {
            tool,
            typical,
            wall: range(&wall),
        })
    }

    fn runs_of(&self, load: &str, tool: Tool) -> impl Iterator<Item = &Run> {
        self.runs
            .iter()
            .filter(move |run| run.load == load && run.tool == tool)
    }
}

/// What Restow is to reach, and whether it does.
fn targets(rows: &[Row], restow: &Row) -> Vec<String> {
    let others = rows.iter().filter(|row| row.tool != Tool::Restow);
    let fastest = others.min_by(|one, other| one.typical.wall.total_cmp(&other.typical.wall));
    let mut targets = Vec::new();
    if let Some(fastest) = fastest {
        let what = format!(
            "At least as fast as the fastest of the others ({})",
            fastest.tool
        );
        targets.push(target(
            &what,
            restow.typical.wall / fastest.typical.wall,
            1.0,
        ));
    }
    if let Some(s5cmd) = rows.iter().find(|row| row.tool == Tool::S5cmd) {
        let what = format!("at most {CPU_TARGET} times the CPU time of s5cmd");
        targets.push(target(
            &what,
            restow.typical.cpu / s5cmd.typical.cpu,
            CPU_TARGET,
        ));
        targets.push(target(
            "no more memory than s5cmd",
            restow.typical.memory / s5cmd.typical.memory,
            1.0,
        ));
    }
    targets
}

fn target(what: &str, ratio: f64, most: f64) -> String {
    let outcome = if ratio <= most { "met" } else { "not met" };
    format!("{what}: **{outcome}** ({ratio:.3})")
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests;
