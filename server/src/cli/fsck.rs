//! `restow-server fsck`.

use std::fmt;

use anyhow::{Context, Result, anyhow, bail};

use super::arguments::FsckArguments;
use super::shutdown::{self, Budget};
use super::work;
use crate::fsck::{self, Inconsistency, Report};

/// What could not be compared, so that nothing is known of it. It has an exit code of its own.
#[derive(Clone, Copy, Debug)]
pub struct NotCompared(&'static str);

impl fmt::Display for NotCompared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Nothing at all could be.
const NOTHING: NotCompared = NotCompared("nothing was compared");

/// Compares the database with the bucket, and prints what does not agree as it is found.
///
/// # Errors
/// If something does not agree; with the context [`NotCompared`], if not everything could be compared.
pub async fn run(arguments: FsckArguments) -> Result<()> {
    let app = work::app(&arguments.work).await.context(NOTHING)?;
    let print: fn(&Inconsistency) = if arguments.json {
        |found| say!("{}", serde_json::to_string(found).unwrap_or_default())
    } else {
        |found| say!("{}", found.text())
    };
    let mut report = Report::new(print);
    let refusal = fsck::refusal(&app).await;
    let refusal = refusal.context(NotCompared("cannot find out whose bucket it is"))?;
    if let Some(refusal) = refusal {
        return Err(anyhow!(refusal).context(NOTHING));
    }
    let compared = fsck::run(&app, &mut report).await;
    compared.context(NotCompared(
        "cannot compare everything; run it again once database and S3 respond",
    ))?;
    shutdown::finish(&app, Budget::start(arguments.work.shutdown_timeout)).await;
    let (found, compared) = (report.found(), report.compared());
    match found {
        0 if arguments.json => eprintln!("everything agrees: {compared}"),
        0 => say!("everything agrees: {compared}"),
        1 => bail!("1 inconsistency in {compared}"),
        found => bail!("{found} inconsistencies in {compared}"),
    }
    Ok(())
}
