//! `restow dataset delete`.

use anyhow::Result;
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;
use crate::printable::printable;
use restow_sdk::generated::types::Dataset;

/// Deletes datasets, none of them if one does not exist.
pub async fn run(context: &Context, names_or_ids: &[String], yes: bool) -> Result<()> {
    let mut datasets: Vec<Dataset> = Vec::new();
    for name_or_id in names_or_ids {
        let dataset = context.client.find_dataset(name_or_id).await?;
        // The same one may be given by its name and by its id.
        if datasets.iter().all(|other| other.id != dataset.id) {
            datasets.push(dataset);
        }
    }
    if !yes {
        confirm(&question(&datasets)).await?;
    }
    for dataset in &datasets {
        delete(context, dataset).await?;
    }
    Ok(())
}

fn question(datasets: &[Dataset]) -> String {
    let names = datasets.iter().map(|dataset| printable(&dataset.name));
    let names: Vec<_> = names.collect();
    let versions = if names.len() == 1 {
        "all its versions"
    } else {
        "all their versions"
    };
    format!("Delete {} and {versions}? [y/N] ", names.join(", "))
}

async fn delete(context: &Context, dataset: &Dataset) -> Result<()> {
    let request = || {
        let operation = context.client.api().delete_dataset();
        operation.dataset_id(dataset.id).send()
    };
    context.client.call(request).await?;
    let document = json!({ "id": dataset.id, "name": &dataset.name, "deleted": true });
    let name = printable(&dataset.name);
    context.output.result(
        &document,
        dataset.id,
        format!(
            "deleted {name}; `restow dataset undelete {}` restores it while its versions are kept",
            dataset.id
        ),
    )
}

async fn confirm(question: &str) -> Result<()> {
    if !output::can_prompt() {
        let message = "there is no terminal for the confirmation prompt; skip it with --yes";
        return Err(Failure::Usage(message.to_string()).into());
    }
    match output::prompt(question.to_string())
        .await?
        .to_lowercase()
        .as_str()
    {
        "y" | "yes" => Ok(()),
        _ => anyhow::bail!("nothing was deleted"),
    }
}
