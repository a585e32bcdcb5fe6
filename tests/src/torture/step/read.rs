//! Lists and downloads, held against what the client knows.

use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::generated::types::{
    Dataset as DatasetResponse, Download, Job as JobResponse, JobStatus, Version as VersionResponse,
};
use serde::de::DeserializeOwned;
use std::time::Duration;
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::Client;
use crate::torture::content::digest;
use crate::torture::message::Request;
use crate::torture::plan;
use crate::torture::report::Section;
use crate::torture::transfer::Moved;

/// How many times an object is requested that S3 does not find.
const LOOKS: u32 = 10;

impl Client {
    /// Reads a version, mostly the current one.
    pub async fn download(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let numbers: Vec<i64> = dataset.versions.keys().copied().collect();
        match (dataset.current, plan::any(generator, &numbers)) {
            (Some(current), _) if generator.random_bool(0.6) => {
                self.read_version(dataset_id, current, true).await
            }
            (_, Some(number)) => self.read_version(dataset_id, *number, false).await,
            _ => {
                let path = format!("/datasets/{dataset_id}/download");
                let response = self
                    .api
                    .call(&Request::get("download_dataset", path))
                    .await?;
                if response.is(404, "not_found") {
                    Ok(())
                } else {
                    Err(self.api.unexpected("no version", &response))
                }
            }
        }
    }

