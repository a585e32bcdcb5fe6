//! Datasets: created, renamed, deleted, and set back to an old version.

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::Method;
use restow_sdk::generated::types::{Dataset as DatasetResponse, Version as VersionResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, Replaces};
use crate::torture::message::Request;
use crate::torture::model::Dataset;
use crate::torture::plan;

impl Client {
    /// Creates a dataset.
    pub async fn create_dataset(&mut self, generator: &mut StdRng) -> Result<Uuid, Ended> {
        let name = self.new_name(generator);
        let request = Request::post("create_dataset", "/datasets", json!({ "name": name }));
        let response = self.api.call(&request).await?;
        let dataset: DatasetResponse = match response.status {
            201 => self.api.read(&response)?,
            // The request before was done.
            409 if response.repeated && response.is(409, "name_taken") => self.named(&name).await?,
            _ => return Err(self.api.unexpected("a new name", &response)),
        };
        if dataset.name != name || dataset.current_version.is_some() {
            return Err(self.violation(&format!("a new dataset is {dataset:?}")));
        }
        self.model.datasets.push(Dataset::new(dataset.id, name));
        Ok(dataset.id)
    }

    /// Gives a dataset another name, or one that another of its datasets has.
    pub async fn rename_dataset(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let others = self
            .model
            .datasets
            .iter()
            .filter(|other| other.id != dataset_id);
        let taken = others
            .map(|other| other.name.clone())
            .next()
            .filter(|_| generator.random_bool(0.3));
        let name = taken.clone().unwrap_or_else(|| self.new_name(generator));
        let request = Request::post(
            "update_dataset",
            format!("/datasets/{dataset_id}"),
            json!({ "name": name }),
        );
        let response = self.api.call(&request.by(Method::PATCH)).await?;
        match (response.status, taken.is_some()) {
            (200, false) => {
                let dataset: DatasetResponse = self.api.read(&response)?;
                let known = self.model.dataset(dataset_id).map(|known| {
                    known.name.clone_from(&name);
                    known.current
                });
                if dataset.name == name && Some(dataset.current_version) == known {
                    return Ok(());
                }
                Err(self.violation(&format!(
                    "renamed to {name}, at version {known:?}, a dataset is {dataset:?}"
                )))
            }
            (409, true) if response.is(409, "name_taken") => Ok(()),
            _ => Err(self
                .api
                .unexpected(&format!("renaming {dataset_id} to {name}"), &response)),
        }
    }

    /// Deletes a dataset.
    pub async fn delete_dataset(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let path = format!("/datasets/{dataset_id}");
        let response = self
            .api
            .call(&Request::new(
                "delete_dataset",
                Method::DELETE,
                path.as_str(),
            ))
            .await?;
        match response.status {
            204 => {}
            404 if response.repeated => {}
            _ => return Err(self.api.unexpected("deleting a dataset", &response)),
        }
        self.forget(dataset_id);
        let response = self.api.call(&Request::get("get_dataset", path)).await?;
        if response.is(404, "not_found") {
            Ok(())
        } else {
            Err(self.api.unexpected("a deleted dataset", &response))
        }
    }

    /// Makes an old version the current one.
    pub async fn restore(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let (current, last) = (dataset.current, dataset.last);
        let numbers: Vec<i64> = dataset.versions.keys().copied().collect();
        let number = match plan::any(generator, &numbers) {
            Some(number) if generator.random_bool(0.9) => *number,
            _ => last + generator.random_range(1..5),
        };
        let replaces = match generator.random_range(0..3) {
            0 => Replaces::Unstated,
            1 => Replaces::Exactly(current),
            _ => Replaces::Exactly(Some(last + 7)),
        };
        self.restore_version(dataset_id, number, replaces).await
    }

    /// Makes a version the current one in the place of another, if one is named.
    async fn restore_version(
        &mut self,
        dataset_id: Uuid,
        number: i64,
        replaces: Replaces,
    ) -> Result<(), Ended> {
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let current = dataset.current;
        let may_be_gone = dataset
            .versions
            .get(&number)
            .is_none_or(|version| version.may_be_retired);
        let is_known = dataset.versions.contains_key(&number);
        // What is current already needs no restoring.
        let agrees = [Replaces::Unstated, Replaces::Exactly(current)].contains(&replaces)
            || current == Some(number);
        let path = format!("/datasets/{dataset_id}/versions/{number}/restore");
        let response = self
            .api
            .call(&Request::post("restore_version", path, replaces.body()))
            .await?;
        let what = format!(
            "restoring version {number} of {dataset_id}, at {current:?}, in the place of {replaces:?}"
        );
        match response.status {
            200 if agrees && is_known => {
                let version: VersionResponse = self.api.read(&response)?;
                if version.version != number {
                    return Err(self.api.unexpected(&what, &response));
                }
            }
            409 if response.is(409, "version_conflict") && !agrees => {
                let reported: &Value = response.context("current_version");
                return if *reported == json!(current) {
                    Ok(())
                } else {
                    Err(self.api.unexpected(&what, &response))
                };
            }
            404 if may_be_gone => {
                self.model
                    .dataset(dataset_id)
                    .map(|dataset| dataset.versions.remove(&number));
                return Ok(());
            }
            _ => return Err(self.api.unexpected(&what, &response)),
        }
        if let Some(dataset) = self.model.dataset(dataset_id) {
            dataset.restore(number);
        }
        Ok(())
    }

    /// Checks that a dataset is at the version that it should be at.
    pub async fn check_dataset(&mut self, dataset_id: Uuid) -> Result<(), Ended> {
        let response = self
            .api
            .call(&Request::get(
                "get_dataset",
                format!("/datasets/{dataset_id}"),
            ))
            .await?;
        if response.status != 200 {
            return Err(self
                .api
                .unexpected(&format!("dataset {dataset_id} of the client"), &response));
        }
        let found: DatasetResponse = self.api.read(&response)?;
        let Some(known) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        if (&found.name, found.current_version) == (&known.name, known.current) {
            return Ok(());
        }
        let known = format!("{known:?}");
        Err(self.violation(&format!("the dataset should be {known}, and is {found:?}")))
    }

    async fn named(&self, name: &str) -> Result<DatasetResponse, Ended> {
        let query = reqwest::Url::parse_with_params("http://api/datasets", [("name", name)]);
        let path = query
            .map(|url| url.to_string().replace("http://api", ""))
            .unwrap_or_default();
        let response = self.api.call(&Request::get("list_datasets", path)).await?;
        let mut page = response.clone();
        page.body = response.body["items"][0].clone();
        self.api.read(&page)
    }

    fn new_name(&self, generator: &mut StdRng) -> String {
        format!(
            "client {} – {:016x}",
            self.number,
            generator.random::<u64>()
        )
    }
}
