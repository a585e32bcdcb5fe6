//! Tests in a real browser: the docs site, the console of the server, and uploads from a page, also by Uppy.

mod chromium;
mod site;
mod uppy;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::wd::TimeoutConfiguration;
use serde_json::{Value, json};

use self::chromium::{Browser, Scheme};
use crate::fixture::{PART_SIZE, System, csv};

/// The docs site, if `cargo xtask docs` has built it.
fn built_docs() -> Option<PathBuf> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../docs");
    if !directory.join("index.html").is_file() {
        eprintln!("SKIPPED: the docs site is not built; cargo xtask docs");
        return None;
    }
    Some(directory)
}

/// The text of the page.
async fn text(browser: &Browser) -> Result<String> {
    Ok(browser
        .page
        .find(Locator::Css("body"))
        .await?
        .text()
        .await?)
}

async fn the_site_is_shown(scheme: Scheme) -> Result<()> {
    let Some(directory) = built_docs() else {
        return Ok(());
    };
    let Some(browser) = Browser::start(scheme).await? else {
        return Ok(());
    };
    let url = site::serve(directory).await?;
    browser.page.goto(&url).await?;
    browser.screenshot(&format!("site-home-{scheme}")).await?;
    let operation = format!("{url}/reference/operations/request_presigned_reupload/");
    browser.page.goto(&operation).await?;
    browser
        .screenshot(&format!("site-operation-{scheme}"))
        .await?;
    let text = text(&browser).await?;
    for shown in [
        "Request Presigned Reupload",
        "dataset_id",
        "file_size",
        "Filename",
        "201",
        "422",
        "curl",
        "upload_id",
    ] {
        ensure!(text.contains(shown), "{shown} is not shown:\n{text}");
    }
    browser.assert_clean(&[&url]).await
}

#[tokio::test]
async fn docs_site_renders_in_light_scheme() -> Result<()> {
    the_site_is_shown(Scheme::Light).await
}

#[tokio::test]
async fn docs_site_renders_in_dark_scheme() -> Result<()> {
    the_site_is_shown(Scheme::Dark).await
}

/// Waits until the page has an element, and returns it.
async fn find(browser: &Browser, xpath: &str) -> Result<Element> {
    let timeout = browser.page.wait().at_most(Duration::from_mins(1));
    timeout
        .for_element(Locator::XPath(xpath))
        .await
        .with_context(|| format!("there is no {xpath}"))
}

async fn the_console_does_a_request(scheme: Scheme) -> Result<()> {
    let Some(browser) = Browser::start(scheme).await? else {
        return Ok(());
    };
    let system = System::start()?;
    system.dataset("shown in the console").await?;
    browser
        .page
        .goto(&format!("{}/docs", system.server.url()))
        .await?;
    find(&browser, "//input[contains(@placeholder, 'oken')]")
        .await?
        .send_keys(system.server.token())
        .await?;
    find(&browser, "//a[contains(., 'List Datasets')]")
        .await?
        .click()
        .await?;
    browser.screenshot(&format!("console-{scheme}")).await?;
    find(
        &browser,
        "//button[contains(., 'Test Request') and contains(., '/datasets')]",
    )
    .await?
    .click()
    .await?;
    find(&browser, "//button[contains(., 'Send')]")
        .await?
        .click()
        .await?;
    let answered = find(&browser, "//*[contains(text(), 'shown in the console')]").await;
    browser
        .screenshot(&format!("console-answer-{scheme}"))
        .await?;
    answered?;
    browser.assert_clean(&[system.server.url()]).await
}

#[tokio::test]
async fn console_sends_a_request_in_light_scheme() -> Result<()> {
    the_console_does_a_request(Scheme::Light).await
}

#[tokio::test]
async fn console_sends_a_request_in_dark_scheme() -> Result<()> {
    the_console_does_a_request(Scheme::Dark).await
}

/// The guide's script, in a page whose origin differs from those of the API and of S3.
#[tokio::test]
async fn page_uploads_a_three_part_file() -> Result<()> {
    let pages = tempfile::tempdir()?;
    let script = include_str!("../../docs/src/examples/browser-upload.js");
    std::fs::write(pages.path().join("browser-upload.js"), script)?;
    std::fs::write(
        pages.path().join("index.html"),
        "<!doctype html><title>upload</title><link rel=icon href=data:,>",
    )?;
    let Some(browser) = Browser::start(Scheme::Light).await? else {
        return Ok(());
    };
    let url = site::serve(pages.path().to_path_buf()).await?;
    let system = System::start_with(&[("--allowed-origins", &url)])?;
    let dataset_id = system.dataset("from a page").await?;
    // Enough rows for two whole parts and a short third one.
    let content = csv(2 * PART_SIZE / 18);
    ensure!(
        (2 * PART_SIZE + 1..3 * PART_SIZE).contains(&content.len()),
        "{} bytes do not make three parts",
        content.len()
    );
    std::fs::write(pages.path().join("rows.csv"), &content)?;
    browser.page.goto(&url).await?;
    let timeout = TimeoutConfiguration::new(Some(Duration::from_mins(1)), None, None);
    browser.page.update_timeouts(timeout).await?;
    let run = "const [api, token, datasetId, done] = arguments; (async () => {
        const { reupload } = await import('/browser-upload.js');
        const bytes = await (await fetch('/rows.csv')).blob();
        const file = new File([bytes], 'rows.csv', { type: 'text/csv' });
        const reported = [];
        const version = await reupload({ api, token, datasetId, file, onProgress: (sent) => reported.push(sent) });
        return { version, reported };
    })().then(done, (error) => done({ error: String(error) }));";
    let api = format!("{}/api", system.server.url());
    let arguments = vec![json!(api), json!(system.server.token()), json!(dataset_id)];
    let outcome: Value = browser.page.execute_async(run, arguments).await?;
    assert_eq!(outcome["version"]["version"], 1, "{outcome}");
    let reported = outcome["reported"].as_array().context("no progress")?;
    assert_eq!(
        (reported.len(), reported.last()),
        (3, Some(&json!(content.len())))
    );
    assert!(
        system.read(dataset_id).await? == content,
        "the downloaded bytes differ from those that the page sent"
    );
    browser
        .assert_clean(&[&url, system.server.url(), &system.place.endpoint])
        .await
}
