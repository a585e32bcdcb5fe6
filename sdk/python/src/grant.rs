//! Operations on the grants of a dataset.

use bytes::Bytes;
use restow_sdk::Client;
use restow_sdk::generated::types::GrantRequest;

use crate::context::document;
use crate::failure::Failure;
use crate::list::{PAGE_SIZE, all};
use crate::operation::GrantOperation;

/// Runs an operation.
///
/// # Errors
/// Those of the API.
pub async fn run(client: &Client, operation: GrantOperation) -> Result<Bytes, Failure> {
    let api = client.api();
    match operation {
        GrantOperation::List { dataset } => {
            let id = client.find_dataset(&dataset).await?.id;
            let request = api.list_grants().dataset_id(id);
            all(request.limit(PAGE_SIZE).stream()).await
        }
        GrantOperation::Put {
            dataset,
            principal,
            role,
        } => {
            let id = client.find_dataset(&dataset).await?.id;
            let request = || {
                let request = api.put_grant().dataset_id(id).principal(&principal);
                request.body(GrantRequest { role }).send()
            };
            document(&client.call(request).await?)
        }
        GrantOperation::Delete { dataset, principal } => {
            let id = client.find_dataset(&dataset).await?.id;
            let request = || {
                let request = api.delete_grant().dataset_id(id);
                request.principal(&principal).send()
            };
            client.call(request).await?;
            document(&())
        }
    }
}
