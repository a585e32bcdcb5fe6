//! The published document: derived from the trait, then transformed.
//!
//! The framework cannot express everything that the contract contains. The transform adds the rest: the mount point,
//! the security, the statuses of errors, titles, and integers without a format.

mod components;
mod description;
mod examples;
mod member;
mod responses;

use serde_json::{Map, Value, json};

use self::components::{
    title_of, transform_component, without_empty_description, without_integer_formats,
};
use self::description::description;
use self::member::take;
use self::responses::{add_conditional, add_redirect, add_stream, expand_failures};
use crate::api::restow_api_mod;
use crate::event::LAST_EVENT_ID;
use crate::right::{Target, right_of};

/// Where the API is mounted. The document's paths are relative to it.
pub const MOUNT: &str = "/api";

/// The tags in the order in which the docs and the console show them.
const TAGS: [&str; 6] = [
    "datasets", "reupload", "jobs", "versions", "events", "access",
];

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The document.
///
/// # Panics
/// If the trait declares a published operation outside of [`MOUNT`], which is a bug of this crate.
pub fn document() -> Value {
    transform(derived()).expect("the trait's operations lie under the mount point")
}

/// The document as the framework derives it from the trait.
fn derived() -> Value {
    let api =
        restow_api_mod::stub_api_description().expect("the trait's operations do not collide");
    let mut definition = api.openapi("Restow", semver::Version::new(1, 0, 0));
    definition
        .description(description())
        .license("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0")
        .contact_name("Restow")
        .contact_url("https://github.com/restow/restow");
    definition.json().expect("a document is JSON")
}

fn transform(mut document: Value) -> Result<Value, String> {
    let failures = take(&mut document["components"], "responses");
    let paths = take(&mut document, "paths");
    let mut mounted = Map::new();
    for (path, mut item) in paths.as_object().cloned().unwrap_or_default() {
        let relative = path
            .strip_prefix(MOUNT)
            .filter(|rest| rest.starts_with('/'));
        let relative = relative.ok_or_else(|| format!("{path} lies outside of {MOUNT}"))?;
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                transform_operation(method, operation, &failures)?;
            }
        }
        mounted.insert(relative.to_string(), item);
    }
    document["paths"] = Value::Object(mounted);
    document["servers"] = json!([{ "url": MOUNT }]);
    document["components"]["securitySchemes"] =
        json!({ "bearer": { "type": "http", "scheme": "bearer" } });
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        for (name, schema) in schemas.iter_mut() {
            transform_component(name, schema);
            examples::add(name, schema);
        }
    }
    without_integer_formats(&mut document);
    sort_tags(&mut document["tags"]);
    Ok(in_order(document))
}

fn transform_operation(
    method: &str,
    operation: &mut Value,
    failures: &Value,
) -> Result<(), String> {
    for parameter in operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let title = title_of(parameter["name"].as_str().unwrap_or_default());
        without_empty_description(parameter);
        let schema = &mut parameter["schema"];
        // A parameter in a path or a query is present or absent; it cannot be null.
        take(schema, "nullable");
        if let Some(reference) = take(schema, "allOf").get(0) {
            *schema = reference.clone();
        } else if schema.get("$ref").is_none() {
            schema["title"] = json!(title);
        }
    }
    let right = right_of(operation["operationId"].as_str().unwrap_or_default());
    let is_anonymous = right.is_some_and(|right| right.on == Target::Body);
    operation["security"] = if is_anonymous {
        json!([])
    } else {
        json!([{ "bearer": [] }])
    };
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut names = parameters
        .clone()
        .filter_map(|parameter| parameter["name"].as_str());
    let may_stream = names.any(|name| name.eq_ignore_ascii_case(LAST_EVENT_ID));
    let may_redirect = parameters
        .into_iter()
        .any(|parameter| parameter["name"] == "redirect");
    if may_redirect {
        add_redirect(&mut operation["responses"]);
    } else if method == "get" {
        add_conditional(&mut operation["responses"]);
    }
    if may_stream {
        add_stream(&mut operation["responses"]);
    }
    expand_failures(&mut operation["responses"], failures)
}

/// Puts the tags in the order in which a reader needs them; the framework has sorted them by name.
fn sort_tags(tags: &mut Value) {
    if let Value::Array(tags) = tags {
        tags.sort_by_key(|tag| TAGS.iter().position(|name| tag["name"] == *name));
    }
}

/// The members of the document in the order in which OpenAPI lists them.
fn in_order(mut document: Value) -> Value {
    let mut ordered = Map::new();
    for name in ["openapi", "info", "servers", "tags", "paths", "components"] {
        ordered.insert(name.to_string(), take(&mut document, name));
    }
    ordered.extend(document.as_object().cloned().unwrap_or_default());
    Value::Object(ordered)
}

#[cfg(test)]
mod tests;
