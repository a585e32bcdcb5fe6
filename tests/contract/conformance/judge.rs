//! The judge as a process, and what it concludes.

use std::process::Output;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::altering_proxy::{AlteringProxy, Reply};
use crate::fixture::{System, executable};

/// Path of the published operation as the proxy sees it.
pub const REQUEST_END: &str = "/reupload/presigned";

/// More than two parts of the tests' servers.
pub const MULTIPART_SIZE: &str = "11000000";

/// What the judge has concluded.
#[derive(Debug)]
pub struct Conclusion {
    pub code: Option<i32>,
    pub text: String,
    pub junit: String,
    pub sarif: Value,
}

/// Runs the judge with these arguments and this token.
pub async fn judge(arguments: &[&str], token: Option<&str>) -> Result<(Output, TempDir)> {
    let reports = tempfile::tempdir()?;
    let mut command = Command::new(executable());
    command
        .args([
            "conformance",
            "--junit",
            "junit.xml",
            "--sarif",
            "report.sarif",
        ])
        .args(arguments)
        .current_dir(reports.path())
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("RESTOW_TOKEN");
    if let Some(token) = token {
        command.env("RESTOW_TOKEN", token);
    }
    Ok((command.output().await?, reports))
}

/// Runs the judge, and returns its three reports.
pub async fn conclude(arguments: &[&str], token: Option<&str>) -> Result<Conclusion> {
    let (output, reports) = judge(arguments, token).await?;
    let text = String::from_utf8(output.stdout)?;
    let read = |name: &str| {
        std::fs::read_to_string(reports.path().join(name))
            .with_context(|| format!("no {name}: {}", String::from_utf8_lossy(&output.stderr)))
    };
    Ok(Conclusion {
        code: output.status.code(),
        text,
        junit: read("junit.xml")?,
        sarif: read("report.sarif")?.parse()?,
    })
}

/// Judges a server by way of a proxy that alters its responses.
pub async fn judge_altered(
    system: &System,
    alteration: impl Fn(&mut Reply) + Send + Sync + 'static,
) -> Result<Conclusion> {
    let proxy = AlteringProxy::start(system.server.url(), alteration)?;
    let arguments = [
        "endpoint",
        "--endpoint",
        &proxy.url,
        "--multipart-size",
        MULTIPART_SIZE,
    ];
    conclude(&arguments, Some(system.server.token())).await
}

impl Conclusion {
    /// Rules and places of the departures.
    pub fn departures(&self) -> Vec<(String, String)> {
        let results = self.sarif["runs"][0]["results"].as_array();
        let results = results.into_iter().flatten();
        let departures = results.filter(|result| result["level"] == "error");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        departures
            .map(|result| {
                let place = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
                (text(&result["ruleId"]), text(place))
            })
            .collect()
    }
}

/// Number of datasets of the judge's principal.
pub async fn datasets(system: &System) -> Result<usize> {
    let list = system.client.api().list_datasets().send().await?;
    Ok(list.items.len())
}

/// Whether a response has the plan of an upload.
pub fn is_plan(reply: &Reply) -> bool {
    reply.request.ends_with(REQUEST_END) && reply.status == 201
}
