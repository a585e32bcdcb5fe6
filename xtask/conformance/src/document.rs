//! Judges an OpenAPI document.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use openapiv3::OpenAPI;
use reqwest::Url;
use serde_json::Value;

use crate::check::Check;
use crate::contract;
use crate::differences::Difference;
use crate::finding::Rule;
use crate::judgement::Judgement;
use crate::options::DocumentOptions;
use crate::published::departures;

/// Judges the document that the options name.
///
/// # Errors
/// If it cannot be read, or is no JSON.
pub fn judge(options: &DocumentOptions) -> Result<Judgement> {
    let text = read(&options.document)?;
    let document: Value = serde_json::from_str(&text).with_context(|| {
        format!(
            "{} is no JSON; convert a document in YAML first, for example with yq -o json",
            options.document
        )
    })?;
    Ok(Judgement {
        subject: options.document.clone(),
        checks: vec![valid(&document), published(&document)?],
        stopped: None,
    })
}

fn read(place: &str) -> Result<String> {
    if !place.starts_with("http://") && !place.starts_with("https://") {
        return std::fs::read_to_string(Path::new(place))
            .with_context(|| format!("failed to read {place}"));
    }
    let url: Url = place
        .parse()
        .with_context(|| format!("{place} is no URL"))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let response = reqwest::get(url)
            .await
            .context("failed to read the document")?;
        let status = response.status();
        ensure!(status.is_success(), "{place} returned {status}");
        response.text().await.context("failed to read the document")
    })
}

/// Whether the document is valid OpenAPI 3.0.
fn valid(document: &Value) -> Check {
    let mut check = Check::begin("the document is OpenAPI 3.0");
    if let Err(error) = serde_json::from_value::<OpenAPI>(document.clone()) {
        check.find(Rule::InvalidDocument, "/", &"valid OpenAPI 3.0", &error);
    }
    check.end()
}

/// Whether the document has the published operation to the letter.
fn published(document: &Value) -> Result<Check> {
    let mut check = Check::begin("the document has the published operation");
    for difference in departures(&contract::published()?, document) {
        let (rule, place) = (rule_of(&difference), &difference.pointer);
        let text =
            |value: Option<Value>| value.map_or("nothing".to_string(), |value| value.to_string());
        check.find(
            rule,
            place,
            &text(difference.expected),
            &text(difference.found),
        );
    }
    Ok(check.end())
}

fn rule_of(difference: &Difference) -> Rule {
    match (&difference.expected, &difference.found) {
        _ if difference.pointer.ends_with(" (order)") => Rule::MemberOrder,
        (_, None) => Rule::PublishedMember,
        (None, _) => Rule::AdditionalMember,
        _ => Rule::PublishedValue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(document: &Value) -> Vec<(Rule, String)> {
        let findings = published(document).unwrap().findings;
        findings
            .into_iter()
            .map(|finding| (finding.rule, finding.place))
            .collect()
    }

    #[test]
    fn each_kind_of_departure_has_its_rule_and_place() {
        let document = contract::published().unwrap();
        assert_eq!(rules(&document), []);
        let response = "/components/schemas/PresignedUploadResponse";
        let mut other = document.clone();
        let schema = other.pointer_mut(response).unwrap();
        schema["properties"]["part_size"]["type"] = "string".into();
        schema["properties"]
            .as_object_mut()
            .unwrap()
            .shift_remove("upload_id");
        schema["properties"]["region"] = serde_json::json!({});
        assert_eq!(
            rules(&other),
            [
                (
                    Rule::PublishedMember,
                    format!("{response}/properties/upload_id")
                ),
                (
                    Rule::PublishedValue,
                    format!("{response}/properties/part_size/type")
                ),
                (
                    Rule::AdditionalMember,
                    format!("{response}/properties/region")
                ),
            ]
        );
        assert!(valid(&document).findings.is_empty());
        assert_eq!(valid(&serde_json::json!({})).findings.len(), 1);
    }
}
