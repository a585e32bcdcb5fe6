//! `cargo xtask sdk`: the SDK's generated part is what progenitor makes of the document.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::{Map, Value, json};

use crate::openapi;
use crate::workspace::root;

const HEADER: &str =
    "// Generated from openapi.json by `cargo xtask sdk write`; not to be edited.\n\n";

fn file() -> PathBuf {
    root().join("sdk/src/generated.rs")
}

/// Renews the file.
pub fn write() -> Result<()> {
    fs::write(file(), generated()?)
        .with_context(|| format!("cannot write {}", file().display()))?;
    println!("wrote {}", file().display());
    Ok(())
}

/// Compares the file with what the generator makes of the document.
pub fn check() -> Result<()> {
    let written =
        fs::read_to_string(file()).with_context(|| format!("cannot read {}", file().display()))?;
    let generated = generated()?;
    if let Some(line) = first_difference(&written, &generated) {
        bail!(
            "sdk/src/generated.rs differs from line {line} on; `cargo xtask sdk write` renews it"
        );
    }
    println!("sdk/src/generated.rs matches the document");
    Ok(())
}

fn generated() -> Result<String> {
    let text = fs::read_to_string(openapi::file())?;
    let mut document: Value = serde_json::from_str(&text)?;
    unify_version_type(&mut document);
    reduce_to_types(&mut document["components"]["schemas"]);
    let document: OpenAPI = serde_json::from_value(document)?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged);
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .context("progenitor refuses the document")?;
    let code = prettyplease::unparse(&syn::parse2(tokens)?);
    Ok(format!("{HEADER}{code}"))
}

/// Makes the number of a version an `i64` everywhere in the SDK.
///
/// The document has its minimum in requests only, and progenitor makes a `NonZeroU64` of an integer with a minimum and an
/// `i64` of one without. With two types no version of a response could be passed to a request without a conversion.
fn unify_version_type(document: &mut Value) {
    match document {
        Value::Array(items) => items.iter_mut().for_each(unify_version_type),
        Value::Object(members) => {
            if members.get("name").and_then(Value::as_str) == Some("version")
                && let Some(Value::Object(schema)) = members.get_mut("schema")
            {
                schema.remove("minimum");
            }
            if let Some(Value::Object(properties)) = members.get_mut("properties")
                && let Some(Value::Object(replaces)) = properties.get_mut("replaces")
            {
                replaces.remove("minimum");
            }
            members.values_mut().for_each(unify_version_type);
        }
        _ => {}
    }
}

/// Removes examples, and writes a reference that may be null as progenitor understands it: as a nullable one.
fn reduce_to_types(schemas: &mut Value) {
    for schema in schemas
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        let Some(members) = schema.as_object_mut() else {
            continue;
        };
        members.shift_remove("example");
        let properties = members.get_mut("properties").and_then(Value::as_object_mut);
        for property in properties.into_iter().flat_map(Map::values_mut) {
            if property.pointer("/oneOf/1") == Some(&json!({ "enum": [null] })) {
                let reference = property["oneOf"][0].take();
                property["allOf"] = json!([reference]);
                property["nullable"] = json!(true);
                if let Some(members) = property.as_object_mut() {
                    members.shift_remove("oneOf");
                }
            }
        }
    }
}

/// Number of the first line, from 1, in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let equal = one
        .lines()
        .zip(other.lines())
        .take_while(|(one, other)| one == other)
        .count();
    Some(equal + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{first_difference, reduce_to_types, unify_version_type};

    #[test]
    fn version_numbers_lose_their_minimum() {
        let parameter = |schema| json!({"parameters": [{"name": "version", "schema": schema}]});
        let request = |schema| json!({"properties": {"replaces": schema, "size": {"minimum": 1}}});
        for wrap in [parameter as fn(Value) -> Value, request] {
            let mut document = wrap(json!({"type": "integer", "minimum": 1}));
            unify_version_type(&mut document);
            assert_eq!(document, wrap(json!({"type": "integer"})));
        }
    }

    #[test]
    fn alternatives_to_null_are_nullable() {
        let alternatives = json!({"oneOf": [{"$ref": "#/b"}, {"enum": [null]}]});
        let nullable = json!({"allOf": [{"$ref": "#/b"}], "nullable": true});
        let plain = json!({"type": "string"});
        let properties = json!({"b": alternatives, "c": plain});
        let mut schemas = json!({"A": {"example": {}, "properties": properties}});
        reduce_to_types(&mut schemas);
        let reduced = json!({"A": {"properties": {"b": nullable, "c": plain}}});
        assert_eq!(schemas, reduced);
    }

    #[test]
    fn any_difference_is_found() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a\n", "a"), Some(2));
    }
}
