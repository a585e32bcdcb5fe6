//! `restow trust`: which CI jobs may publish to a dataset without a stored secret.

use anyhow::Result;
use clap::{Args, Subcommand};
use uuid::Uuid;

use crate::context::Context;
use crate::once::in_doubt;
use crate::printable::printable;
use crate::shell_word::shell_word;
use crate::{list, units};
use restow_sdk::Error;
use restow_sdk::generated::types::{CreateTrustRuleRequest, TrustRule};

/// The issuer of GitHub Actions.
const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// Commands on trust rules.
#[derive(Debug, Subcommand)]
pub enum TrustAction {
    /// Let the CI jobs of a repository publish to a dataset
    #[command(
        after_help = "Each option narrows down which jobs are trusted. Name at least the workflow, the branch or an \
                            environment: a rule with a repository alone trusts all of its branches. The number of the \
                            owner is that at https://api.github.com/users/OWNER.\n\n\
                            Examples:\n  restow trust add weather --repository octo/weather --owner-id 583231 \
                            --workflow publish.yml --branch main\n  \
                            restow trust add weather --issuer https://gitlab.example --repository octo/weather \
                            --environment production"
    )]
    Add(AddArguments),
    /// List the trust rules of a dataset
    #[command(after_help = "Example:\n  restow trust list weather")]
    List {
        /// Name or identifier of the dataset
        #[arg(value_name = "DATASET")]
        dataset: String,
    },
    /// Delete a trust rule, and revoke the tokens that were issued by it
    #[command(
        visible_alias = "rm",
        after_help = "Example:\n  restow trust remove weather 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d"
    )]
    Remove {
        /// Name or identifier of the dataset
        #[arg(value_name = "DATASET")]
        dataset: String,
        /// Identifier of the rule, as `restow trust list` shows it
        #[arg(value_name = "RULE")]
        rule: Uuid,
    },
}

/// Arguments of `restow trust add`.
#[derive(Args, Debug)]
pub struct AddArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    dataset: String,
    /// Repository of the jobs, with its owner, exactly as the CI system writes it
    #[arg(long, value_name = "OWNER/NAME")]
    repository: String,
    /// Issuer of the jobs' tokens
    #[arg(long, value_name = "URL", default_value = GITHUB)]
    issuer: String,
    /// Number of the repository's owner, which a name that changes hands does not keep [default: that of the first job]
    #[arg(long, value_name = "NUMBER")]
    owner_id: Option<String>,
    /// File of the workflow, such as publish.yml, or the path of a reusable one
    #[arg(long, value_name = "FILE")]
    workflow: Option<String>,
    /// Branch that the jobs run on
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Environment of the jobs
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
}

/// Runs a command on trust rules.
pub async fn run(context: Context, action: TrustAction) -> Result<()> {
    match action {
        TrustAction::Add(arguments) => add(&context, arguments).await,
        TrustAction::List { dataset } => list_all(&context, &dataset).await,
        TrustAction::Remove { dataset, rule } => remove(&context, &dataset, rule).await,
    }
}

async fn add(context: &Context, arguments: AddArguments) -> Result<()> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let body = request(&arguments)?;
    if body.workflow.is_none() && body.branch.is_none() && body.environment.is_none() {
        context.output.warn(
            "the rule trusts every workflow on every branch of the repository; --workflow, --branch and --environment \
             narrow it down",
        );
    }
    let client = context.client.without_retries();
    let create = || client.api().create_trust_rule().dataset_id(dataset.id);
    let rule = client
        .call(|| create().body(body.clone()).send())
        .await
        .map_err(|error| {
            let list = format!("restow trust list {}", shell_word(&dataset.name));
            let doubt = format!("it is unknown whether the rule was added; `{list}` shows it");
            in_doubt(error, doubt)
        })?;
    let text = format!(
        "CI jobs of {} may publish to {} (rule {})",
        printable(&rule.repository),
        printable(&dataset.name),
        rule.id
    );
    context.output.result(&rule, rule.id, text)
}

fn request(arguments: &AddArguments) -> Result<CreateTrustRuleRequest> {
    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        option: &str,
        value: &str,
    ) -> Result<T, Error> {
        let invalid = |error| Error::InvalidRequest(format!("{option}: {error}"));
        value.parse().map_err(invalid)
    }
    fn optional<T: std::str::FromStr<Err: std::fmt::Display>>(
        option: &str,
        value: Option<&String>,
    ) -> Result<Option<T>, Error> {
        value.map(|value| parsed(option, value)).transpose()
    }
    Ok(CreateTrustRuleRequest {
        issuer: parsed("--issuer", &arguments.issuer)?,
        repository: parsed("--repository", &arguments.repository)?,
        repository_owner_id: optional("--owner-id", arguments.owner_id.as_ref())?,
        workflow: optional("--workflow", arguments.workflow.as_ref())?,
        branch: optional("--branch", arguments.branch.as_ref())?,
        environment: optional("--environment", arguments.environment.as_ref())?,
    })
}

async fn list_all(context: &Context, dataset: &str) -> Result<()> {
    let dataset = context.client.find_dataset(dataset).await?;
    let request = context.client.api().list_trust_rules();
    let request = request.dataset_id(dataset.id).limit(list::PAGE_SIZE);
    let header = format!("{:36}  {:20}  JOBS", "ID", "LAST USED");
    let row = |rule: &TrustRule| {
        let last_used = rule
            .last_used_at
            .map_or_else(|| "-".to_string(), units::time);
        format!("{}  {last_used:20}  {}", rule.id, description(rule))
    };
    let rules = request.stream();
    list::print(context.output, rules, &header, |rule| rule.id, row).await
}

/// Which jobs a rule trusts, in one line.
fn description(rule: &TrustRule) -> String {
    let parts = [
        ("owner", &rule.repository_owner_id),
        ("workflow", &rule.workflow),
        ("branch", &rule.branch),
        ("environment", &rule.environment),
        ("created by", &rule.created_by),
    ];
    let mut text = printable(&rule.repository).to_string();
    for (name, value) in parts {
        if let Some(value) = value {
            text = format!("{text}, {name} {}", printable(value));
        }
    }
    format!("{text} ({})", printable(&rule.issuer))
}

async fn remove(context: &Context, dataset: &str, rule_id: Uuid) -> Result<()> {
    let client = &context.client;
    let dataset = client.find_dataset(dataset).await?;
    let request = || {
        let operation = client.api().delete_trust_rule();
        operation.dataset_id(dataset.id).rule_id(rule_id).send()
    };
    client.call(request).await?;
    let document = serde_json::json!({ "id": rule_id, "deleted": true });
    let text = format!(
        "CI jobs of the rule {rule_id} may no longer publish to {}",
        printable(&dataset.name)
    );
    context.output.result(&document, rule_id, text)
}
