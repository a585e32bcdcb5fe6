//! `restow-server events`.

use std::io::{BufWriter, ErrorKind, Write};

use anyhow::{Context, Result};
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
    let settled = store.settled_events().await?;
    let mut position = i64::try_from(after).unwrap_or(i64::MAX);
    let mut out = BufWriter::new(std::io::stdout().lock());
    loop {
        let rows = store.events_between(position, settled, PAGE).await?;
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
