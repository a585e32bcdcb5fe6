//! `cargo xtask upgrade-drill`: servers of an earlier revision, replaced by those of this workspace while clients upload.
//!
//! The earlier server is built here; the program that replaces it is `system upgrade-drill` of the tests.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Args, value_parser};

use crate::install;
use crate::process::{output, succeed};
use crate::server::built;
use crate::workspace::{cargo, root, target};

/// Package and program of the server.
const SERVER: &str = "restow-server";

/// Digits of a commit in the name of its directory.
const DIGITS: usize = 12;

/// Options of the drill.
#[derive(Args)]
pub struct Arguments {
    /// Earlier revision, whose server is built in target/upgrade [default: the newest tag of an earlier commit]
    #[arg(long, value_name = "REVISION")]
    from: Option<String>,
    /// Program `restow-server` of an earlier release, instead of one that is built
    #[arg(long, value_name = "PATH", conflicts_with = "from")]
    old_server: Option<PathBuf>,
    /// Number of upgrades, each on a new database and bucket: by `migrate` and by `serve --migrate` in turn
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = value_parser!(u32).range(1..))]
    rounds: u32,
    /// Number of clients that push; two more read, and one creates and deletes datasets
    #[arg(long, value_name = "NUMBER", default_value_t = 6, value_parser = value_parser!(u32).range(1..))]
    clients: u32,
}

/// Builds the earlier server, and hands this process over to the drill, so that Ctrl-C reaches it and nothing else.
///
/// # Errors
/// If there is no such revision, or something cannot be built or brought.
pub fn run(arguments: &Arguments) -> Result<()> {
    let old = match &arguments.old_server {
        Some(program) => {
            let program = absolute(program)?;
            ensure!(program.is_file(), "there is no {}", program.display());
            program
        }
        None => build(arguments.from.as_deref())?,
    };
    install::seaweedfs()?;
    let mut drill = built();
    drill.arg("upgrade-drill").arg("--old-server").arg(old);
    drill.args(["--rounds", &arguments.rounds.to_string()]);
    drill.args(["--clients", &arguments.clients.to_string()]);
    Err(drill.exec().into())
}

/// The server of a revision, which is built where an earlier run has not built it.
fn build(revision: Option<&str>) -> Result<PathBuf> {
    let revision = revision.map_or_else(newest_tag, |revision| Ok(revision.to_string()))?;
    let commit = commit(&revision)?;
    let directory = check_out(&commit)?;
    println!(
        "building the server of {revision} in {}",
        directory.display()
    );
    let own_target = directory.join("target");
    let mut build = cargo();
    build
        .current_dir(&directory)
        .env("CARGO_TARGET_DIR", &own_target)
        .args(["build", "--locked", "--package", SERVER, "--bin", SERVER]);
    succeed(&mut build).with_context(|| format!("the server of {revision} cannot be built"))?;
    Ok(own_target.join("debug").join(SERVER))
}

/// The tag with the highest version, of those that do not contain the current commit.
fn newest_tag() -> Result<String> {
    let listed = output(git(&root()).args([
        "tag",
        "--list",
        "v*",
        "--no-contains",
        "HEAD",
        "--sort=-version:refname",
    ]))?;
    let newest = listed.lines().next().map(str::to_string);
    newest.context(
        "the repository has no tag of an earlier release; name a revision with --from, or a program with --old-server",
    )
}

/// The id of the commit that a revision names.
fn commit(revision: &str) -> Result<String> {
    let name = format!("{revision}^{{commit}}");
    let printed = output(git(&root()).args(["rev-parse", "--verify", "--end-of-options", &name]));
    let printed = printed.with_context(|| format!("there is no revision {revision}"))?;
    Ok(printed.trim().to_string())
}

/// Checks a commit out into a directory of its own, which is kept for the next run.
fn check_out(commit: &str) -> Result<PathBuf> {
    let name = commit.get(..DIGITS).unwrap_or(commit);
    let directory = target().join("upgrade").join(name);
    let checked_out = if directory.join(".git").is_file() {
        // An earlier run may have been interrupted.
        succeed(git(&directory).args(["checkout", "--quiet", "--force", "--detach", commit]))
    } else {
        // By force, since git remembers directories that have been removed.
        let mut add = git(&root());
        add.args(["worktree", "add", "--quiet", "--force", "--detach"]);
        succeed(add.arg(&directory).arg(commit))
    };
    checked_out.with_context(|| {
        format!(
            "{commit} cannot be checked out; remove {} and try again",
            directory.display()
        )
    })?;
    Ok(directory)
}

fn git(directory: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(directory);
    git
}
