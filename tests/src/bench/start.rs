//! The server as it is started by people who try it: how long it takes to its first response, what it takes of memory, and
//! how large the program is.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use serde_json::json;
use tempfile::TempDir;

use super::connection::Connection;
use super::measurement::measure;
use super::process_tree::ProcessTree;
use super::report::{Bound, Output, Report};
use super::table::Table;
use crate::ports::free_ports;

/// How long a server may take to start, and how often it is tried.
const START_TIMEOUT: Duration = Duration::from_mins(1);
const INTERVAL: Duration = Duration::from_micros(200);

/// Requests after which the memory is looked at again.
const REQUESTS: u32 = 1_000;

const FRESH: &str = "new data directory";
const EXISTING: &str = "data directory of an earlier start";

const REMARKS: &str = "\
`restow-server serve` with its defaults: SQLite and the embedded S3. From the start of the process to a response of `/healthz`;
medians, in parentheses the least and the greatest. Memory is what is resident of the process, after the first response and
after 1,000 requests of single-part URLs. The program is that of a release without its symbols.
";

/// Starts the server again and again, and looks at time, memory and size
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench start [OPTIONS]",
    after_help = "The report is Markdown, on the standard output.\n\nExample:\n  cargo xtask bench start --rounds 3"
)]
pub struct Arguments {
    /// How many times the server is started on a new and on an existing data directory
    #[arg(short, long, value_name = "NUMBER", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Also build the release from nothing, and measure the processor time; takes half an hour
    #[arg(long)]
    build: bool,
    #[command(flatten)]
    output: Output,
    #[arg(long, env = "RESTOW_BENCH_SERVER", hide = true)]
    server: PathBuf,
    /// Directory of the sources.
    #[arg(long, env = "RESTOW_BENCH_WORKSPACE", hide = true)]
    workspace: PathBuf,
}

/// A server that is killed when it is dropped.
struct Started {
    child: Child,
    address: SocketAddr,
    /// Milliseconds until its first response.
    time: f64,
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs it.
///
/// # Errors
/// If the server does not start, or a request fails.
pub async fn run(arguments: Arguments) -> Result<()> {
    let directory = TempDir::with_prefix("restow-bench-")?;
    let server = directory.path().join("restow-server");
    // A build meanwhile must not change what is measured.
    fs::copy(&arguments.server, &server)
        .with_context(|| format!("no {}", arguments.server.display()))?;
    let mut report = Report::new("start", vec![version(&server)?], REMARKS);
    let mut times = Table::new("To the first response of /healthz", &["ms"]);
    let mut memory = Table::new("Resident memory", &["MiB"]);
    for round in 0..=arguments.rounds {
        let data = directory.path().join(format!("data-{round}"));
        let fresh = start(&server, &data)?;
        let (first_time, at_start) = (fresh.time, resident(&fresh)?);
        request(&fresh, &data).await?;
        let after_requests = resident(&fresh)?;
        drop(fresh);
        let existing = start(&server, &data)?;
        // The first round brings the program into memory.
        if round > 0 {
            times.add(FRESH, &[first_time]);
            times.add(EXISTING, &[existing.time]);
            memory.add("after the first response", &[at_start]);
            memory.add("after 1,000 requests", &[after_requests]);
            eprintln!("round {round}: {first_time:.1} ms, {at_start:.1} MiB");
        }
    }
    let mut program = Table::new("Size of the program", &["MiB"]);
    program.add("stripped", &[size(&server, directory.path())?]);
    program.add("as it is built", &[mebibytes(&server)?]);
    set_targets(&mut report, &times, &memory, &program);
    for table in [times, memory, program] {
        report.add(table);
    }
    if arguments.build {
        let mut build = Table::new("Release build of server and command", &["CPU min", "min"]);
        let [cpu, wall] = release_build(&arguments.workspace, directory.path()).await?;
        build.add("from nothing", &[cpu, wall]);
        report.target("release build", cpu, Bound::AtMost, 15.0, "CPU min");
        report.add(build);
    }
    report.publish(&arguments.output)
}

fn set_targets(report: &mut Report, times: &Table, memory: &Table, program: &Table) {
    for name in [FRESH, EXISTING] {
        let what = format!("first response, {name}");
        report.target(&what, times.median(name, 0), Bound::AtMost, 50.0, "ms");
    }
    let resident = memory.median("after the first response", 0);
    report.target("resident memory", resident, Bound::AtMost, 30.0, "MiB");
    let stripped = program.median("stripped", 0);
    report.target("size of the program", stripped, Bound::AtMost, 30.0, "MiB");
}

/// Starts the server and waits for its first response.
fn start(server: &Path, data: &Path) -> Result<Started> {
    let [port, s3_port] = free_ports()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    fs::create_dir_all(data)?;
    let log = data.join("server.log");
    let mut command = Command::new(server);
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("RESTOW_") || name.starts_with("AWS_"))
    {
        command.env_remove(name);
    }
    command
        .args(["serve", "--listen", &address.to_string()])
        .args(["--embedded-s3-listen", &format!("127.0.0.1:{s3_port}")])
        .arg("--data-dir")
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?);
    let begun = Instant::now();
    let child = command.spawn().context("the server cannot be run")?;
    let mut started = Started {
        child,
        address,
        time: f64::NAN,
    };
    while !responds(address) {
        if let Some(status) = started.child.try_wait()? {
            bail!(
                "the server ended with {status}: {}",
                fs::read_to_string(&log)?
            );
        }
        ensure!(begun.elapsed() < START_TIMEOUT, "the server does not start");
        sleep(INTERVAL);
    }
    started.time = begun.elapsed().as_secs_f64() * 1000.0;
    Ok(started)
}

