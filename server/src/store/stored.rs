//! Values of columns that the databases hold in another form.

use std::str::FromStr;

use restow_api::grant::Role;
use restow_api::job::JobStatus;
use restow_api::scope::Scopes;

use crate::rate_limit::Rate;

/// A state that is stored as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredStatus(pub JobStatus);

impl TryFrom<String> for StoredStatus {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        JobStatus::from_str(&text).map(Self)
    }
}

/// A role that is stored as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredRole(pub Role);

impl TryFrom<String> for StoredRole {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Role::from_str(&text).map(Self)
    }
}

/// Scopes that are stored as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredScopes(pub Scopes);

impl TryFrom<String> for StoredScopes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Scopes::from_str(&text).map(Self)
    }
}

/// A rate that is stored as text, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredRate(pub Option<Rate>);

impl TryFrom<Option<String>> for StoredRate {
    type Error = String;

    fn try_from(text: Option<String>) -> Result<Self, String> {
        text.map(|text| text.parse()).transpose().map(Self)
    }
}

/// Text that is stored as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredText(pub String);

impl TryFrom<Vec<u8>> for StoredText {
    type Error = std::string::FromUtf8Error;

    fn try_from(bytes: Vec<u8>) -> Result<Self, Self::Error> {
        String::from_utf8(bytes).map(Self)
    }
}
