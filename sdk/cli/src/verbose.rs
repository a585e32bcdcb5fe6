//! `--verbose`: prints every request, without secrets.

use std::fmt;

use anyhow::{Context, Result};
use console::style;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::output::{self, Output};
use crate::printable::is_unsafe;
use restow_sdk::REQUEST_TARGET;

/// Starts to print requests on the standard error: as text, or with `--json` as one document a line.
///
/// # Errors
/// If a subscriber of `tracing` was set before.
pub fn start(output: Output) -> Result<()> {
    tracing::subscriber::set_global_default(Printer { output })
        .context("cannot print requests: the program records them elsewhere")
}

/// Whether requests are printed, between which bars of progress would be torn.
pub fn is_on() -> bool {
    tracing::enabled!(target: REQUEST_TARGET, tracing::Level::DEBUG)
}

struct Printer {
    output: Output,
}

/// The fields of an event that records a request.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    method: String,
    url: String,
    status: u64,
    elapsed_ms: u64,
    id: String,
}

impl Request {
    fn text(&self) -> String {
        let status = match self.status {
            0 => "no response".to_string(),
            status => status.to_string(),
        };
        let id = match self.id.as_str() {
            "" => String::new(),
            id => format!(" (request {id})"),
        };
        let (method, url, elapsed) = (&self.method, &self.url, self.elapsed_ms);
        format!("{method} {url}: {status} in {elapsed} ms{id}").replace(is_unsafe, " ")
    }

    fn document(&self) -> serde_json::Value {
        let status = Some(self.status).filter(|status| *status > 0);
        let id = Some(&self.id).filter(|id| !id.is_empty());
        json!({ "request": {
            "method": self.method, "url": self.url, "status": status, "elapsed_ms": self.elapsed_ms, "request_id": id,
        }})
    }
}

impl Visit for Request {
    fn record_str(&mut self, field: &Field, value: &str) {
        let member = match field.name() {
            "method" => &mut self.method,
            "url" => &mut self.url,
            "request_id" => &mut self.id,
            _ => return,
        };
        *member = value.to_string();
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "status" => self.status = value,
            "elapsed_ms" => self.elapsed_ms = value,
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// Only events of requests are of interest, so spans need no state.
impl Subscriber for Printer {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == REQUEST_TARGET
    }

    fn event(&self, event: &Event<'_>) {
        let mut request = Request::default();
        event.record(&mut request);
        if self.output.json {
            output::write_stderr(&request.document().to_string());
        } else {
            output::print_stderr(style(request.text()).dim().for_stderr());
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_without_response_are_shown() {
        let request = Request {
            method: "GET".to_string(),
            url: "https://restow.example/api/datasets".to_string(),
            elapsed_ms: 12,
            ..Request::default()
        };
        let expected = "GET https://restow.example/api/datasets: no response in 12 ms";
        assert_eq!(request.text(), expected);
        assert_eq!(
            request.document()["request"]["status"],
            serde_json::Value::Null
        );
        let answered = Request {
            status: 404,
            id: "7".to_string(),
            ..request
        };
        let expected = "GET https://restow.example/api/datasets: 404 in 12 ms (request 7)";
        assert_eq!(answered.text(), expected);
    }
}
