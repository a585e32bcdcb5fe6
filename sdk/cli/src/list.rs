//! Lists of any length, printed while they arrive.

use std::fmt::Display;

use anyhow::Result;
use console::style;
use futures::{Stream, TryStreamExt};
use serde::Serialize;

use crate::output::{self, Output};
use restow_sdk::Error;

/// Items that are asked for at once.
pub const PAGE: u64 = 500;

/// Prints every item of a stream: as one JSON array, as identifiers, or as rows under a header.
///
/// An array is closed also where the stream breaks off, so that what is printed is JSON whatever happens.
pub async fn print<T, E, I>(
    output: Output,
    mut items: impl Stream<Item = Result<T, E>> + Unpin,
    header: &str,
    id: impl Fn(&T) -> I,
    row: impl Fn(&T) -> String,
) -> Result<()>
where
    T: Serialize,
    E: Into<Error>,
    I: Display,
{
    let mut first = true;
    let ended = loop {
        let item = match items.try_next().await {
            Ok(Some(item)) => item,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error.into()),
        };
        if output.json {
            output::write(&format!(
                "{}{}",
                if first { "[" } else { ",\n" },
                serde_json::to_string(&item)?
            ))?;
        } else if output.quiet {
            output::print(&id(&item).to_string())?;
        } else {
            if first {
                output::print(&style(header).bold().to_string())?;
            }
            output::print(row(&item).trim_end())?;
        }
        first = false;
    };
    let printed = match (output.json, first) {
        (true, false) => output::print("]"),
        (true, true) if ended.is_ok() => output::print("[]"),
        _ => Ok(()),
    };
    ended?;
    printed
}
