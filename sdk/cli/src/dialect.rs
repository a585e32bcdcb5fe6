//! Text of the way in which a file was read.

use restow_sdk::generated::types::{Compression, ReadOptions};

/// What is not as usual for a text: its delimiter, quoting, encoding, compression, header, skipped lines, decimal mark and nulls.
/// `None` if all is as usual.
pub fn description(dialect: &ReadOptions) -> Option<String> {
    let unless = |value: Option<&str>, usual: &str| {
        let value = value?;
        (value != usual).then(|| value.to_string())
    };
    let mut parts = Vec::new();
    if let Some(delimiter) = unless(text(dialect.delimiter.as_deref()), ",") {
        parts.push(format!("delimiter {}", quoted(&delimiter)));
    }
    match text(dialect.quote.as_deref()) {
        Some("") => parts.push("no quoting".to_string()),
        Some("\"") | None => {}
        Some(quote) => parts.push(format!("quote {}", quoted(quote))),
    }
    if let Some(escape) = unless(text(dialect.escape.as_deref()), "") {
        parts.push(format!("escape {}", quoted(&escape)));
    }
    let encoding = text(dialect.encoding.as_deref());
    if let Some(encoding) = encoding.filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
        parts.push(format!("encoding {encoding}"));
    }
    if let Some(compression) = dialect
        .compression
        .filter(|name| *name != Compression::None)
    {
        parts.push(format!("compression {compression}"));
    }
    if dialect.header == Some(false) {
        parts.push("no header".to_string());
    }
    if let Some(lines) = dialect.skip_lines.filter(|lines| *lines > 0) {
        parts.push(format!("skipped lines {lines}"));
    }
    if let Some(comment) = unless(text(dialect.comment.as_deref()), "") {
        parts.push(format!("comments after {}", quoted(&comment)));
    }
    if let Some(decimal) = unless(text(dialect.decimal.as_deref()), ".") {
        parts.push(format!("decimal mark {}", quoted(&decimal)));
    }
    let nulls = dialect.null_values.iter().flatten();
    let nulls: Vec<_> = nulls.map(|value| quoted(value.as_str())).collect();
    if !nulls.is_empty() {
        parts.push(format!("null {}", nulls.join(" ")));
    }
    if dialect.inspect == Some(false) {
        parts.push("not inspected, as stated".to_string());
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn text(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str)
}

fn quoted(text: &str) -> String {
    match text {
        "\t" => "tab".to_string(),
        " " => "space".to_string(),
        text => format!("'{text}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn of(dialect: Value) -> Option<String> {
        description(&serde_json::from_value(dialect).unwrap())
    }

    #[test]
    fn only_unusual_options_are_named() {
        let usual = json!({
            "format": "csv", "delimiter": ",", "quote": "\"", "escape": "", "encoding": "utf-8",
            "header": true, "skip_lines": 0, "comment": "", "decimal": ".", "compression": "none",
        });
        assert_eq!(of(usual), None);
        let other = json!({
            "delimiter": "\t", "quote": "", "escape": "\\", "encoding": "windows-1252", "compression": "gzip", "header": false,
            "skip_lines": 2, "comment": "#", "decimal": ",", "null_values": ["NA", "-"],
        });
        let expected = "delimiter tab, no quoting, escape '\\', encoding windows-1252, compression gzip, no header, \
                        skipped lines 2, comments after '#', decimal mark ',', null 'NA' '-'";
        assert_eq!(of(other).as_deref(), Some(expected));
    }
}
