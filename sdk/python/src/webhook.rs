//! Operations on the webhooks of a dataset.

use bytes::Bytes;
use restow_sdk::Client;
use restow_sdk::generated::types::CreateWebhookRequest;

use crate::argument::parsed;
use crate::context::document;
use crate::failure::Failure;
use crate::list::{PAGE_SIZE, all, first, page_size};
use crate::operation::WebhookOperation;

/// Runs an operation.
///
/// # Errors
/// Those of the API.
pub async fn run(client: &Client, operation: WebhookOperation) -> Result<Bytes, Failure> {
    use WebhookOperation as Is;
    let api = client.api();
    let find = async |dataset: &str| Ok::<_, Failure>(client.find_dataset(dataset).await?.id);
    match operation {
        Is::List { dataset } => {
            let request = api.list_webhooks().dataset_id(find(&dataset).await?);
            all(request.limit(PAGE_SIZE).stream()).await
        }
        Is::Create {
            dataset,
            url,
            types,
        } => {
            let url = parsed("url", &url)?;
            let body = CreateWebhookRequest { url, types };
            let id = find(&dataset).await?;
            let request = || api.create_webhook().dataset_id(id).body(body.clone());
            let client = client.without_retries();
            document(&client.call(|| request().send()).await?)
        }
        Is::Rotate { dataset, webhook } => {
            let id = find(&dataset).await?;
            let request = || api.rotate_webhook_secret().dataset_id(id);
            let client = client.without_retries();
            document(&client.call(|| request().webhook_id(webhook).send()).await?)
        }
        Is::Delete { dataset, webhook } => {
            let id = find(&dataset).await?;
            let request = || api.delete_webhook().dataset_id(id).webhook_id(webhook);
            client.call(|| request().send()).await?;
            document(&())
        }
        Is::Deliveries {
            dataset,
            webhook,
            limit,
        } => {
            let request = api.list_deliveries().dataset_id(find(&dataset).await?);
            let request = request.webhook_id(webhook).limit(page_size(limit));
            first(request.stream(), limit).await
        }
        Is::Resend {
            dataset,
            webhook,
            delivery,
        } => {
            let id = find(&dataset).await?;
            let request = || api.resend_delivery().dataset_id(id).webhook_id(webhook);
            document(
                &client
                    .call(|| request().delivery_id(delivery).send())
                    .await?,
            )
        }
    }
}
