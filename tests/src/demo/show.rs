//! What the demo prints.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use restow_sdk::Progress;
use restow_sdk::generated::types::{ChangeKind, Column, PresignedUploadResponse, Preview, Version};
use serde::Serialize;
use serde_json::{Value, json};

/// Longest line of JSON that is shown whole, in characters.
const MAX_JSON_CHARACTERS: usize = 400;

/// A step: its number from 1, and what it is about.
pub fn step(number: u32, title: &str) {
    println!("\n{number}. {title}");
}

/// A remark.
pub fn line(text: &str) {
    println!("   {text}");
}

/// A request to the API.
pub fn request(method: &str, path: &str, body: &Value) {
    line(&format!("→ {method} /api{path} {body}"));
}

/// A response of the API.
pub fn response(body: &impl Serialize) {
    let text = json!(body).to_string();
    let cut: String = text.chars().take(MAX_JSON_CHARACTERS).collect();
    line(&format!(
        "← {cut}{}",
        if cut.len() < text.len() { " …" } else { "" }
    ));
}

/// What the inspection found, and how it differs from the current version.
pub fn preview(preview: &Preview) {
    let rows = preview
        .row_count
        .map_or("no".to_string(), |rows| rows.to_string());
    line(&format!(
        "Preview: {rows} rows of {}",
        preview.format.as_deref().unwrap_or("unknown format")
    ));
    let diff = &preview.schema_diff;
    let is_new = |column: &Column| {
        diff.changes.iter().any(|change| {
            change.kind == ChangeKind::ColumnAdded && change.column.as_ref() == Some(&column.name)
        })
    };
    for column in &preview.columns {
        let nulls = column
            .nulls
            .map_or("?".to_string(), |nulls| nulls.to_string());
        line(&format!(
            "  {} {:<14} {:<10} {nulls} nulls",
            if is_new(column) { '+' } else { ' ' },
            column.name,
            column.type_.to_string()
        ));
    }
    for change in &diff.changes {
        line(&format!("  ~ {}", change.msg));
    }
    if let Some(row) = preview.sample.first() {
        line(&format!("First row: {}", json!(row)));
    }
    if let Some(version) = diff.current_version {
        line(&format!(
            "For readers of version {version} it is {}",
            diff.verdict
        ));
    }
}

/// A commit.
pub fn committed(version: &Version) {
    line(&format!("Version {} is current", version.version));
}

/// All versions, oldest first.
pub fn versions(versions: &[Version]) {
    println!();
    for version in versions.iter().rev() {
        let rows = version
            .row_count
            .map_or("?".to_string(), |rows| rows.to_string());
        println!(
            "version {}  {:<32} {:>11} bytes {rows:>9} rows",
            version.version, version.filename, version.file_size
        );
    }
}

/// A bar for an upload; plain lines where there is no terminal.
pub fn progress(bytes: u64) -> UploadBar {
    let template = "   {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {msg}";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = std::io::stderr()
        .is_terminal()
        .then(|| ProgressBar::new(bytes).with_style(style));
    UploadBar {
        bar,
        quarters: AtomicU64::new(0),
    }
}

/// Shows how far an upload has come.
pub struct UploadBar {
    bar: Option<ProgressBar>,
    quarters: AtomicU64,
}

impl UploadBar {
    /// Shows the progress.
    pub fn update(&self, progress: &Progress) {
        let parts = format!(
            "{}/{} parts, {:?}",
            progress.parts_done, progress.parts_total, progress.phase
        );
        if let Some(bar) = &self.bar {
            bar.set_position(progress.bytes_done);
            bar.set_message(parts);
            return;
        }
        let quarter = progress.bytes_done * 4 / progress.bytes_total.max(1);
        if self.quarters.fetch_max(quarter, Ordering::Relaxed) < quarter {
            println!("   {} % sent, {parts}", quarter * 25);
        }
    }
}

impl Drop for UploadBar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish();
        }
    }
}

/// The response without the signatures of its URLs.
pub fn without_signatures(response: &PresignedUploadResponse) -> Value {
    let mut shown = json!(response);
    let urls = response
        .urls
        .iter()
        .map(|url| format!("{}?…", url.split('?').next().unwrap_or_default()));
    shown["urls"] = urls.collect();
    shown
}
