//! The state of the database, in numbers.

use restow_api::job::JobStatus;
use serde_json::{Map, Value, json};

use crate::doctor::Subject;
use crate::error::Result;
use crate::store::Store;

/// Version of the schema, jobs by state, and when the deployment was served and reaped.
pub(super) async fn state(subject: &Subject) -> Value {
    let Ok(store) = &subject.store else {
        return json!({ "error": "the database cannot be opened; see doctor.json" });
    };
    let needed = store.needed_schema_version();
    let schema = match store.check_schema().await {
        Ok(()) => json!({ "needed": needed, "found": needed }),
        Err(error) => {
            return json!({ "schema": { "needed": needed, "error": error.to_string() } });
        }
    };
    match numbers(store).await {
        Ok(mut state) => {
            state["schema"] = schema;
            state
        }
        Err(_) => {
            json!({ "schema": schema, "error": "the database does not respond; see doctor.json" })
        }
    }
}

async fn numbers(store: &Store) -> Result<Value> {
    let mut jobs = Map::new();
    for status in JobStatus::ALL {
        let number = store.count_jobs(*status).await?;
        jobs.insert(status.as_str().to_string(), json!(number));
    }
    let service = store.service().await?;
    Ok(json!({
        "jobs": jobs,
        "tokens": store.count_tokens().await?,
        "reaper": store.reaping().await?,
        "service": {
            "served_at": service.served_at,
            "serving_since": service.serving_since,
            "is_adding_gap": service.is_adding_gap(),
        },
    }))
}
