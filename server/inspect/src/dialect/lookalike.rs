//! Content that is no delimited text, whatever its extension says.

use restow_api::{Finding, FindingType, Severity};
use serde::de::IgnoredAny;

use crate::findings::finding;

/// Beginnings of Git LFS pointers.
const LFS_POINTERS: [&str; 2] = [
    "version https://git-lfs.github.com/spec/",
    "version https://hawser.github.com/spec/",
];

/// Where Git annex keeps the file that a pointer stands for.
const ANNEX: &str = "annex/objects/";

/// Longest pointer in bytes.
const MAX_POINTER_BYTES: u64 = 1024;

/// Why an object of `size` bytes that begins with `head` is none of the file that its name is that of, whatever its format.
pub(crate) fn pointer(head: &[u8], size: u64) -> Option<Finding> {
    let text = std::str::from_utf8(head).ok()?.trim();
    if size > MAX_POINTER_BYTES {
        return None;
    }
    let error = |msg| Some(error(FindingType::LooksLikePointer, msg, None));
    if LFS_POINTERS.iter().any(|start| text.starts_with(start)) {
        return error(
            "The object is a Git LFS pointer: upload the file that it stands for (git lfs pull).",
        );
    }
    let is_annex =
        text.starts_with(['/', '.']) && text.contains(ANNEX) && text.lines().count() == 1;
    if is_annex {
        return error(
            "The object is a Git annex pointer: upload the file that it stands for (git annex get).",
        );
    }
    None
}

/// What a text that begins with `head` is, if it is JSON or a pointer.
pub(crate) fn lookalike(head: &str) -> Option<Finding> {
    if let Some(pointer) = pointer(head.as_bytes(), head.len() as u64) {
        return Some(pointer);
    }
    let text = head.trim_start();
    if is_json_array(text) {
        return Some(error(
            FindingType::LooksLikeJson,
            "The content is a JSON array: name the file .json, or state the format.",
            Some("format=json"),
        ));
    }
    if !is_json_object(text) {
        return None;
    }
    // An object of several lines is no JSON lines.
    let is_line = text
        .split_once('\n')
        .is_none_or(|(first, _)| is_json(first.trim_end()));
    Some(if is_line {
        error(
            FindingType::LooksLikeJson,
            "The content is JSON, an object a line: name the file .ndjson, or state the format.",
            Some("format=ndjson"),
        )
    } else {
        error(
            FindingType::LooksLikeJson,
            "The content is a JSON object of several lines: name the file .json, or state the format.",
            Some("format=json"),
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
        assert_eq!(kind("{\n \"a\" : 1"), json("json"));
        for text in ["{\"a\":1}\n{\"a\"", "{}"] {
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
        for text in [
            "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
            "/annex/objects/SHA256E-s1--00.csv\n",
            "../.git/annex/objects/0x/1y/SHA256E-s1--00.csv/SHA256E-s1--00.csv",
        ] {
            assert_eq!(kind(text), Some((FindingType::LooksLikePointer, None)));
        }
    }
}
