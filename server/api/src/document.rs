//! The published document: derived from the trait, then transformed.
//!
//! The framework cannot express everything that the contract contains. The transform adds the rest: the mount point,
//! the security, the statuses of errors, titles, and integers without a format.

use serde_json::{Map, Value, json};

use crate::api::restow_api_mod;
use crate::diff::ChangeKind;
use crate::error::ErrorType;
use crate::failures::RESPONSES_EXTENSION;
use crate::finding::FindingType;

/// Where the API is mounted. The document's paths are relative to it.
pub const MOUNT: &str = "/api";

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const DESCRIPTION: &str = "Replace the data of a dataset by uploading straight to S3.\n\n\
    1. Request URLs. There is one for each part, in the order of the parts: all parts but the last have `part_size` \
    bytes, and an upload without a `part_size` has one part.\n\
    2. PUT the bytes of each part to its URL, without a bearer token. S3 returns an ETag, and errors as XML; 403 or 400 \
    means that the URL has expired, 403 also that the body has the wrong size. Fresh URLs can be requested at any time.\n\
    3. Complete the upload, and poll the job until it is `ready`. A job whose content cannot be read as it stands is \
    `rejected` and keeps its upload: inspect it again with other read options.\n\
    4. Check the preview, and commit: the object becomes the dataset's current version.\n\n\
    The server signs the URLs and inspects the object; uploads and downloads do not pass through it.\n\n\
    ## Errors\n\n\
    The body of every error response of an operation has the schema `HTTPValidationError`, whose `detail` is never empty. \
    `loc` is the location of the error: `body`, `path`, `query`, `header`, `method` or `server`, then names and indexes. `type` is a stable \
    machine code for programs to act on; `msg` is for people, and `ctx` contains the values that it mentions. All schema violations \
    in a request are reported in one 422 response, up to a thousand. With 429 and 503, `Retry-After` is the number of seconds to wait.\n\n";

/// The router's own responses, where no operation is found.
const ROUTER: &str = "\n\nA method that a path does not support returns 405 with `Allow` and the code \
    `method_not_allowed`; `HEAD` is supported wherever `GET` is, and `OPTIONS` everywhere. Where the path is unknown \
    or cannot be decoded, or the method is not a standard HTTP method, the body differs: \
    `{\"request_id\": string, \"message\": string}`, sometimes with an `error_code`, with status 404, 400 or 405. The response to a \
    request that is not valid HTTP, or whose head is too long, has no body.";

/// Heads the list of types of findings. The guide on inspection makes its table from the list.
const FINDINGS: &str = "\n\n## Findings\n\n\
    What an inspection has to say about the content of an object is a list of findings, in the preview of its job. A finding \
    whose `severity` is `error` makes the job `rejected`.\n\n";

/// Heads the list of kinds of changes. The guide on schemas makes its table from the list.
const CHANGES: &str = "\n\n## Changes\n\n\
    How an object differs from a version of its dataset is a list of changes, `schema_diff` in the preview of its job. The \
    policy of the dataset says which of them a commit may make.\n\n";

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
        .license_name("Apache-2.0");
    definition.json().expect("a document is JSON")
}

fn description() -> String {
    let code = |code: &ErrorType| {
        let name = format!("`{}` ({})", code.as_str(), code.status().as_str());
        line(&name, code.meaning())
    };
    let finding =
        |finding: &FindingType| line(&format!("`{}`", finding.as_str()), finding.meaning());
    let change = |kind: &ChangeKind| line(&format!("`{}`", kind.as_str()), kind.meaning());
    [
        DESCRIPTION,
        &lines(ErrorType::ALL, code),
        ROUTER,
        FINDINGS,
        &lines(FindingType::ALL, finding),
        CHANGES,
        &lines(ChangeKind::ALL, change),
    ]
    .concat()
}

fn line(name: &str, meaning: &str) -> String {
    format!("- {name}: {meaning}")
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
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
                transform_operation(operation, &failures)?;
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
        }
    }
    without_integer_formats(&mut document);
    Ok(in_order(document))
}

fn take(parent: &mut Value, name: &str) -> Value {
    parent
        .as_object_mut()
        .and_then(|members| members.shift_remove(name))
        .unwrap_or_default()
}

fn transform_operation(operation: &mut Value, failures: &Value) -> Result<(), String> {
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
    operation["security"] = json!([{ "bearer": [] }]);
    expand_failures(&mut operation["responses"], failures)
}

/// Replaces `4XX` and `5XX` by the error responses that the operation's error type lists.
fn expand_failures(responses: &mut Value, failures: &Value) -> Result<(), String> {
    take(responses, "5XX");
    let reference = take(responses, "4XX");
    let name = reference["$ref"]
        .as_str()
        .and_then(|text| text.rsplit('/').next())
        .unwrap_or_default();
    let named = &failures[name]["content"]["application/json"]["schema"][RESPONSES_EXTENSION];
    let named = named
        .as_object()
        .ok_or_else(|| format!("{name} names no responses"))?;
    for (status, description) in named {
        responses[status] = failure_response(status, description);
    }
    if let Some(members) = responses.as_object_mut() {
        members.sort_keys();
    }
    Ok(())
}

fn failure_response(status: &str, description: &Value) -> Value {
    let mut response = json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/HTTPValidationError" } } },
    });
    let header = match status {
        "401" => Some((
            "WWW-Authenticate",
            "string",
            "The authentication scheme: Bearer",
        )),
        "429" | "503" => Some(("Retry-After", "integer", "Seconds to wait before retrying")),
        _ => None,
    };
    if let Some((name, json_type, description)) = header {
        response["headers"] = json!({
            name: { "description": description, "required": true, "schema": { "type": json_type } },
        });
    }
    response
}

/// The title of a schema is its name, and only its members have descriptions, in the order of declaration.
fn transform_component(name: &str, schema: &mut Value) {
    take(schema, "description");
    if schema.get("title").is_none() {
        schema["title"] = json!(name);
    }
    let declared: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| json!(name))
        .collect();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.sort_by_key(|name| declared.iter().position(|other| other == name));
    }
    for (name, property) in schema
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        without_empty_description(property);
        if property.get("$ref").is_none() && property.get("title").is_none() {
            property["title"] = json!(title_of(name));
        }
    }
}

/// Every member has a doc comment; only those that the contract describes have a description.
fn without_empty_description(described: &mut Value) {
    if described
        .get("description")
        .is_some_and(|description| description == "")
    {
        take(described, "description");
    }
}

/// The title of a name: `Dataset Id` for `dataset_id`.
fn title_of(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Removes the formats of integers, and the lower bound of 0 that comes with types without sign: the width of the
/// server's own types is not part of the contract. Where an upper bound is stated, the lower one is as well.
fn without_integer_formats(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members
                .get("type")
                .is_some_and(|json_type| json_type == "integer")
            {
                members.shift_remove("format");
                let minimum = members.get("minimum").and_then(Value::as_f64);
                if minimum == Some(0.0) && !members.contains_key("maximum") {
                    members.shift_remove("minimum");
                }
            }
            members.values_mut().for_each(without_integer_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(without_integer_formats),
        _ => {}
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
