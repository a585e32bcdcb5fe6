//! The API console and the document: compressed once, cached by clients, and restricted in what they may do.

use anyhow::Result;
use reqwest::Method;
use serde_json::Value;

use crate::fixture::System;

/// CPU time that a process has used, in ticks of a hundredth of a second.
fn cpu_ticks(process: u32) -> Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}

#[tokio::test]
async fn docs_are_compressed_once_and_cached() -> Result<()> {
    let system = System::start()?;
    for path in ["/docs", "/docs/scalar.js", "/openapi.json"] {
        let get = || {
            let url = format!("{}{path}", system.server.url());
            system.http.get(url).header("accept-encoding", "gzip, br")
        };
        let first = get().send().await?;
        let header = |name: &str| {
            first.headers()[name]
                .to_str()
                .unwrap_or_default()
                .to_string()
        };
        assert_eq!(header("content-encoding"), "gzip", "{path}");
        assert_eq!(header("vary").to_lowercase(), "accept-encoding", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(!header("cache-control").is_empty(), "{path}");
        let etag = header("etag");
        let plain = system
            .anonymous(Method::GET, path)
            .header("accept-encoding", "identity")
            .send()
            .await?;
        assert_eq!(plain.headers()["etag"].to_str()?, etag, "{path}");
        assert!(!plain.headers().contains_key("content-encoding"), "{path}");
        assert!(
            first.bytes().await?.len() < plain.bytes().await?.len(),
            "{path}"
        );
        let known = get().header("if-none-match", &etag).send().await?;
        assert_eq!(known.status(), 304, "{path}");
        assert_eq!(known.headers()["etag"].to_str()?, etag, "{path}");
        assert!(known.bytes().await?.is_empty(), "{path}");
        let before = cpu_ticks(system.server.id())?;
        for _ in 0..40 {
            get().send().await?.bytes().await?;
        }
        let ticks = cpu_ticks(system.server.id())? - before;
        assert!(ticks < 200, "{path}: {ticks} ticks for 40 responses");
    }
    let page = system.anonymous(Method::GET, "/docs").send().await?;
    let policy = page.headers()["content-security-policy"].to_str()?;
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'sha256-"),
        "{policy}"
    );
    Ok(())
}

#[tokio::test]
async fn document_names_the_public_url() -> Result<()> {
    for (options, url, origin) in [
        (&[][..], "/api", None),
        (
            &[("--public-url", "https://restow.example/data/")],
            "https://restow.example/data/api",
            Some("https://restow.example"),
        ),
    ] {
        let system = System::start_with(options)?;
        let document = system
            .anonymous(Method::GET, "/openapi.json")
            .send()
            .await?;
        let document: Value = document.json().await?;
        assert_eq!(document["servers"][0]["url"], url);
        let description = document["info"]["description"].as_str();
        assert!(description.is_some_and(|text| text.contains("with `/api` behind it")));
        // The page of the published operation shows no description of its server.
        let description = document["servers"][0]["description"].as_str();
        assert_eq!(description.is_some(), origin.is_some(), "{description:?}");
        let page = system.anonymous(Method::GET, "/docs").send().await?;
        let policy = page.headers()["content-security-policy"].to_str()?;
        let sources = origin.map_or("connect-src 'self';".to_string(), |origin| {
            format!("connect-src 'self' {origin};")
        });
        assert!(policy.contains(&sources), "{policy}");
    }
    Ok(())
}
