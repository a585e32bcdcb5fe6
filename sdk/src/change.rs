//! What the generated types of changes lack: kinds, and what a policy and a caller say about them.

use crate::generated::types::{Acceptance, ChangeKind, Policy, PolicyAction};

impl ChangeKind {
    /// All kinds of changes.
    pub const ALL: [Self; 10] = [
        Self::ColumnAdded,
        Self::ColumnRemoved,
        Self::ColumnRenamed,
        Self::TypeFits,
        Self::TypeBreaks,
        Self::NullsAppeared,
        Self::OrderChanged,
        Self::FormatChanged,
        Self::DialectChanged,
        Self::RowsLost,
    ];
}

impl From<ChangeKind> for Acceptance {
    fn from(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::ColumnAdded => Self::ColumnAdded,
            ChangeKind::ColumnRemoved => Self::ColumnRemoved,
            ChangeKind::ColumnRenamed => Self::ColumnRenamed,
            ChangeKind::TypeFits => Self::TypeFits,
            ChangeKind::TypeBreaks => Self::TypeBreaks,
            ChangeKind::NullsAppeared => Self::NullsAppeared,
            ChangeKind::OrderChanged => Self::OrderChanged,
            ChangeKind::FormatChanged => Self::FormatChanged,
            ChangeKind::DialectChanged => Self::DialectChanged,
            ChangeKind::RowsLost => Self::RowsLost,
        }
    }
}

impl Policy {
    /// What the policy does about changes of a kind; `None` where it depends on whether the change is breaking.
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

    /// Sets what the policy does about changes of a kind.
    pub fn set_action(&mut self, kind: ChangeKind, action: Option<PolicyAction>) {
        let member = match kind {
            ChangeKind::ColumnAdded => &mut self.column_added,
            ChangeKind::ColumnRemoved => &mut self.column_removed,
            ChangeKind::ColumnRenamed => &mut self.column_renamed,
            ChangeKind::TypeFits => &mut self.type_fits,
            ChangeKind::TypeBreaks => &mut self.type_breaks,
            ChangeKind::NullsAppeared => &mut self.nulls_appeared,
            ChangeKind::OrderChanged => &mut self.order_changed,
            ChangeKind::FormatChanged => &mut self.format_changed,
            ChangeKind::DialectChanged => &mut self.dialect_changed,
            ChangeKind::RowsLost => &mut self.rows_lost,
        };
        *member = action;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acceptance_has_the_name_of_its_kind() {
        for kind in ChangeKind::ALL {
            assert_eq!(Acceptance::from(kind).to_string(), kind.to_string());
        }
    }

    #[test]
    fn action_is_stored_under_the_name_of_its_kind() {
        for kind in ChangeKind::ALL {
            let mut policy = Policy::default();
            policy.set_action(kind, Some(PolicyAction::Refuse));
            assert_eq!(policy.action(kind), Some(PolicyAction::Refuse));
            let document = serde_json::to_value(&policy).unwrap();
            assert_eq!(document[kind.to_string()], "refuse");
            let others = ChangeKind::ALL.into_iter().filter(|other| *other != kind);
            assert!(
                others
                    .into_iter()
                    .all(|other| policy.action(other).is_none())
            );
        }
    }
}
