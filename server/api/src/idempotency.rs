//! The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key): a request that is sent again with its key creates
//! nothing again.

use async_trait::async_trait;
use dropshot::{
    ApiEndpointBodyContentType, ExtractorMetadata, Header, HttpError, RequestContext,
    ServerContext, SharedExtractor,
};
use http::HeaderMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::{LocationItem, ValidationError};
use crate::request::Checked;
use crate::validation::RequestSchema;

/// Name of the header, in lower case.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The header, as documented.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct CreationHeaders {
    /// Makes a retry safe: a repeated request with the same key, which the client chooses at random, creates nothing again,
    /// and gets the same response. The key is remembered for a day. It has 1 to 255 characters, in quotes as a string of
    /// RFC 8941, or without.
    #[serde(rename = "Idempotency-Key")]
    #[schemars(regex(
        pattern = r#"^("([ !#-\[\]-~]|\\["\\]){1,255}"|[!#$%&'*+.^_`|~0-9A-Za-z:/=-]{1,255})$"#
    ))]
    key: Option<String>,
}

/// The key of a request, without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key in a valid value of the header.
    fn decode(value: &str) -> Self {
        let quoted = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let Some(quoted) = quoted else {
            return Self(value.to_string());
        };
        let mut characters = quoted.chars();
        let mut key = String::with_capacity(quoted.len());
        while let Some(character) = characters.next() {
            let escaped = (character == '\\').then(|| characters.next()).flatten();
            key.push(escaped.unwrap_or(character));
        }
        Self(key)
    }

    /// The key, of 1 to 255 ASCII characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The header of a request, which may be missing.
#[derive(Debug)]
pub struct IdempotencyKeyHeader {
    value: Option<String>,
}

impl IdempotencyKeyHeader {
    /// The header among these, for an operation whose document does not mention it.
    pub fn of(headers: &HeaderMap) -> Self {
        let lines: Vec<_> = headers
            .get_all(IDEMPOTENCY_KEY)
            .iter()
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        // Several lines are one value with commas, which no key has.
        let value = (!lines.is_empty()).then(|| lines.join(", "));
        Self { value }
    }

    /// The key, if there is one, or the faults of the header.
    pub fn check(self) -> Checked<Option<IdempotencyKey>> {
        let Some(value) = self.value else {
            return Ok(None);
        };
        let headers = json!({ "Idempotency-Key": value });
        let headers: CreationHeaders = RequestSchema::of::<CreationHeaders>()
            .read("header", headers)
            .map_err(in_lower_case)?;
        Ok(headers.key.as_deref().map(IdempotencyKey::decode))
    }
}

/// Locations name headers in lower case.
fn in_lower_case(mut faults: Vec<ValidationError>) -> Vec<ValidationError> {
    for item in faults.iter_mut().flat_map(|fault| &mut fault.loc) {
        if let LocationItem::Name(name) = item {
            name.make_ascii_lowercase();
        }
    }
    faults
}

#[async_trait]
impl SharedExtractor for IdempotencyKeyHeader {
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        Ok(Self::of(rqctx.request.headers()))
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Header<CreationHeaders> as SharedExtractor>::metadata(body)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::error::ErrorType;

    fn check(lines: &[&[u8]]) -> Checked<Option<IdempotencyKey>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(line).unwrap());
        }
        IdempotencyKeyHeader::of(&headers).check()
    }

    #[test]
    fn key_is_a_string_or_a_token() {
        let uuid = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        let long = "k".repeat(255);
        for (value, key) in [
            (uuid.to_string(), uuid),
            (format!("\"{uuid}\""), uuid),
            (r#""a \"b\" \\ , ;""#.to_string(), r#"a "b" \ , ;"#),
            ("bmV3IGtleQ==".to_string(), "bmV3IGtleQ=="),
            (long.clone(), &long),
            (format!("\"{long}\""), &long),
        ] {
            let found = check(&[value.as_bytes()]).unwrap().unwrap();
            assert_eq!(found.as_str(), key, "{value}");
        }
        assert_eq!(check(&[]), Ok(None));
    }

    #[test]
    fn malformed_key_is_refused() {
        let (long, long_string) = ("k".repeat(256), format!("\"{}\"", "k".repeat(256)));
        let malformed: [&[&[u8]]; 14] = [
            &[b""],
            &[b"\"\""],
            &[b"\"open"],
            &[b"open\""],
            &[br#""a\b""#],
            &[br#""a\""#],
            &[b"two words"],
            &[b"a,b"],
            &[b"\"a\";p=1"],
            &["\"h\u{e9}\"".as_bytes()],
            &[b"\xff"],
            &[b"a", b"a"],
            &[long.as_bytes()],
            &[long_string.as_bytes()],
        ];
        for lines in malformed {
            let faults = check(lines).unwrap_err();
            let loc = [LocationItem::from("header"), IDEMPOTENCY_KEY.into()];
            assert_eq!(faults.len(), 1, "{lines:?}");
            assert_eq!(faults[0].loc, loc);
            assert_eq!(faults[0].error_type, ErrorType::StringPatternMismatch);
        }
    }
}
