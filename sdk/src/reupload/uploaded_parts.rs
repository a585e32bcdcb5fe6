//! Parts that S3 holds already.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::etag::EtagMode;
use super::plan::{Part, PartNumber, Plan};
use super::upload::PartEtags;
use crate::client::Client;
use crate::digest::Digest;
use crate::error::Result;
use crate::generated::types;
use crate::s3::md5_of_etag;

/// The parts of a plan that S3 holds whole, by number, with their `ETag`s.
#[derive(Debug, Default)]
pub(super) struct UploadedParts {
    etags: BTreeMap<PartNumber, String>,
    /// Whether a record says that they are of the same, unchanged file: then a tag that is no MD5 is believed.
    is_recorded: bool,
}

impl UploadedParts {
    /// Asks the server for the parts of a job.
    pub async fn list(
        client: &Client,
        job_id: Uuid,
        plan: Plan,
        is_recorded: bool,
    ) -> Result<Self> {
        let mut etags = BTreeMap::new();
        let mut page_token = None;
        loop {
            let page = client.call(|| {
                let request = client.api().list_parts().job_id(job_id).limit(PAGE);
                match &page_token {
                    Some(token) => request.page_token(token).send(),
                    None => request.send(),
                }
            });
            let page = page.await?;
            etags.extend(page.items.into_iter().filter_map(|part| whole(part, plan)));
            page_token = page.next_page;
            if page_token.is_none() {
                return Ok(Self { etags, is_recorded });
            }
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.etags.len() as u64
    }

    /// How many bytes they have.
    pub fn bytes(&self, plan: Plan) -> u64 {
        self.parts(plan).map(|part| part.length).sum()
    }

    /// The parts, in order.
    pub fn parts(&self, plan: Plan) -> impl Iterator<Item = Part> {
        self.etags
            .keys()
            .filter_map(move |number| plan.part(*number))
    }

    /// The `ETag` of a part whose content has this MD5, if what S3 holds is that content.
    pub fn verified_etag(
        &self,
        number: PartNumber,
        digest: &Digest,
        tags: &EtagMode,
    ) -> Option<&str> {
        let etag = self.etags.get(&number)?;
        let is_verified = match md5_of_etag(etag) {
            Some(md5) if md5 == *digest => true,
            Some(_) => self.is_recorded && tags.are_opaque(),
            None => self.is_recorded,
        };
        is_verified.then_some(etag)
    }

    /// Whether there are some, and the tag of each can be an MD5.
    pub fn can_be_verified(&self) -> bool {
        !self.etags.is_empty() && self.etags.values().all(|etag| md5_of_etag(etag).is_some())
    }

    /// Whether S3 holds a part.
    pub fn has(&self, number: PartNumber) -> bool {
        self.etags.contains_key(&number)
    }

    /// All of them, as if they had just been sent.
    pub fn into_etags(self) -> PartEtags {
        self.etags
    }
}

/// Most parts in a page of the list.
const PAGE: std::num::NonZeroU32 = std::num::NonZeroU32::new(1000).unwrap();

/// The part's number and tag, if it has the size that is planned.
fn whole(part: types::Part, plan: Plan) -> Option<(PartNumber, String)> {
    let number = PartNumber::new(u64::try_from(part.part_number).ok()?)?;
    let planned = plan.part(number)?;
    (u64::try_from(part.size) == Ok(planned.length)).then_some((number, part.etag))
}
