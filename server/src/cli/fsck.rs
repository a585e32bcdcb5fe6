//! `restow-server fsck`.

use anyhow::{Context, Result, bail};

use super::arguments::FsckArguments;
use super::shutdown::{self, Budget};
use super::work;
use crate::fsck::{self, Inconsistency, Report};

/// Compares the database with the bucket, and prints what does not agree as it is found.
///
/// # Errors
/// If something does not agree, or cannot be compared.
pub async fn run(arguments: FsckArguments) -> Result<()> {
    let app = work::app(&arguments.work).await?;
    let print: fn(&Inconsistency) = if arguments.json {
        |found| say!("{}", serde_json::to_string(found).unwrap_or_default())
    } else {
        |found| say!("{}", found.text())
    };
    let mut report = Report::new(print);
    let refusal = fsck::refusal(&app).await;
    if let Some(refusal) = refusal.context("cannot find out whose bucket it is")? {
        bail!("nothing was compared: {refusal}");
    }
    let compared = fsck::run(&app, &mut report).await;
    compared.context("cannot compare everything; run it again once database and S3 respond")?;
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
