//! Lists of the API, page by page.

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use restow_sdk::Error;
use serde::Serialize;

use crate::context::document;
use crate::failure::Failure;

/// Items of a page.
pub const PAGE_SIZE: u64 = 500;

/// Items of a page of a list of which at most `limit` are returned.
pub fn page_size(limit: Option<u64>) -> u64 {
    // The API has no pages of 0 items.
    limit.map_or(PAGE_SIZE, |limit| limit.clamp(1, PAGE_SIZE))
}

/// All items as JSON.
///
/// # Errors
/// Those of the list.
pub async fn all<T: Serialize, E: Into<Error>>(
    items: impl Stream<Item = Result<T, E>>,
) -> Result<Bytes, Failure> {
    let items: Vec<T> = items.map_err(Into::into).try_collect().await?;
    document(&items)
}

/// The first `limit` items as JSON, or all of them.
///
/// # Errors
/// Those of the list.
pub async fn first<T: Serialize, E: Into<Error>>(
    items: impl Stream<Item = Result<T, E>>,
    limit: Option<u64>,
) -> Result<Bytes, Failure> {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    all(items.take(limit.unwrap_or(usize::MAX))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_is_no_larger_than_the_limit() {
        let limits = [None, Some(0), Some(1), Some(499), Some(501)];
        assert_eq!(limits.map(page_size), [500, 1, 1, 499, 500]);
    }
}
