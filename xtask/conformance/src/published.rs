//! The published operation: every member of it stands in our document, to the letter.

use serde_json::{Map, Value};

use crate::differences::{Difference, between};

/// Every place where `document` departs from the `published` contract. Only further error statuses of the
/// operation, and whatever lies outside of it, are free.
pub fn departures(published: &Value, document: &Value) -> Vec<Difference> {
    let mut published = published.clone();
    if let Some(members) = published.as_object_mut() {
        members.shift_remove("info");
    }
    between(&published, &restricted(&published, document))
}

/// The part of `document` that the published contract speaks of.
fn restricted(published: &Value, document: &Value) -> Value {
    let mut part = pick(published, document);
    for section in ["paths", "components"] {
        part[section] = pick(&published[section], &document[section]);
    }
    for section in ["schemas", "securitySchemes"] {
        part["components"][section] = pick(
            &published["components"][section],
            &document["components"][section],
        );
    }
    for (path, item) in published["paths"].as_object().into_iter().flatten() {
        let ours = &document["paths"][path];
        // Further methods of the path are free; members that would change the published one are not.
        part["paths"][path] = pick(item, ours);
        for member in ["parameters", "servers", "summary", "description"] {
            if let Some(extra) = ours.get(member) {
                part["paths"][path][member] = extra.clone();
            }
        }
        for (method, operation) in item.as_object().into_iter().flatten() {
            let errors_allowed =
                without_further_errors(&operation["responses"], &ours[method]["responses"]);
            if part["paths"][path].get(method).is_some() {
                part["paths"][path][method]["responses"] = errors_allowed;
            }
        }
    }
    part
}

/// The members of `document` that `published` has too.
fn pick(published: &Value, document: &Value) -> Value {
    let wanted = |name: &str| published.get(name).is_some();
    let members = document.as_object().cloned().unwrap_or_default();
    Value::Object(
        members
            .into_iter()
            .filter(|(name, _)| wanted(name))
            .collect(),
    )
}

fn without_further_errors(published: &Value, responses: &Value) -> Value {
    let is_error = |status: &str| status.starts_with(['4', '5']) && status.len() == 3;
    let responses = responses.as_object().cloned().unwrap_or_default();
    let kept = responses
        .into_iter()
        .filter(|(status, _)| published.get(status).is_some() || !is_error(status));
    Value::Object(kept.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn published() -> Value {
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Theirs" },
            "servers": [{ "url": "/x" }],
            "paths": { "/x": { "post": { "summary": "X", "responses": { "201": { "description": "Yes" } } } } },
            "components": { "schemas": { "A": { "properties": { "b": {}, "c": {} } } }, "securitySchemes": {} },
        })
    }

    fn pointers(document: &Value) -> Vec<String> {
        departures(&published(), document)
            .into_iter()
            .map(|difference| difference.pointer)
            .collect()
    }

    #[test]
    fn more_operations_schemas_and_error_statuses_are_free() {
        let mut document = published();
        document["info"]["title"] = json!("Ours");
        document["paths"]["/y"] = json!({ "get": {} });
        document["paths"]["/x"]["post"]["responses"]["404"] = json!({ "description": "No" });
        document["components"]["schemas"]["B"] = json!({});
        assert_eq!(pointers(&document), [""; 0]);
    }

    #[test]
    fn nothing_else_is() {
        let mut document = published();
        document["paths"]["/x"]["post"]["responses"]["200"] = json!({});
        document["paths"]["/x"]["post"]["x-more"] = json!(true);
        document["components"]["schemas"]["A"]["properties"]["d"] = json!({});
        assert_eq!(
            pointers(&document),
            [
                "/paths/~1x/post/responses/200",
                "/paths/~1x/post/x-more",
                "/components/schemas/A/properties/d"
            ]
        );
        let mut moved = published();
        moved["servers"][0]["url"] = json!("/y");
        assert_eq!(pointers(&moved), ["/servers/0/url"]);
        let mut without = published();
        without["paths"] = json!({});
        without["components"]["schemas"]["A"]["properties"] = json!({ "c": {}, "b": {} });
        let found = pointers(&without);
        assert!(
            found.contains(&"/components/schemas/A/properties (order)".to_string()),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|pointer| pointer.starts_with("/paths/~1x/post")),
            "{found:?}"
        );
    }
}
