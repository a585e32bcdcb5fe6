//! The documented statuses of each operation.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../../openapi.json");

/// Documented statuses by operation id.
#[derive(Debug)]
pub struct Contract(BTreeMap<String, Vec<u16>>);

impl Contract {
    /// Reads the document.
    ///
    /// # Errors
    /// If it is not one.
    pub fn read() -> Result<Self> {
        let document: Value = serde_json::from_str(DOCUMENT)?;
        let paths = document["paths"]
            .as_object()
            .context("the document has no paths")?;
        let operations = paths
            .values()
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::values);
        let statuses = operations.map(|operation| {
            let id = operation["operationId"]
                .as_str()
                .context("an operation has no id")?;
            let responses = operation["responses"]
                .as_object()
                .context("an operation has no responses")?;
            let statuses = responses
                .keys()
                .map(|status| Ok(status.parse()?))
                .collect::<Result<_>>()?;
            Ok((id.to_string(), statuses))
        });
        statuses.collect::<Result<_>>().map(Self)
    }

    /// Whether a status of an operation is documented.
    pub fn admits(&self, operation: &str, status: u16) -> bool {
        self.0
            .get(operation)
            .is_some_and(|statuses| statuses.contains(&status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_lists_responses_of_operation() -> Result<()> {
        let contract = Contract::read()?;
        assert!(
            contract.admits("get_job", 200) && contract.admits("request_presigned_reupload", 429)
        );
        assert!(
            !contract.admits("get_job", 500)
                && !contract.admits("get_job", 409)
                && !contract.admits("none", 200)
        );
        Ok(())
    }
}
