//! Lists of any length, printed while they arrive.

use std::fmt::Display;

use anyhow::Result;
use console::style;
use futures::{Stream, TryStreamExt};
use serde::Serialize;

use super::output::{self, Output};
use crate::Error;

/// Items that are asked for at once.
pub const PAGE: u64 = 500;

/// Prints every item of a stream: as one JSON array, as identifiers, or as rows under a header.
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
    while let Some(item) = items.try_next().await.map_err(Into::into)? {
        if output.json {
            output::write(&format!("{}{}", if first { "[" } else { ",\n" }, serde_json::to_string(&item)?))?;
        } else if output.quiet {
            output::print(&id(&item).to_string())?;
        } else {
            if first {
                output::print(&style(header).bold().to_string())?;
            }
            output::print(row(&item).trim_end())?;
        }
        first = false;
    }
    match (output.json, first) {
        (true, true) => output::print("[]"),
        (true, false) => output::print("]"),
        _ => Ok(()),
    }
}
