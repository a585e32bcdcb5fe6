//! What the handlers share.

use std::sync::Arc;

use super::cors::Origin;
use super::docs::Document;
use super::operations::Operations;
use crate::app::App;
use crate::health::RecentHealth;

/// What the handlers share.
#[derive(Debug)]
pub struct Context {
    /// What the operations work with.
    pub app: Arc<App>,
    /// What probes were last told of database and S3.
    pub(super) health: RecentHealth,
    /// The paths of the operations.
    pub(super) operations: Operations,
    /// Origins whose pages may use the API.
    pub(super) allowed_origins: Vec<Origin>,
    /// The document, in the forms in which it is served.
    pub(super) document: Document,
}
