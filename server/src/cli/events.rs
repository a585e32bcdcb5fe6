//! `restow-server events`.

use std::io::{BufWriter, ErrorKind, Write};

use anyhow::{Context, Result, bail};
use restow_api::event::Event;

use super::arguments::{DatabaseArguments, EventsAction};
use super::connect::{self, Schema};
use crate::store::Store;

/// Events that are read at a time, so that any number of them is exported in constant memory.
const PAGE: i64 = 1000;

/// Exports.
pub async fn run(database: &DatabaseArguments, action: EventsAction) -> Result<()> {
    let store = connect::store(database, Schema::Check).await?;
    match action {
        EventsAction::Export { after } => export(&store, after).await?,
    }
    store.close().await;
    Ok(())
}

/// Prints the events behind the number `after`, one JSON object a line, in their order.
async fn export(store: &Store, after: u64) -> Result<()> {
    let ids = store.event_ids().await?;
    let mut position = i64::try_from(after).unwrap_or(i64::MAX);
    if !store.may_have_given(position, ids).await? {
        bail!(
            "this database has not given the number {after} to an event: it was restored from a backup that does not know of \
             it, or it is another one; export all events that it has to another file, with --after 0, and continue behind the \
             last one of these"
        );
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    loop {
        let rows = store.events_between(position, ids.settled, PAGE).await?;
        let Some(last) = rows.last() else { break };
        position = last.id;
        for row in rows {
            match write_line(&mut out, &row.into()) {
                // The reader has what it wanted.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.context("failed to write an event")?,
            }
        }
    }
    match out.flush() {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        flushed => flushed.context("failed to write the events"),
    }
}

fn write_line(out: &mut impl Write, event: &Event) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, event)?;
    out.write_all(b"\n")
}
