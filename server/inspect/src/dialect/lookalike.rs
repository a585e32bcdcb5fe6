//! Content that is no delimited text, whatever its extension says.

use restow_api::{Finding, FindingType, Severity};
use serde::de::IgnoredAny;

use crate::findings::finding;

/// Beginning of a Git LFS pointer.
const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/";

/// What a text that begins with `head` is, if it is JSON or a pointer.
pub(crate) fn lookalike(head: &str) -> Option<Finding> {
    let text = head.trim_start();
    if text.starts_with(LFS_POINTER) {
        return Some(error(
            FindingType::LooksLikePointer,
            "the object is a Git LFS pointer; upload the file that it stands for (git lfs pull)",
            None,
        ));
    }
    if is_json_array(text) {
        return Some(error(
            FindingType::LooksLikeJson,
            "the content is a JSON array; name the file .json or state the format",
            Some("format=json"),
        ));
    }
    is_json_object(text).then(|| {
        error(
            FindingType::LooksLikeJson,
            "the content is JSON, an object a line; name the file .ndjson or state the format",
            Some("format=ndjson"),
        )
    })
}

/// An array of objects or arrays, or one that ends in the first line.
fn is_json_array(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else {
        return false;
    };
    let rest = rest.trim_start();
    (rest.starts_with('{') && is_json_object(rest))
        || is_json(text.lines().next().unwrap_or_default())
        || is_json(text)
}

/// An object that begins with a key and a colon, or has neither.
fn is_json_object(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('{') else {
        return false;
    };
    let rest = rest.trim_start();
    if rest.starts_with('}') {
        return true;
    }
    let mut keys = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
    let has_key = rest.starts_with('"') && keys.next().is_some_and(|key| key.is_ok());
    has_key && rest[keys.byte_offset()..].trim_start().starts_with(':')
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn error(finding_type: FindingType, msg: &str, suggestion: Option<&str>) -> Finding {
    let mut error = finding(finding_type, Severity::Error, msg);
    error.line = Some(1);
    error.suggestion = suggestion.map(str::to_owned);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_pointers_are_recognised() {
        let kind = |text: &str| lookalike(text).map(|found| (found.finding_type, found.suggestion));
        let json =
            |format: &str| Some((FindingType::LooksLikeJson, Some(format!("format={format}"))));
        for text in [
            "[{\"a\":1},",
            "[\n  {\n \"a\": [",
            "[1,2]\n[3,4]",
            "[\n1,\n2\n]\n",
        ] {
            assert_eq!(kind(text), json("json"), "{text}");
        }
        for text in ["{\"a\":1}\n{\"a\"", "{\n \"a\" : 1", "{}"] {
            assert_eq!(kind(text), json("ndjson"), "{text}");
        }
        for text in [
            "[id],[name]\n",
            "{id},{name}\n",
            "{\"a\",\"b\"}\n",
            "a,b\n",
            "",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
        assert_eq!(
            kind("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
            Some((FindingType::LooksLikePointer, None))
        );
    }
}