    /// Reads a version and compares its bytes.
    pub async fn read_version(
        &mut self,
        dataset_id: Uuid,
        number: i64,
        is_current: bool,
    ) -> Result<(), Ended> {
        let (operation, path) = if is_current {
            (
                "download_dataset",
                format!("/datasets/{dataset_id}/download"),
            )
        } else {
            (
                "download_version",
                format!("/datasets/{dataset_id}/versions/{number}/download"),
            )
        };
        for look in 0..LOOKS {
            let response = self
                .api
                .call(&Request::get(operation, path.as_str()))
                .await?;
            if response.status != 200 {
                return self.take_missing(dataset_id, number, &response);
            }
            let download: Download = self.api.read(&response)?;
            match self.api.fetch(&download.url).await? {
                Moved::Done(bytes) => return self.compare(dataset_id, number, &download, &bytes),
                Moved::Away => return Ok(()),
                Moved::Refused(status, text) if look + 1 == LOOKS => {
                    let what =
                        format!("version {number} of {dataset_id} cannot be read: {status} {text}");
                    return Err(self.violation(&what));
                }
                // It may have been retired in between, or the URL was signed too long ago.
                Moved::Refused(..) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
        Ok(())
    }

    /// Old versions go at some time; others never do.
    fn take_missing(
        &mut self,
        dataset_id: Uuid,
        number: i64,
        response: &crate::torture::message::Response,
    ) -> Result<(), Ended> {
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let may_be_retired = dataset
            .versions
            .get(&number)
            .is_none_or(|version| version.may_be_retired);
        if response.is(404, "not_found") && may_be_retired && dataset.current != Some(number) {
            dataset.versions.remove(&number);
            return Ok(());
        }
        let known = format!("{dataset:?}");
        Err(self
            .api
            .unexpected(&format!("version {number} of {known}"), response))
    }

    fn compare(
        &mut self,
        dataset_id: Uuid,
        number: i64,
        reported: &Download,
        bytes: &[u8],
    ) -> Result<(), Ended> {
        let found = digest(bytes);
        let length = i64::try_from(bytes.len()).unwrap_or(-1);
        let known = self
            .model
            .dataset(dataset_id)
            .and_then(|dataset| dataset.versions.get_mut(&number));
        let Some(version) = known else {
            return Err(self.violation(&format!(
                "version {number} of {dataset_id} was never committed"
            )));
        };
        let is_same = version.digests.contains(&found) && version.file_size == length;
        if is_same
            && (&reported.filename, reported.file_size) == (&version.filename, version.file_size)
        {
            // From now on it is known which copy of a part it has.
            version.digests = vec![found];
            self.api
                .shared
                .report
                .count(Section::Versions, "read back and compared");
            return Ok(());
        }
        let expected = format!("{version:?}");
        Err(self.violation(&format!("version {number} of {dataset_id} should be {expected}, and has {length} bytes of digest {found:?}, {reported:?}")))
    }

    /// Lists something, page by page.
    pub async fn list(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let limit = generator.random_range(1..30);
        match generator.random_range(0..3) {
            0 => self.list_versions(dataset_id, limit).await,
            1 => self.list_jobs(dataset_id, limit).await,
            _ => self.list_datasets(limit).await,
        }
    }

    /// Lists the versions of a dataset, which are those that were committed, but for retired ones.
    pub async fn list_versions(&mut self, dataset_id: Uuid, limit: u32) -> Result<(), Ended> {
        let path = format!("/datasets/{dataset_id}/versions");
        let listed: Vec<VersionResponse> = self.pages("list_versions", &path, limit).await?;
        let numbers: Vec<i64> = listed.iter().map(|version| version.version).collect();
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let known = |number: &i64| dataset.versions.contains_key(number);
        let kept = dataset
            .versions
            .iter()
            .filter(|(_, version)| !version.may_be_retired);
        let complete = kept
            .map(|(number, _)| number)
            .all(|number| numbers.contains(number));
        if complete && numbers.iter().all(known) && numbers.is_sorted_by(|one, next| one > next) {
            return Ok(());
        }
        let known = format!("{dataset:?}");
        Err(self.violation(&format!("versions {numbers:?} are listed of {known}")))
    }

    /// Lists the jobs of a dataset, which are those that were begun, and perhaps those of requests without a response.
    pub async fn list_jobs(&mut self, dataset_id: Uuid, limit: u32) -> Result<(), Ended> {
        let path = format!("/datasets/{dataset_id}/jobs");
        let listed: Vec<JobResponse> = self.pages("list_jobs", &path, limit).await?;
        let ids: Vec<Uuid> = listed.iter().map(|job| job.id).collect();
        let jobs = self
            .model
            .jobs
            .iter()
            .filter(|job| job.dataset_id == dataset_id);
        let missing: Vec<Uuid> = jobs
            .map(|job| job.id)
            .filter(|id| !ids.contains(id))
            .collect();
        if !missing.is_empty() || !ids.is_sorted_by(|one, next| one > next) {
            return Err(self.violation(&format!(
                "jobs {missing:?} are missing from {ids:?} of {dataset_id}"
            )));
        }
        for job in &listed {
            if self.model.job(job.id).is_some() {
                self.observe_job(job)?;
            } else if job.status == JobStatus::AwaitingUpload {
                // Created by a request without a response.
                self.cancel(job.id).await?;
            }
        }
        Ok(())
    }

    async fn list_datasets(&mut self, limit: u32) -> Result<(), Ended> {
        let listed: Vec<DatasetResponse> = self.pages("list_datasets", "/datasets", limit).await?;
        for known in &self.model.datasets {
            let found = listed.iter().find(|dataset| dataset.id == known.id);
            if found.is_none_or(|found| {
                (&found.name, found.current_version) != (&known.name, known.current)
            }) {
                return Err(self.violation(&format!("{known:?} is listed as {found:?}")));
            }
        }
        Ok(())
    }

    async fn pages<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        limit: u32,
    ) -> Result<Vec<T>, Ended> {
        let mut items = Vec::new();
        let mut token = None;
        loop {
            let page = token.map_or(String::new(), |token| format!("&page_token={token}"));
            let response = self
                .api
                .call(&Request::get(
                    operation,
                    format!("{path}?limit={limit}{page}"),
                ))
                .await?;
            if response.status != 200 {
                return Err(self.api.unexpected(&format!("a page of {path}"), &response));
            }
            let found: Vec<T> = {
                let mut of_items = response.clone();
                of_items.body = response.body["items"].clone();
                self.api.read(&of_items)?
            };
            if found.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
                return Err(self
                    .api
                    .unexpected(&format!("a page of at most {limit} of {path}"), &response));
            }
            items.extend(found);
            match response.body["next_page"].as_str() {
                Some(next) => token = Some(next.to_string()),
                None => return Ok(items),
            }
        }
    }
}
