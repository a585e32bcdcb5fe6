//! Arguments whose form the API's document restricts.

use std::fmt::Display;
use std::str::FromStr;

use restow_sdk::Error;

/// An argument as the API's type for it.
///
/// # Errors
/// [`Error::InvalidRequest`] with its name.
pub fn parsed<T: FromStr<Err: Display>>(name: &str, value: &str) -> Result<T, Error> {
    let invalid = |error| Error::InvalidRequest(format!("{name}: {error}"));
    value.parse().map_err(invalid)
}

/// Like [`parsed`], for one that may be left out.
///
/// # Errors
/// [`Error::InvalidRequest`] with its name.
pub fn parsed_if_given<T: FromStr<Err: Display>>(
    name: &str,
    value: Option<&str>,
) -> Result<Option<T>, Error> {
    value.map(|value| parsed(name, value)).transpose()
}
