//! The document, and a console for it. Both are made once, at the first request; nothing comes from anywhere else.

use std::sync::{LazyLock, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dropshot::{Body, HttpError};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use restow_api::document::MOUNT;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::asset::Asset;
use super::public_url::PublicUrl;

/// Where the console's page finds its script.
const SCRIPT_PATH: &str = "/docs/scalar.js";

/// The console's page, with places for its script and its configuration.
const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/console.html"));

/// The console's script, as the build script has compressed it.
const COMPRESSED_SCRIPT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/console.js.gz"));

/// Keeps browsers from requesting an icon that does not exist.
const NO_ICON: &str = "<link rel=\"icon\" href=\"data:,\"></head>";

/// Caches keep the content, and ask each time whether it is still the same.
const REVALIDATE: &str = "no-cache";

/// Caches keep the script, which changes only with the release.
const KEEP: &str = "public, max-age=3600";

static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::from_gzip(COMPRESSED_SCRIPT, "text/javascript; charset=utf-8", KEEP));

/// The document and its page, as they are sent. Most processes never send them.
#[derive(Debug)]
pub(super) struct Document {
    public_url: Option<PublicUrl>,
    json: OnceLock<Asset>,
    page: OnceLock<Asset>,
}

impl Document {
    /// The document of a server whose clients reach it at `public_url`, if that is known.
    pub(super) fn new(public_url: Option<PublicUrl>) -> Self {
        Self {
            public_url,
            json: OnceLock::new(),
            page: OnceLock::new(),
        }
    }

    pub(super) async fn json(&self, request: &HeaderMap) -> Result<Response<Body>, HttpError> {
        let json = self.json.get_or_init(|| json(self.public_url.as_ref()));
        json.response(request).await
    }

    pub(super) async fn page(&self, request: &HeaderMap) -> Result<Response<Body>, HttpError> {
        let page = self.page.get_or_init(|| page(self.public_url.as_ref()));
        page.response(request).await
    }
}

fn json(public_url: Option<&PublicUrl>) -> Asset {
    let mut document = restow_api::document::document();
    if let Some(url) = public_url {
        let description = format!("The base URL: that of the server with {MOUNT} behind it");
        document["servers"] =
            json!([{ "url": format!("{url}{MOUNT}"), "description": description }]);
    }
    Asset::new(document.to_string(), "application/json", REVALIDATE)
}

fn page(public_url: Option<&PublicUrl>) -> Asset {
    // Fonts, proxy, telemetry, the assistant and the tools for developers would all contact third-party servers.
    let configuration = json!({
        "url": "/openapi.json",
        "pageTitle": "Restow API",
        "withDefaultFonts": false,
        "proxyUrl": "",
        "telemetry": false,
        "agent": { "disabled": true },
        "showDeveloperTools": "never",
        "hideClientButton": true,
        "authentication": { "preferredSecurityScheme": "bearer" },
    });
    let page = PAGE
        .replace("__SCRIPT__", SCRIPT_PATH)
        .replace("__CONFIGURATION__", &configuration.to_string())
        .replacen("</head>", NO_ICON, 1);
    let policy = content_security_policy(&page, public_url);
    Asset::new(page, "text/html; charset=utf-8", REVALIDATE)
        .with_header(header::CONTENT_SECURITY_POLICY, policy)
        .with_header(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        )
}

/// Leads from the root to the page, also below the path of a proxy.
pub(super) fn redirect() -> Result<Response<Body>, HttpError> {
    Ok(Response::builder()
        .status(StatusCode::TEMPORARY_REDIRECT)
        .header(header::LOCATION, "docs")
        .body(Body::empty())?)
}

/// The script of the page.
pub(super) async fn script(request: &HeaderMap) -> Result<Response<Body>, HttpError> {
    SCRIPT.response(request).await
}

/// What the page may do: run its own scripts, and send requests to its own server. The console writes styles into the page.
fn content_security_policy(page: &str, public_url: Option<&PublicUrl>) -> HeaderValue {
    let hashes: Vec<String> = page
        .split("<script>")
        .skip(1)
        .filter_map(|rest| rest.split("</script>").next())
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect();
    let hashes = hashes.concat();
    // The page may have been opened at another address than the one that the document names.
    let server = public_url.map(|url| format!(" {}", url.origin()));
    let server = server.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self' data:; connect-src 'self'{server}; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn document_is_derived_at_first_request() -> Result<(), HttpError> {
        let document = Document::new(None);
        assert!(document.json.get().is_none() && document.page.get().is_none());
        document.json(&HeaderMap::new()).await?;
        assert!(document.json.get().is_some() && document.page.get().is_none());
        Ok(())
    }
}
