//! The policy of a dataset: which changes a commit may make.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diff::ChangeKind;
use crate::string_enum::string_enum;

string_enum! {
    /// What a policy does about a kind of change.
    PolicyAction, "Policy Action" {
        /// Admit it, also where it is breaking.
        Allow = "allow",
        /// Refuse it, also where it is compatible.
        Refuse = "refuse",
    }
}

/// Which changes may be committed. Of a kind that is not listed, breaking changes are refused and compatible ones are
/// admitted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// Columns that are new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_added: Option<PolicyAction>,
    /// Columns that are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_removed: Option<PolicyAction>,
    /// Columns that may have been renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_renamed: Option<PolicyAction>,
    /// Types that changed, where every value fits the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_fits: Option<PolicyAction>,
    /// Types that changed, where values do not fit the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_breaks: Option<PolicyAction>,
    /// Null values in columns that had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls_appeared: Option<PolicyAction>,
    /// Another order of the columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_changed: Option<PolicyAction>,
    /// Another format or compression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format_changed: Option<PolicyAction>,
    /// Another delimiter, quoting, encoding, header or decimal mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect_changed: Option<PolicyAction>,
    /// Fewer rows; admitted without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_lost: Option<PolicyAction>,
    /// Largest share of the rows that may be lost without being refused as `rows_lost`, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Max Row Loss", range(min = 0.0, max = 1.0))]
    pub max_row_loss: Option<f64>,
    /// Whether a job is committed as soon as it is inspected, where the policy admits its changes. By default not.
    #[serde(default)]
    #[schemars(title = "Auto Commit", skip_serializing_if = "std::ops::Not::not")]
    pub auto_commit: bool,
}

impl Policy {
    /// What the policy does about `kind`; none where it depends on whether the change is breaking.
    pub fn action(&self, kind: ChangeKind) -> Option<PolicyAction> {
        match kind {
            ChangeKind::ColumnAdded => self.column_added,
            ChangeKind::ColumnRemoved => self.column_removed,
            ChangeKind::ColumnRenamed => self.column_renamed,
            ChangeKind::TypeFits => self.type_fits,
            ChangeKind::TypeBreaks => self.type_breaks,
            ChangeKind::NullsAppeared => self.nulls_appeared,
            ChangeKind::OrderChanged => self.order_changed,
            ChangeKind::FormatChanged => self.format_changed,
            ChangeKind::DialectChanged => self.dialect_changed,
            ChangeKind::RowsLost => self.rows_lost,
        }
    }
}
