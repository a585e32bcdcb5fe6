//! The paths of the operations, by which metrics and traces tell requests apart.

use std::collections::HashMap;
use std::sync::Arc;

/// The path of each operation, with the names of its variables.
#[derive(Clone, Debug)]
pub(super) struct Operations {
    routes: HashMap<String, Arc<str>>,
    unknown: Arc<str>,
}

impl Default for Operations {
    fn default() -> Self {
        Self {
            routes: HashMap::new(),
            unknown: Arc::from(""),
        }
    }
}

impl Operations {
    /// Notes the path of an operation.
    pub(super) fn insert(&mut self, operation_id: &str, path: &str) {
        let route = Arc::from(path);
        self.routes.insert(operation_id.to_string(), route);
    }

    /// The path of an operation; empty for one that is not registered.
    pub(super) fn route(&self, operation_id: &str) -> Arc<str> {
        Arc::clone(self.routes.get(operation_id).unwrap_or(&self.unknown))
    }
}