fn responds(address: SocketAddr) -> bool {
    let asked = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    asked().unwrap_or_default()
}

/// Has the server answer many requests for URLs.
async fn request(started: &Started, data: &Path) -> Result<()> {
    let token = fs::read_to_string(data.join("token"))?;
    let mut connection = Connection::new(started.address, token.trim());
    let dataset = connection.create_dataset("bench").await?;
    let path = format!("{dataset}/reupload/presigned");
    let body = json!({"filename": "measurements.bin", "file_size": 65_536});
    for _ in 0..REQUESTS {
        connection.post(&path, &body).await?;
    }
    Ok(())
}

fn resident(started: &Started) -> Result<f64> {
    ProcessTree(started.child.id())
        .resident()
        .context("the system does not report the memory of processes")
}

fn version(server: &Path) -> Result<String> {
    let output = Command::new(server).arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_string())
}

/// MiB of the program without symbols.
fn size(server: &Path, directory: &Path) -> Result<f64> {
    let stripped = directory.join("stripped");
    let status = Command::new("strip")
        .arg("-o")
        .args([&stripped, server])
        .status()
        .context("strip cannot be run; Debian: apt-get install binutils")?;
    ensure!(status.success(), "strip ended with {status}");
    mebibytes(&stripped)
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn mebibytes(file: &Path) -> Result<f64> {
    Ok(fs::metadata(file)?.len() as f64 / f64::from(1 << 20))
}

/// Minutes of processor time and on the clock.
async fn release_build(workspace: &Path, directory: &Path) -> Result<[f64; 2]> {
    let target = directory.join("target").display().to_string();
    let arguments: Vec<String> = ["build", "--locked", "--release", "--quiet"]
        .into_iter()
        .chain(["--package", "restow-server", "--package", "restow"])
        .chain(["--target-dir", &target])
        .map(str::to_string)
        .collect();
    let environment: Vec<(String, String)> = std::env::vars().collect();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    // A path, which GNU time looks up as the shell does.
    let command = (Path::new(&cargo), arguments.as_slice());
    let measured = measure(command, &environment, workspace, directory).await?;
    Ok([measured.cpu / 60.0, measured.wall / 60.0])
}
