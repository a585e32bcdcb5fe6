//! Parts: files of their own, from the request that uploads them to the object that is made of
//! them.

use std::fs::Metadata;
use std::io;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Digest;
use crate::error::{Error, Result};

/// The maximum part number, and so the maximum number of parts, of an upload
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
const MAX_PART_NUMBER: u16 = 10_000;

/// A part's number, 1 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub(crate) struct PartNumber(u16);

impl PartNumber {
    /// The first, and the only one of an object that was put whole.
    pub(crate) const FIRST: Self = Self(1);

    /// The number itself.
    pub(crate) fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for PartNumber {
    type Error = Error;

    fn try_from(number: u16) -> Result<Self> {
        if (1..=MAX_PART_NUMBER).contains(&number) {
            Ok(Self(number))
        } else {
            Err(Error::PartNumber)
        }
    }
}

impl TryFrom<i32> for PartNumber {
    type Error = Error;

    fn try_from(number: i32) -> Result<Self> {
        u16::try_from(number)
            .map_err(|_| Error::PartNumber)?
            .try_into()
    }
}

impl From<PartNumber> for u16 {
    fn from(number: PartNumber) -> Self {
        number.0
    }
}

/// One part as it lies on the disk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Its place among the parts.
    pub(crate) number: PartNumber,
    /// How many times the number was uploaded. The greatest is used if a crash leaves two.
    pub(super) revision: u32,
    /// The digest of its bytes.
    pub(crate) digest: Digest,
    /// Its bytes.
    pub(crate) size: u64,
    /// When it had arrived.
    pub(crate) last_modified: DateTime<Utc>,
}

impl Part {
    /// The name of the part's file, which contains what the file's metadata does not.
    pub(super) fn file_name(&self) -> String {
        format!("{:05}-{}-{}", self.number.get(), self.revision, self.digest)
    }

    /// The part in a file of that name; none where the name is no part's.
    pub(super) fn from_file(name: &str, file: &Metadata) -> io::Result<Option<Self>> {
        Ok(match Self::parse_file_name(name) {
            Some((number, revision, digest)) => {
                let last_modified = file.modified()?.into();
                Some(Self {
                    number,
                    revision,
                    digest,
                    size: file.len(),
                    last_modified,
                })
            }
            None => None,
        })
    }

    fn parse_file_name(name: &str) -> Option<(PartNumber, u32, Digest)> {
        let mut fields = name.splitn(3, '-');
        let number = fields.next()?.parse::<u16>().ok()?.try_into().ok()?;
        let revision = fields.next()?.parse().ok()?;
        Some((number, revision, Digest::from_hex(fields.next()?)?))
    }
}
