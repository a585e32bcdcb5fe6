//! Grants: what principals may do with datasets that others own.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::string_enum::string_enum;

string_enum! {
    /// What a principal may do with a dataset; each role includes those before it.
    Role, "Role" {
        /// Read the dataset, its jobs and its versions, and download them.
        Reader = "reader",
        /// Upload and commit.
        Writer = "writer",
        /// Everything, including deletion, policies and grants.
        Owner = "owner",
    }
}

/// What a principal may do with a dataset that another principal owns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grant {
    /// Identifier of the dataset.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
    /// Name of the principal.
    #[schemars(title = "Principal")]
    pub principal: String,
    /// What the principal may do.
    pub role: Role,
    /// Time at which the role was granted.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
}

/// The role to grant.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GrantRequest {
    /// What the principal may do.
    pub role: Role,
}

/// Path of a grant.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GrantPath {
    /// Identifier of the dataset.
    #[schemars(description = "")]
    pub dataset_id: Uuid,
    /// Name of the principal.
    #[schemars(description = "")]
    pub principal: String,
}
