//! `--dry-run`: what a push would do.

use anyhow::Result;
use restow_sdk::Error;
use serde_json::json;

use super::arguments::PushArguments;
use super::target::Target;
use crate::context::Context;
use crate::printable::printable;
use crate::{dataset, units};

/// Prints each file with its dataset, and changes nothing.
///
/// # Errors
/// Those of the API, a file that cannot be uploaded, and a dataset that would not be created.
pub async fn print(context: &Context, arguments: &PushArguments, targets: &[Target]) -> Result<()> {
    for target in targets {
        target.check()?;
        let found = context.client.find_dataset(&target.dataset).await;
        let creates = arguments.create && !dataset::is_id(&target.dataset);
        let found = match found {
            Err(Error::DatasetNotFound(_)) if creates => None,
            found => Some(found?),
        };
        let effect = match &found {
            None => "a new dataset".to_string(),
            Some(dataset) => match dataset.current_version {
                None => "its first version".to_string(),
                Some(version) => format!("after version {version}"),
            },
        };
        let name = printable(&target.dataset);
        let text = format!(
            "{} ({}) to {name}, {effect}",
            target.name,
            units::bytes(target.size())
        );
        let document = json!({
            "file": &target.name,
            "path": target.path.to_string_lossy(),
            "dataset": { "id": found.as_ref().map(|found| found.id), "name": &target.dataset },
            "current_version": found.as_ref().and_then(|found| found.current_version),
            "file_size": target.size(),
            "dry_run": true,
        });
        context.output.result(&document, &target.name, text)?;
    }
    Ok(())
}
