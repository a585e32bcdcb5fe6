//! `restow dataset policy`.

use anyhow::Result;
use clap::Args;

use crate::accept_arguments::change_kind_parser;
use crate::context::Context;
use crate::table;
use restow_sdk::generated::types::{
    ChangeKind, Dataset, Policy, PolicyAction, UpdateDatasetRequest,
};

/// Arguments of `restow dataset policy`.
#[derive(Args, Debug)]
pub struct PolicyArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "NAME|ID")]
    dataset: String,
    /// Kind of change to refuse, also where it is compatible; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = change_kind_parser())]
    refuse: Vec<ChangeKind>,
    /// Kind of change to allow, also where it is breaking; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = change_kind_parser())]
    allow: Vec<ChangeKind>,
    /// Kind of change to allow only where it is compatible, as by default; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = change_kind_parser())]
    unset: Vec<ChangeKind>,
    /// Largest share of the rows that may be lost, from 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    max_row_loss: Option<f64>,
    /// Commit a job as soon as it is inspected, where the policy admits its changes
    #[arg(long, overrides_with = "no_auto_commit")]
    auto_commit: bool,
    /// Leave inspected jobs to be committed by `restow job commit`
    #[arg(long, overrides_with = "auto_commit")]
    no_auto_commit: bool,
    /// Begin with the default policy instead of the present one
    #[arg(long)]
    reset: bool,
}

/// Shows the policy of a dataset, or changes it.
pub async fn run(context: &Context, arguments: &PolicyArguments) -> Result<()> {
    let client = &context.client;
    let mut dataset = client.find_dataset(&arguments.dataset).await?;
    if arguments.is_change() {
        let body = UpdateDatasetRequest {
            name: None,
            policy: Some(arguments.changed(&dataset.policy)),
        };
        let request = || client.api().update_dataset().dataset_id(dataset.id);
        dataset = client.call(|| request().body(body.clone()).send()).await?;
    }
    let text = description(&dataset);
    context.output.result(&dataset.policy, dataset.id, text)
}

impl PolicyArguments {
    fn is_change(&self) -> bool {
        let kinds = [&self.refuse, &self.allow, &self.unset];
        kinds.iter().any(|kinds| !kinds.is_empty())
            || self.max_row_loss.is_some()
            || [self.auto_commit, self.no_auto_commit, self.reset].contains(&true)
    }

    /// The policy after the change. What is not given stays as it is, unless it is reset.
    fn changed(&self, present: &Policy) -> Policy {
        let mut policy = if self.reset {
            Policy::default()
        } else {
            present.clone()
        };
        for (kinds, action) in [
            (&self.unset, None),
            (&self.allow, Some(PolicyAction::Allow)),
            (&self.refuse, Some(PolicyAction::Refuse)),
        ] {
            for kind in kinds {
                policy.set_action(*kind, action);
            }
        }
        policy.max_row_loss = self.max_row_loss.or(policy.max_row_loss);
        if self.auto_commit || self.no_auto_commit {
            policy.auto_commit = Some(self.auto_commit);
        }
        policy
    }
}

fn parse_share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok();
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or("expected a number from 0 to 1")
}

/// The policy as text.
fn description(dataset: &Dataset) -> String {
    let policy = &dataset.policy;
    let names = ChangeKind::ALL.map(|kind| (kind, kind.to_string()));
    let mut properties: Vec<(&str, String)> = names
        .iter()
        .map(|(kind, name)| (name.as_str(), action(policy, *kind)))
        .collect();
    let loss = policy.max_row_loss;
    let loss = loss.map_or_else(|| "any".to_string(), |share| share.to_string());
    properties.push(("max_row_loss", loss));
    let is_automatic = policy.auto_commit == Some(true);
    properties.push(("auto_commit", is_automatic.to_string()));
    table::properties(&dataset.name, &properties)
}

fn action(policy: &Policy, kind: ChangeKind) -> String {
    policy.action(kind).map_or_else(
        || "refuse where breaking (default)".to_string(),
        |action| action.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use serde_json::{Value, json};

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        policy: PolicyArguments,
    }

    fn parsed(arguments: &[&str]) -> Option<PolicyArguments> {
        let arguments = [&["policy", "weather"], arguments].concat();
        Some(Command::try_parse_from(arguments).ok()?.policy)
    }

    fn changed(arguments: &[&str], present: Value) -> Value {
        let policy = serde_json::from_value(present).unwrap();
        json!(parsed(arguments).unwrap().changed(&policy))
    }

    #[test]
    fn arguments_change_only_what_they_name() {
        let present = json!({"column_added": "refuse", "rows_lost": "refuse", "auto_commit": true});
        let arguments = [
            "--allow",
            "column_removed,rows_lost",
            "--max-row-loss",
            "0.1",
        ];
        let expected = json!({
            "column_added": "refuse", "column_removed": "allow", "rows_lost": "allow", "max_row_loss": 0.1,
            "auto_commit": true,
        });
        assert_eq!(changed(&arguments, present.clone()), expected);
        let arguments = [
            "--no-auto-commit",
            "--unset",
            "column_added",
            "--unset",
            "rows_lost",
        ];
        assert_eq!(
            changed(&arguments, present.clone()),
            json!({"auto_commit": false})
        );
        let arguments = ["--reset", "--refuse", "type_fits"];
        let expected = json!({"type_fits": "refuse"});
        assert_eq!(changed(&arguments, present), expected);
    }

    #[test]
    fn policy_is_only_shown_without_options() {
        assert!(!parsed(&[]).unwrap().is_change());
        for argument in [
            "--reset",
            "--auto-commit",
            "--no-auto-commit",
            "--refuse=rows_lost",
        ] {
            assert!(parsed(&[argument]).unwrap().is_change(), "{argument}");
        }
        for invalid in [
            "--max-row-loss=1.5",
            "--max-row-loss=-1",
            "--max-row-loss=NaN",
            "--allow=x",
        ] {
            assert!(parsed(&[invalid]).is_none(), "{invalid}");
        }
    }
}
