//! `restow-server adopt`.

use anyhow::{Result, bail};

use super::arguments::AdoptArguments;
use super::shutdown::{self, Budget};
use super::work;
use crate::app::App;
use crate::ownership::{self, Ownership};
use crate::reaper::{self, LostVersion};
use crate::webhook;

/// Shows what is at stake, and takes the bucket over for this database where that is wanted.
pub async fn run(arguments: AdoptArguments) -> Result<()> {
    let app = work::app(&arguments.work).await?;
    let ownership = ownership::check(&app).await?;
    say!("state of the bucket's ownership: {ownership}");
    let stake = reaper::stake(&app).await?;
    say!("{} open jobs in the database", stake.open_jobs);
    let missing: Vec<_> = stake.missing.iter().map(describe).collect();
    work::list("versions whose object is not in the bucket", &missing);
    work::list(
        "objects of jobs that still wait for their upload, according to the database",
        &work::objects(&stake.awaited),
    );
    work::list(
        "objects that no job of the database knows of",
        &work::objects(&stake.unknown),
    );
    work::list(
        "uploads that no job of the database knows of",
        &stake.orphans,
    );
    let enabled = webhook::enabled(&app).await?;
    say!(
        "{} webhooks that are enabled, with {} messages that wait to be sent",
        enabled.webhooks,
        enabled.deliveries
    );
    if arguments.yes {
        if stake.outside > 0 {
            bail!(
                "{} versions of this database have keys outside of the prefix {:?}: this is not their bucket",
                stake.outside,
                app.storage.prefix()
            );
        }
        // Before the processes of this database find out that they own the bucket.
        settle_webhooks(&app, ownership, arguments.keep_webhooks).await?;
        if !ownership::adopt(&app).await?.is_owner() {
            bail!("another process changed the owner of the bucket meanwhile; try again");
        }
        say!(
            "the bucket is this database's now: uploads that no job knows of are aborted by the next round of the \
             reaper, and objects that no job knows of stay until `restow-server reap --delete-unknown-objects`"
        );
    } else if ownership.is_owner() {
        say!("the bucket is this database's already; nothing needs to be done");
    } else {
        say!(
            "nothing was changed; take the bucket over with --yes, once no process uses another copy of the database"
        );
    }
    let budget = Budget::start(arguments.work.shutdown_timeout);
    shutdown::finish(&app, budget).await;
    Ok(())
}

/// Decides what becomes of the webhooks. A database that owned the bucket before has called them all the time.
async fn settle_webhooks(app: &App, before: Ownership, are_kept: bool) -> Result<()> {
    if !before.may_call_webhooks() {
        let discarded = webhook::discard(app).await?;
        say!(
            "{discarded} messages to webhooks are given up, since they may have been sent before; their owners can send them again"
        );
    }
    if are_kept {
        say!("{} webhooks are enabled again", webhook::enable(app).await?);
    } else if !before.may_call_webhooks() {
        say!(
            "{} webhooks are disabled, so that a copy of a database does not call their receivers; where this is no copy, enable \
             them with `restow-server adopt --yes --keep-webhooks`",
            webhook::disable(app).await?
        );
    }
    Ok(())
}

fn describe(lost: &LostVersion) -> String {
    let object = &lost.object;
    format!(
        "{}, version {} of {:?} ({})",
        object.s3_key, object.version, lost.dataset, object.dataset_id
    )
}
