//! Whether the operations that were measured are all that the document has.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::session::Times;

/// Operations that need an issuer of tokens. The plans of their statements are checked with all others.
const OF_ISSUERS: [&str; 3] = ["create_trust_rule", "delete_trust_rule", "exchange_token"];

/// Makes sure that no operation of the document has been left out.
///
/// # Errors
/// If one has; the error names all of them.
pub fn ensure_complete(times: &Times, document: &Path) -> Result<()> {
    let text =
        fs::read_to_string(document).with_context(|| format!("no {}", document.display()))?;
    let document: Value = serde_json::from_str(&text)?;
    let missing = missing(times, &document);
    ensure!(
        missing.is_empty(),
        "not measured: {}; tests/src/bench/scale/operation.rs has to request every operation of openapi.json",
        missing.join(", ")
    );
    Ok(())
}

fn missing<'a>(times: &Times, document: &'a Value) -> Vec<&'a str> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let methods = paths.flat_map(|(_, path)| path.as_object().into_iter().flatten());
    methods
        .filter_map(|(_, method)| method["operationId"].as_str())
        .filter(|operation| !times.contains_key(*operation) && !OF_ISSUERS.contains(operation))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_that_were_left_out_are_found() {
        let document = json!({"paths": {
            "/jobs/{job_id}": {"parameters": [], "get": {"operationId": "get_job"}},
            "/datasets": {"get": {"operationId": "list_datasets"}, "post": {"operationId": "create_dataset"}},
        }});
        let times = Times::from([("list_datasets".to_string(), vec![1.0])]);
        assert_eq!(missing(&times, &document), ["get_job", "create_dataset"]);
    }
}
