//! Members of objects of the document.

use serde_json::Value;

/// Takes a member out of an object, without a change in the order of the others; null where there is none.
pub(super) fn take(parent: &mut Value, name: &str) -> Value {
    parent
        .as_object_mut()
        .and_then(|members| members.shift_remove(name))
        .unwrap_or_default()
}
