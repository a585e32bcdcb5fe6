//! Pages of lists, by key.

use std::fmt::Display;
use std::str::FromStr;

use dropshot::ResultsPage;
use restow_api::page::PageQuery;

use crate::error::{Error, Result};

/// The key that the page begins behind.
///
/// # Errors
/// [`Error::NotFound`] for a token that no list has given out.
pub fn after<K: FromStr>(page: &PageQuery) -> Result<Option<K>> {
    page.after()
        .map_err(|_| Error::NotFound(["query", "page_token"]))
}

/// How many rows to read: one more than requested shows whether there is another page.
pub fn rows_wanted(page: &PageQuery) -> i64 {
    i64::from(page.limit) + 1
}

/// The page out of the rows that were read for it.
pub fn of<T, K: Display>(
    mut rows: Vec<T>,
    page: &PageQuery,
    key: impl Fn(&T) -> K,
) -> ResultsPage<T> {
    let limit = page.limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_page = rows
        .last()
        .filter(|_| more)
        .map(|last| key(last).to_string());
    ResultsPage {
        next_page,
        items: rows,
    }
}
