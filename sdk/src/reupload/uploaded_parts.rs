//! The parts that S3 already holds of a job.

use std::num::NonZeroU32;

use uuid::Uuid;

use super::etag::{EtagMode, PartEtags};
use super::plan::{Part, PartNumber, Plan};
use crate::client::Client;
use crate::digest::Digest;
use crate::error::Result;
use crate::generated::types;
use crate::s3::md5_of_etag;

/// Parts in one page of the list.
const PAGE_SIZE: NonZeroU32 = NonZeroU32::new(1000).unwrap();

/// The parts of a plan that S3 holds at their planned size.
#[derive(Debug, Default)]
pub(super) struct UploadedParts {
    etags: PartEtags,
    /// Whether a record says that they are of the same, unchanged file: then an `ETag` that is no MD5 is accepted.
    is_recorded: bool,
}

impl UploadedParts {
    /// Lists the parts of a job.
    pub async fn list(
        client: &Client,
        job_id: Uuid,
        plan: Plan,
        is_recorded: bool,
    ) -> Result<Self> {
        let mut etags = PartEtags::new();
        let mut page_token = None;
        loop {
            let page = client.call(|| {
                let request = client.api().list_parts().job_id(job_id).limit(PAGE_SIZE);
                match &page_token {
                    Some(token) => request.page_token(token).send(),
                    None => request.send(),
                }
            });
            let page = page.await?;
            etags.extend(
                page.items
                    .into_iter()
                    .filter_map(|part| planned(part, plan)),
            );
            page_token = page.next_page;
            if page_token.is_none() {
                return Ok(Self { etags, is_recorded });
            }
        }
    }

    /// Number of parts.
    pub fn count(&self) -> u64 {
        self.etags.len() as u64
    }

    /// Size of all parts in bytes.
    pub fn bytes(&self, plan: Plan) -> u64 {
        self.parts(plan).map(|part| part.length).sum()
    }

    /// The parts, in order.
    pub fn parts(&self, plan: Plan) -> impl Iterator<Item = Part> {
        self.etags
            .keys()
            .filter_map(move |number| plan.part(*number))
    }

    /// The `ETag` of a part if S3 holds the content with this MD5.
    pub fn verified_etag(
        &self,
        number: PartNumber,
        digest: &Digest,
        mode: &EtagMode,
    ) -> Option<&str> {
        let etag = self.etags.get(&number)?;
        let is_verified = match md5_of_etag(etag) {
            Some(md5) if md5 == *digest => true,
            Some(_) => self.is_recorded && mode.is_opaque(),
            None => self.is_recorded,
        };
        is_verified.then_some(etag)
    }

    /// Whether there are parts, and the `ETag` of each has the form of an MD5.
    pub fn can_be_verified(&self) -> bool {
        !self.etags.is_empty() && self.etags.values().all(|etag| md5_of_etag(etag).is_some())
    }

    /// Whether S3 holds a part.
    pub fn contains(&self, number: PartNumber) -> bool {
        self.etags.contains_key(&number)
    }

    /// The `ETag`s of all parts.
    pub fn into_etags(self) -> PartEtags {
        self.etags
    }
}

/// Number and `ETag` of a part, if it has the planned size.
fn planned(part: types::Part, plan: Plan) -> Option<(PartNumber, String)> {
    let number = PartNumber::new(u64::try_from(part.part_number).ok()?)?;
    let planned = plan.part(number)?;
    (u64::try_from(part.size) == Ok(planned.length)).then_some((number, part.etag))
}
