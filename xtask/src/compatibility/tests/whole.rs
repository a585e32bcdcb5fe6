//! Whole documents.

use serde_json::{Value, json};

use super::{document, set};
use crate::compatibility::comparison::Comparison;
use crate::compatibility::is_of_higher_major;

#[test]
fn equal_documents_have_no_changes() {
    assert_eq!(Comparison::between(&document(), &document()), []);
}

#[test]
fn only_higher_major_version_allows_breaking() {
    let of = |version: &str| json!({ "info": { "version": version } });
    assert!(is_of_higher_major(&of("1.9.0"), &of("2.0.0")));
    assert!(!is_of_higher_major(&of("1.0.0"), &of("1.1.0")));
    assert!(!is_of_higher_major(&of("2.0.0"), &of("1.0.0")));
    assert!(!is_of_higher_major(&of("1.0.0"), &of("next")));
}

/// Removing any member of the real document is reported by some rule.
#[test]
fn every_change_of_document_is_detected() {
    let mut old = crate::openapi::read(&crate::openapi::file()).unwrap();
    // One of each shape is enough.
    let kept = [
        "/datasets",
        "/datasets/{dataset_id}/reupload/presigned",
        "/datasets/{dataset_id}/jobs",
    ];
    old["paths"]
        .as_object_mut()
        .unwrap()
        .retain(|path, _| kept.contains(&path.as_str()));
    // A missing member means the same.
    set(
        &mut old,
        "/components/schemas/JobError/properties/ctx/additionalProperties",
        Value::Null,
    );
    let mut pointers = Vec::new();
    collect("", &old, &mut pointers);
    assert!(pointers.len() > 1000);
    let unseen = |pointer: &&String| {
        let mut new = old.clone();
        set(&mut new, pointer, Value::Null);
        Comparison::between(&old, &new).is_empty()
    };
    assert_eq!(pointers.iter().filter(unseen).collect::<Vec<_>>(), [""; 0]);
}

fn collect(pointer: &str, value: &Value, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, child)| (name.clone(), child))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    // What is null already does not change.
    for (name, child) in children.into_iter().filter(|(_, child)| !child.is_null()) {
        let pointer = restow_conformance::differences::below(pointer, &name);
        collect(&pointer, child, pointers);
        pointers.push(pointer);
    }
}
