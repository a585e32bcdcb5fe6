//! Whole documents.

use std::collections::BTreeSet;

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
    keep_reachable_schemas(&mut old);
    // A missing member means the same.
    set(
        &mut old,
        "/components/schemas/JobError/properties/ctx/additionalProperties",
        Value::Null,
    );
    let mut pointers = Vec::new();
    collect("", &old, &mut pointers);
    assert!(pointers.len() > 500, "{}", pointers.len());
    let unseen = |pointer: &&String| {
        let mut new = old.clone();
        set(&mut new, pointer, Value::Null);
        Comparison::between(&old, &new).is_empty()
    };
    assert_eq!(pointers.iter().filter(unseen).collect::<Vec<_>>(), [""; 0]);
}

/// Removes the schemas that no kept path leads to.
fn keep_reachable_schemas(document: &mut Value) {
    let mut reached = BTreeSet::new();
    let mut texts = vec![document["paths"].to_string()];
    while let Some(text) = texts.pop() {
        for name in text.split("#/components/schemas/").skip(1) {
            let name = name.split('"').next().unwrap_or_default().to_string();
            let schema = document["components"]["schemas"][&name].to_string();
            if reached.insert(name) {
                texts.push(schema);
            }
        }
    }
    document["components"]["schemas"]
        .as_object_mut()
        .unwrap()
        .retain(|name, _| reached.contains(name));
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
