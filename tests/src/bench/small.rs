//! Many small files, uploaded by `restow push`, `aws s3 cp` and `s5cmd cp` in turn, to the same S3 server.

use std::path::Path;

use anyhow::Result;
use clap::Parser;
use tempfile::TempDir;

use super::machine::ensure_room;
use super::report::{Bound, Report};
use super::table::Table;
use super::upload::Contest;
use super::upload::arguments::{MEBIBYTE, UploadArguments};
use super::upload::load::Load;
use super::upload::tool::Tool;

/// Bytes of each of the smallest files.
const TINY: u64 = 10_000;

/// The programs that take turns.
const TOOLS: [Tool; 3] = [Tool::Restow, Tool::Aws, Tool::S5cmd];

const COLUMNS: [&str; 5] = [
    "s",
    "CPU of the program s",
    "CPU of the S3 server s",
    "CPU of Restow's server s",
    "MiB",
];

const REMARKS: &str = "\
Seconds on the clock and of processor time, and the peak of resident memory of the program that uploads: medians, in
parentheses the least and the greatest. Every program runs with its own defaults. The figures of `restow push` include the
inspection and the commit of every file, each of which is a dataset of its own; the others only store objects.
";

/// Uploads many small files by restow, the AWS CLI and s5cmd in turn, to the same S3 server
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench small [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error.\n\nFiles and what \
                  is stored of them are in TMPDIR, and take some 3 GiB by default. Ctrl-C ends the run and removes \
                  them.\n\nExample:\n  cargo xtask bench small --files 50 --tiny-files 200 --rounds 1"
)]
pub struct Arguments {
    /// How many files of 10 kB there are
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    tiny_files: u64,
    /// How many times each program uploads everything
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    #[command(flatten)]
    upload: UploadArguments,
}

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If a program fails, or there is no room.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let directory = TempDir::with_prefix("restow-bench-")?;
    let upload = arguments.upload;
    let bytes = upload.files * MEBIBYTE + arguments.tiny_files * TINY;
    ensure_room(directory.path(), 3 * bytes)?;
    let contest = Contest::prepare(executable, upload.programs, directory.path()).await?;
    let mut report = Report::new("small", versions(&contest), REMARKS);
    let warm_up = Load::create(&directory.path().join("warm-up"), 2, MEBIBYTE)?;
    for tool in TOOLS {
        contest.run(tool, &warm_up, 0).await?;
    }
    for (name, number, size) in [
        ("mebibyte", upload.files, MEBIBYTE),
        ("tiny", arguments.tiny_files, TINY),
    ] {
        let load = Load::create(&directory.path().join(name), number, size)?;
        let mut table =
            Table::new(&load.title(), &COLUMNS).with_baseline(&Tool::Restow.to_string());
        for round in 1..=arguments.rounds {
            let mut order = TOOLS;
            order.rotate_left(round as usize % TOOLS.len());
            for tool in order {
                let run = contest.run(tool, &load, round).await?;
                eprintln!("{run}");
                let measured = run.measurement;
                let server = run.server_cpu.unwrap_or_default();
                let figures = [
                    measured.wall,
                    measured.cpu,
                    run.s3_cpu,
                    server,
                    measured.memory,
                ];
                table.add(&tool.to_string(), &figures);
            }
        }
        // What the tiny ones take is stated, and nothing is to be reached.
        if size == MEBIBYTE {
            set_targets(&mut report, &load, &table);
        }
        report.add(table);
    }
    report.publish(&upload.output)
}

fn versions(contest: &Contest) -> Vec<String> {
    let taking_part = contest
        .contestants
        .iter()
        .filter(|contestant| TOOLS.contains(&contestant.tool));
    let mut versions: Vec<String> = taking_part
        .map(|contestant| format!("{} {}", contestant.tool, contestant.version))
        .collect();
    versions.push(contest.site.s3_title());
    versions
}

fn set_targets(report: &mut Report, load: &Load, table: &Table) {
    let ratio = |column, tool: Tool| {
        table.median(&Tool::Restow.to_string(), column) / table.median(&tool.to_string(), column)
    };
    for (what, value, limit) in [
        ("times the wall time of aws s3 cp", ratio(0, Tool::Aws), 1.2),
        ("times the wall time of s5cmd", ratio(0, Tool::S5cmd), 1.0),
        ("times the CPU time of s5cmd", ratio(1, Tool::S5cmd), 0.6),
    ] {
        let what = format!("{}: {what}", load.title());
        report.target(&what, value, Bound::AtMost, limit, "");
    }
}
