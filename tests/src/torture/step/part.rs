//! Parts: put twice, with other bytes, in other lengths, to other places, and in the end as they should be.

use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::generated::types::PartUrls;
use serde_json::json;
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::Client;
use crate::torture::content::{PART_SIZE, digest, noise};
use crate::torture::message::Request;
use crate::torture::transfer::Moved;

/// What is done to a URL before the part goes to it.
#[derive(Clone, Copy, Debug)]
enum Prelude {
    Nothing,
    /// One byte more or less.
    OtherLength,
    /// A URL that names another part.
    OtherPart,
    /// A URL that names another object.
    OtherKey,
    /// Other bytes of the same length.
    OtherBytes,
    /// The same bytes.
    SameBytes,
}

const PRELUDES: [(u32, Prelude); 6] = [
    (12, Prelude::Nothing),
    (2, Prelude::OtherLength),
    (1, Prelude::OtherPart),
    (1, Prelude::OtherKey),
    (2, Prelude::OtherBytes),
    (1, Prelude::SameBytes),
];

impl Client {
    /// Sends every part of a job, in any order; one of them after something odd.
    pub async fn send_parts(&mut self, job_id: Uuid, generator: &mut StdRng) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let count = job.urls.len();
        let (odd, turn) = (
            generator.random_range(0..count.max(1)),
            generator.random_range(0..count.max(1)),
        );
        let prelude =
            crate::torture::plan::choose(generator, &PRELUDES).unwrap_or(Prelude::Nothing);
        for place in 0..count {
            let number = (place + turn) % count + 1;
            if place == odd {
                self.play(prelude, job_id, number, generator).await?;
            }
            self.send_part(job_id, number).await?;
        }
        Ok(())
    }

    /// Sends every part that S3 has not confirmed.
    pub async fn send_missing(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let missing: Vec<usize> = (1..=job.urls.len())
            .filter(|number| !job.etags.contains_key(number))
            .collect();
        for number in missing {
            self.send_part(job_id, number).await?;
        }
        Ok(())
    }

    /// Sends a part; where its URL is refused once more by a fresh one. A job that has ended takes none.
    async fn send_part(&mut self, job_id: Uuid, number: usize) -> Result<(), Ended> {
        for _ in 0..2 {
            let Some(job) = self.model.job(job_id) else {
                return Ok(());
            };
            let (Some(url), bytes) = (job.urls.get(number - 1).cloned(), job.content.part(number))
            else {
                return Ok(());
            };
            match self.api.put(&url, bytes).await? {
                Moved::Done(etag) => {
                    if let Some(job) = self.model.job(job_id) {
                        job.etags.insert(number, etag);
                    }
                    return Ok(());
                }
                Moved::Refused(..) if self.renew_urls(job_id).await? => {}
                Moved::Refused(..) | Moved::Away => return Ok(()),
            }
        }
        Ok(())
    }

    /// Requests fresh URLs for all parts; false where the job no longer accepts parts.
    pub async fn renew_urls(&mut self, job_id: Uuid) -> Result<bool, Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(false);
        };
        let lengths: Vec<usize> = (1..=job.content.parts())
            .map(|number| job.content.part(number).len())
            .collect();
        let body = json!({ "part_numbers": (1..=lengths.len()).collect::<Vec<_>>() });
        let response = self
            .api
            .call(&Request::post(
                "request_part_urls",
                format!("/jobs/{job_id}/urls"),
                body,
            ))
            .await?;
        if response.status != 200 {
            self.observe_refusal(
                job_id,
                &response,
                &[restow_sdk::generated::types::JobStatus::AwaitingUpload],
            )?;
            return Ok(false);
        }
        let fresh: PartUrls = self.api.read(&response)?;
        let reported: Vec<usize> = fresh
            .items
            .iter()
            .map(|item| usize::try_from(item.content_length).unwrap_or(0))
            .collect();
        if reported != lengths {
            return Err(self
                .api
                .unexpected(&format!("URLs for parts of {lengths:?} bytes"), &response));
        }
        if let Some(job) = self.model.job(job_id) {
            job.urls = fresh.items.into_iter().map(|item| item.url).collect();
            job.put_off(response.sent_at);
        }
        Ok(true)
    }

    async fn play(
        &mut self,
        prelude: Prelude,
        job_id: Uuid,
        number: usize,
        generator: &mut StdRng,
    ) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let (Some(url), part) = (job.urls.get(number - 1).cloned(), job.content.part(number))
        else {
            return Ok(());
        };
        let (url, bytes) = match prelude {
            Prelude::Nothing => return Ok(()),
            Prelude::OtherLength if part.len() > 1 && generator.random_bool(0.5) => {
                (url, part.slice(1..))
            }
            Prelude::OtherLength => (url, [&part[..], b"x"].concat().into()),
            Prelude::OtherPart => (url.replace("partNumber=", "partNumber=1"), part),
            Prelude::OtherKey => (url.replacen("/datasets/", "/other/", 1), part),
            Prelude::OtherBytes => {
                return self.put_other_bytes(job_id, number, url, generator).await;
            }
            Prelude::SameBytes => return self.send_part(job_id, number).await,
        };
        match self.api.put(&url, bytes).await? {
            Moved::Done(_) => Err(self.violation(&format!(
                "{prelude:?} was taken for part {number} of job {job_id}"
            ))),
            Moved::Refused(..) | Moved::Away => Ok(()),
        }
    }

    /// Puts other bytes of the same length, which the part replaces that comes after them. Where S3 keeps both copies,
    /// and it is unknown which one counts, either may be the content.
    async fn put_other_bytes(
        &mut self,
        job_id: Uuid,
        number: usize,
        url: String,
        generator: &mut StdRng,
    ) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id).filter(|job| job.content.is_noise()) else {
            return Ok(());
        };
        let mut whole = job.content.bytes().to_vec();
        let place = (number - 1) * PART_SIZE;
        let other = noise(job.content.part(number).len(), generator.random());
        whole[place..place + other.len()].copy_from_slice(&other);
        job.digests.push(digest(&whole));
        // Whether it is taken, and whether it is the last, does not matter.
        self.api.put(&url, other).await.map(drop)
    }
}
