//! The document, and a console for it. Both are made once; nothing comes from anywhere else.

use std::sync::LazyLock;

use bytes::Bytes;
use dropshot::{Body, HttpError};
use http::{Response, StatusCode};
use serde_json::json;

use super::probes::answer;

/// Where the console's page finds its script.
const SCRIPT_PATH: &str = "/docs/scalar.js";

/// Keeps browsers from requesting an icon that does not exist.
const NO_ICON: &str = "<link rel=\"icon\" href=\"data:,\"></head>";

static SCRIPT: LazyLock<Bytes> = LazyLock::new(|| {
    scalar_api_reference::get_asset("scalar.js")
        .map(Bytes::from)
        .unwrap_or_default()
});

/// The document and its page, as they are sent.
#[derive(Debug)]
pub(super) struct Document {
    json: Bytes,
    page: Bytes,
}

impl Document {
    pub(super) fn new() -> Self {
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
        Self {
            json: restow_api::document::document().to_string().into(),
            page: scalar_api_reference::scalar_html(&configuration, Some(SCRIPT_PATH))
                .replacen("</head>", NO_ICON, 1)
                .into(),
        }
    }

    pub(super) fn json(&self) -> Result<Response<Body>, HttpError> {
        sent(&self.json, "application/json")
    }

    pub(super) fn page(&self) -> Result<Response<Body>, HttpError> {
        sent(&self.page, "text/html; charset=utf-8")
    }
}

/// The script of the page.
pub(super) fn script() -> Result<Response<Body>, HttpError> {
    sent(&SCRIPT, "text/javascript; charset=utf-8")
}

fn sent(body: &Bytes, content_type: &str) -> Result<Response<Body>, HttpError> {
    answer(StatusCode::OK, content_type, body.clone())
}
