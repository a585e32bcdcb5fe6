//! A large file and many small ones, uploaded by `restow push`, `aws s3 cp`, `s5cmd cp` and `rclone copy` in turn, to the
//! same S3 server.
//!
//! | module | what |
//! |---|---|
//! | `arguments` | the arguments that other benchmarks of uploads have, too |
//! | `load` | what is uploaded |
//! | `programs` | where the programs are, and which versions |
//! | `tool` | the programs that upload it, and their arguments |
//! | `site` | where it is uploaded to, and how it is removed again |
//! | `report` | the results |

pub(super) mod arguments;
pub(super) mod load;
mod programs;
mod report;
mod site;
pub(super) mod tool;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bytesize::ByteSize;
use clap::Parser;
use tempfile::TempDir;

use self::arguments::{MEBIBYTE, UploadArguments};
use self::load::Load;
use self::programs::{Contestant, Programs};
use self::report::{Report, Run};
use self::site::Site;
use self::tool::Tool;
use super::machine::{Machine, ensure_room};
use super::measurement::measure;

/// What every program uploads first, so that no first run is measured.
const WARM_UP: u64 = 64 * MEBIBYTE;

/// Uploads a large file and many small ones by restow, the AWS CLI, s5cmd and rclone in turn, to the same S3 server
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench upload [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error. Times and \
                  memory are those of the programs that upload, not of the servers.\n\nFiles and what is stored of them \
                  are in TMPDIR, and take some three times the size of the large file. Ctrl-C ends the run and removes \
                  them.\n\nExample:\n  cargo xtask bench upload --size 1GiB --files 200 --json upload.json"
)]
pub struct Arguments {
    /// Size of the large file
    #[arg(long, value_name = "SIZE", default_value = "4GiB")]
    size: ByteSize,
    /// How many times each program uploads everything
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    #[command(flatten)]
    upload: UploadArguments,
}

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If a program fails, or there is no room.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let upload = arguments.upload;
    let (large, small) = (arguments.size.as_u64(), upload.files * MEBIBYTE);
    let directory = TempDir::with_prefix("restow-bench-")?;
    ensure_room(
        directory.path(),
        large + small + WARM_UP + 2 * large.max(small),
    )?;
    let contest = Contest::prepare(executable, upload.programs, directory.path()).await?;
    let warm_up = Load::create(&directory.path().join("warm-up"), 1, WARM_UP)?;
    let loads = [
        Load::create(&directory.path().join("large"), 1, large)?,
        Load::create(&directory.path().join("small"), upload.files, MEBIBYTE)?,
    ];
    for tool in Tool::ALL {
        contest.run(tool, &warm_up, 0).await?;
    }
    let mut report = Report::new(
        Machine::this(),
        contest.site.s3_title(),
        contest.contestants.clone(),
    );
    for load in &loads {
        for round in 1..=arguments.rounds {
            for tool in Tool::in_round(round) {
                let run = contest.run(tool, load, round).await?;
                eprintln!("{run}");
                report.add(run);
            }
        }
    }
    let markdown = report.to_markdown(&loads);
    print!("{markdown}");
    upload.output.write(&report, &markdown)
}

/// All who take part, and where they upload to.
pub(super) struct Contest {
    programs: Programs,
    /// Their versions.
    pub(super) contestants: Vec<Contestant>,
    /// Where they upload to.
    pub(super) site: Site,
    /// What programs print, and what they take for a home.
    home: PathBuf,
}

impl Contest {
    /// Starts the servers, with copies of Restow's programs in a directory; `executable` is the `system` program.
    ///
    /// # Errors
    /// If a program is missing, or a server does not start.
    pub(super) async fn prepare(
        executable: &Path,
        mut programs: Programs,
        directory: &Path,
    ) -> Result<Self> {
        let home = directory.join("home");
        fs::create_dir(&home)?;
        // A build meanwhile must not change what is measured.
        let system = home.join("system");
        fs::copy(executable, &system)?;
        programs.copy_restow(&home)?;
        let contestants = programs.contestants()?;
        let site = Site::start(&system, &directory.join("server"))?;
        site.clear().await?;
        Ok(Self {
            programs,
            contestants,
            site,
            home,
        })
    }

    /// One upload by one program, of which nothing is left afterwards.
    ///
    /// # Errors
    /// If the program fails, or not everything has arrived.
    pub(super) async fn run(&self, tool: Tool, load: &Load, round: u32) -> Result<Run> {
        // Every program finds the files in the page cache.
        load.read()?;
        let key = format!("{}-{round}", load.name());
        let arguments = tool.arguments(load, self.site.place(), &key);
        let environment = tool.environment(&self.site, &self.home);
        let (server_before, s3_before) = (self.site.server_cpu(), self.site.s3_cpu());
        let command = (self.programs.of(tool), arguments.as_slice());
        let measured = measure(command, &environment, load.directory(), &self.home).await;
        let measurement = measured.with_context(|| format!("{tool}, {}", load.title()))?;
        let server_cpu = (tool == Tool::Restow).then(|| self.site.server_cpu() - server_before);
        let s3_cpu = self.site.s3_cpu() - s3_before;
        self.site
            .check(load)
            .await
            .with_context(|| tool.to_string())?;
        self.site.clear().await?;
        Ok(Run {
            load: load.title(),
            tool,
            round,
            measurement,
            server_cpu,
            s3_cpu,
        })
    }
}
