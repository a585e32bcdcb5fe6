//! Operations on the trust rules of a dataset.

use bytes::Bytes;
use restow_sdk::generated::types::{CreateTrustRuleRequest, TrustRule};
use restow_sdk::{Client, Error};

use crate::argument::{parsed, parsed_if_given};
use crate::context::document;
use crate::failure::Failure;
use crate::list::{PAGE_SIZE, all};
use crate::operation::{NewTrustRule, TrustOperation};

/// Runs an operation.
///
/// # Errors
/// Those of the API.
pub async fn run(client: &Client, operation: TrustOperation) -> Result<Bytes, Failure> {
    let api = client.api();
    match operation {
        TrustOperation::List { dataset } => {
            let id = client.find_dataset(&dataset).await?.id;
            let request = api.list_trust_rules().dataset_id(id);
            all(request.limit(PAGE_SIZE).stream()).await
        }
        TrustOperation::Create(rule) => document(&create(client, &rule).await?),
        TrustOperation::Delete { dataset, rule } => {
            let id = client.find_dataset(&dataset).await?.id;
            let request = || api.delete_trust_rule().dataset_id(id).rule_id(rule).send();
            client.call(request).await?;
            document(&())
        }
    }
}

async fn create(client: &Client, rule: &NewTrustRule) -> Result<TrustRule, Error> {
    let body = CreateTrustRuleRequest {
        issuer: parsed("issuer", &rule.issuer)?,
        repository: parsed("repository", &rule.repository)?,
        repository_owner_id: parsed_if_given(
            "repository_owner_id",
            rule.repository_owner_id.as_deref(),
        )?,
        workflow: parsed_if_given("workflow", rule.workflow.as_deref())?,
        branch: parsed_if_given("branch", rule.branch.as_deref())?,
        environment: parsed_if_given("environment", rule.environment.as_deref())?,
    };
    let id = client.find_dataset(&rule.dataset).await?.id;
    let request = || client.api().create_trust_rule().dataset_id(id);
    let client = client.without_retries();
    client.call(|| request().body(body.clone()).send()).await
}
