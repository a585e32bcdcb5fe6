//! Lists of events.

use bytes::Bytes;
use restow_sdk::Client;

use crate::failure::Failure;
use crate::list::{first, page_size};
use crate::operation::EventOperation;

/// A request for a list of events, restricted by a filter. The generated types of the three lists have nothing in common.
macro_rules! filtered {
    ($request:expr, $filter:expr) => {{
        let mut request = $request.limit(page_size($filter.limit));
        if let Some(event_type) = &$filter.event_type {
            request = request.type_(event_type);
        }
        if let Some(principal) = &$filter.principal {
            request = request.principal(principal);
        }
        if let Some(since) = $filter.since {
            request = request.since(since);
        }
        request
    }};
}

/// Runs an operation.
///
/// # Errors
/// Those of the API.
pub async fn run(client: &Client, operation: EventOperation) -> Result<Bytes, Failure> {
    let api = client.api();
    match operation {
        EventOperation::Dataset { dataset, filter } => {
            let id = client.find_dataset(&dataset).await?.id;
            let request = filtered!(api.list_dataset_events().dataset_id(id), filter);
            first(request.stream(), filter.limit).await
        }
        EventOperation::Job { job, filter } => {
            let request = filtered!(api.list_job_events().job_id(job), filter);
            first(request.stream(), filter.limit).await
        }
        EventOperation::Deployment { filter } => {
            let request = filtered!(api.list_events(), filter);
            first(request.stream(), filter.limit).await
        }
    }
}
