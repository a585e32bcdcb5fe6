//! Tests of the configuration.

use chrono::TimeDelta;
use jsonwebtoken::Algorithm;

use super::*;

const MINIMAL: &str = r#"
[[issuer]]
name = "ci"
url = "https://issuer.example"
audiences = ["https://restow.example"]
trust-rules = "github"
"#;

fn list(text: &str) -> Result<IssuerList, String> {
    IssuerList::checked(toml::from_str(text).map_err(|error| error.to_string())?)
}

#[test]
fn defaults_are_safe() {
    let issuer = list(MINIMAL).unwrap().issuers.swap_remove(0);
    assert_eq!(
        issuer.algorithms,
        [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]
    );
    assert_eq!(issuer.leeway, TimeDelta::seconds(60));
    assert!(!issuer.bearer_tokens && !issuer.allow_http);
    assert_eq!(issuer.ci, Some(CiSystem::Github));
    assert!(issuer.mapping.default_scopes.is_empty());
    assert_eq!(
        issuer.mapping.max_scopes.to_string(),
        "read upload commit delete"
    );
    assert_eq!(issuer.mapping.principal, "sub");
}

#[test]
fn unsafe_configurations_are_refused() {
    for (change, reason) in [
        (("https://issuer.example", "http://issuer.example"), "https"),
        (
            ("https://issuer.example", "https://me@issuer.example"),
            "https",
        ),
        (
            ("https://issuer.example", "https://issuer.example?x=1"),
            "https",
        ),
        (("[\"https://restow.example\"]", "[]"), "audiences"),
        (("\"ci\"", "\"a:b\""), "name"),
        (("trust-rules = \"github\"", ""), "of no use"),
        (
            ("trust-rules = \"github\"", "trust-rules = \"jenkins\""),
            "trust-rules",
        ),
        (
            ("\"github\"", "\"github\"\nalgorithms = [\"HS256\"]"),
            "algorithms",
        ),
        (
            ("\"github\"", "\"github\"\nalgorithms = [\"none\"]"),
            "algorithms",
        ),
        (("\"github\"", "\"github\"\nalgorithms = []"), "algorithms"),
        (("\"github\"", "\"github\"\nleeway = \"1h\""), "leeway"),
        (
            ("\"github\"", "\"github\"\nkeys-max-age = \"1m\""),
            "keys-max-age",
        ),
        (("\"github\"", "\"github\"\nverify = false"), "verify"),
    ] {
        let error = list(&MINIMAL.replace(change.0, change.1)).unwrap_err();
        assert!(error.contains(reason), "{change:?}: {error}");
    }
}

#[test]
fn public_issuer_needs_claims_for_bearer_tokens() {
    let public = MINIMAL
        .replace(
            "https://issuer.example",
            "https://token.actions.githubusercontent.com",
        )
        .replace("trust-rules = \"github\"", "bearer-tokens = true");
    assert!(list(&public).unwrap_err().contains("required-claims"));
    let owned = format!("{public}required-claims = {{ repository_owner_id = \"42\" }}\n");
    assert!(list(&owned).is_ok());
}

#[test]
fn plain_http_is_for_this_machine() {
    for url in [
        "http://127.0.0.1:9",
        "http://localhost:9/realm",
        "http://[::1]:9",
    ] {
        assert!(
            list(&MINIMAL.replace("https://issuer.example", url)).is_ok(),
            "{url}"
        );
    }
    let allowed =
        MINIMAL.replace("https://issuer.example", "http://issuer.internal") + "allow-http = true\n";
    assert!(list(&allowed).is_ok());
}

#[test]
fn names_and_urls_are_unique() {
    let twice = format!("{MINIMAL}{MINIMAL}");
    assert!(list(&twice).unwrap_err().contains("another one"));
}

#[test]
fn list_is_read_from_json_and_files() {
    let json = r#"[{"name": "ci", "url": "https://issuer.example", "audiences": ["https://restow.example"],
        "trust-rules": "github"}]"#;
    let of_json: IssuerList = json.parse().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), MINIMAL).unwrap();
    let of_file: IssuerList = file.path().to_str().unwrap().parse().unwrap();
    assert_eq!(of_json, of_file);
    assert!("/nonexistent/issuers.toml".parse::<IssuerList>().is_err());
}
