//! `restow diff`.

use std::num::NonZeroU64;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::{output, schema_diff};

/// Arguments of `restow diff`.
#[derive(Args, Debug)]
pub struct DiffArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: String,
    /// Number of the version to compare with
    #[arg(value_name = "FROM")]
    pub from: NonZeroU64,
    /// Number of the version that is compared [default: the current one]
    #[arg(value_name = "TO")]
    pub to: Option<NonZeroU64>,
}

/// Shows the difference between two versions.
pub async fn run(context: Context, arguments: DiffArguments) -> Result<()> {
    let client = &context.client;
    let dataset = client.find_dataset(&arguments.dataset).await?;
    let request = || {
        let request = client.api().diff_versions().dataset_id(dataset.id);
        let request = request.from(arguments.from);
        match arguments.to {
            Some(to) => request.to(to).send(),
            None => request.send(),
        }
    };
    let diff = client.call(request).await?;
    let text = schema_diff::lines(&diff, output::width()).join("\n");
    context.output.result(&diff, diff.verdict, text)
}
