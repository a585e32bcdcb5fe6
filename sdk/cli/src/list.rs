//! Prints lists page by page, as they arrive.

use std::fmt::Display;

use anyhow::Result;
use console::style;
use futures::{Stream, TryStreamExt};
use serde::Serialize;

use crate::output::{self, Output};
use restow_sdk::Error;

/// Items per page.
pub const PAGE_SIZE: u64 = 500;

/// How to print an item.
struct ItemPrinter<'a, Id, Row> {
    output: Output,
    header: &'a str,
    id: Id,
    row: Row,
}

/// Prints every item of a stream: as one JSON array, as identifiers, or as rows under a header.
///
/// # Errors
/// Those of the stream and of printing. After an error of the stream, the JSON array is closed nevertheless, so that the
/// output is valid JSON.
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
    let printer = ItemPrinter {
        output,
        header,
        id,
        row,
    };
    let mut is_first = true;
    let ended = loop {
        match items.try_next().await {
            Ok(Some(item)) => printer.print(&item, is_first)?,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error.into()),
        }
        is_first = false;
    };
    let closed = match (output.json, is_first) {
        (true, false) => output::print("]"),
        (true, true) if ended.is_ok() => output::print("[]"),
        _ => Ok(()),
    };
    ended?;
    closed
}

impl<Id, Row> ItemPrinter<'_, Id, Row> {
    fn print<T, I>(&self, item: &T, is_first: bool) -> Result<()>
    where
        T: Serialize,
        I: Display,
        Id: Fn(&T) -> I,
        Row: Fn(&T) -> String,
    {
        if self.output.json {
            let separator = if is_first { "[" } else { ",\n" };
            return output::write(&format!("{separator}{}", serde_json::to_string(item)?));
        }
        if self.output.quiet {
            return output::print(&(self.id)(item).to_string());
        }
        if is_first {
            output::print(&style(self.header).bold().to_string())?;
        }
        output::print((self.row)(item).trim_end())
    }
}
