//! Uppy with Restow as its backend, by the code of the guide: pause, reload, an expired URL, and cancel.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use chrono::TimeDelta;
use fantoccini::Locator;
use restow_sdk::generated::types::JobStatus;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::chromium::{Browser, Scheme};
use super::site;
use crate::fixture::{Clock, PART_SIZE, System, csv, eventually};

/// More than Uppy sends at a time, so that a part is missing when the first is stored.
const PARTS: usize = 8;

/// The page, which uploads the selected file.
const PAGE: &str = "<!doctype html><title>Uppy</title><link rel=icon href=data:,><input type=file>
    <script type=module>
      import { createUppy, upload } from './uppy-upload.js';
      const outcome = { refused: 0, stored: 0 };
      window.begin = (options, pausesEarly) => {
        const uppy = createUppy(options);
        uppy.on('s3-multipart:part-uploaded', () => {
          outcome.stored += 1;
          if (pausesEarly && outcome.stored === 1) uppy.pauseAll();
        });
        document.querySelector('input').addEventListener('change', ({ target }) => {
          const report = (result) => Object.assign(outcome, result);
          upload(uppy, target.files[0]).then((version) => report({ version }), (error) => report({ error: String(error) }));
        });
        Object.assign(window, { uppy, outcome });
      };
      const { send } = XMLHttpRequest.prototype;
      XMLHttpRequest.prototype.send = function (body) {
        this.addEventListener('load', () => { if (this.status === 403) outcome.refused += 1; });
        if (outcome.rewords) Object.defineProperty(this, 'responseText', { value: 'expired' });
        return send.call(this, body);
      };
    </script>";

/// A page with Uppy, and a server that allows its origin.
struct Page {
    browser: Browser,
    url: String,
    system: System,
    dataset_id: Uuid,
    file: PathBuf,
    content: Bytes,
    _directory: TempDir,
}

/// The guide's code with its packages, if `cargo xtask docs` has bundled it.
fn bundle() -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../docs-examples/uppy-upload.js");
    if !file.is_file() {
        eprintln!("SKIPPED: the guide's code is not bundled; cargo xtask docs");
        return None;
    }
    Some(file)
}

impl Page {
    /// A page, and a file of so many rows; `None` if there is no browser or no bundle.
    async fn open(rows: usize) -> Result<Option<Self>> {
        let Some(bundle) = bundle() else {
            return Ok(None);
        };
        let Some(browser) = Browser::start(Scheme::Light).await? else {
            return Ok(None);
        };
        let directory = tempfile::tempdir()?;
        std::fs::copy(bundle, directory.path().join("uppy-upload.js"))?;
        std::fs::write(directory.path().join("index.html"), PAGE)?;
        let url = site::serve(directory.path().to_path_buf()).await?;
        let system = System::start_with(&[("--allowed-origins", &url)])?;
        let (dataset_id, content) = (system.dataset("from Uppy").await?, csv(rows));
        let file = directory.path().join("rows.csv");
        std::fs::write(&file, &content)?;
        Ok(Some(Self {
            browser,
            url,
            system,
            dataset_id,
            file,
            content,
            _directory: directory,
        }))
    }

    /// A page with a file of eight parts, whose upload pauses when the first is stored.
    async fn open_and_pause() -> Result<Option<Self>> {
        let Some(page) = Self::open(PARTS * PART_SIZE / 21).await? else {
            return Ok(None);
        };
        ensure!(
            page.content.len().div_ceil(PART_SIZE) == PARTS,
            "not so many parts"
        );
        page.load(true).await?;
        page.select().await?;
        page.until("outcome.stored > 0").await?;
        Ok(Some(page))
    }

    /// Loads the page anew, and creates its Uppy.
    async fn load(&self, pauses_early: bool) -> Result<()> {
        self.browser.page.goto(&self.url).await?;
        self.until("typeof begin === 'function'").await?;
        let options = json!({
            "api": format!("{}/api", self.system.server.url()),
            "token": self.system.server.token(),
            "datasetId": self.dataset_id,
        });
        let arguments = vec![options, json!(pauses_early)];
        self.browser
            .page
            .execute("begin(...arguments)", arguments)
            .await?;
        Ok(())
    }

    /// Selects the file, as a user does.
    async fn select(&self) -> Result<()> {
        let input = self.browser.page.find(Locator::Css("input")).await?;
        let path = self.file.to_str().context("a path in UTF-8")?;
        Ok(input.send_keys(path).await?)
    }

    async fn evaluate(&self, expression: &str) -> Result<Value> {
        let script = format!("return {expression}");
        Ok(self.browser.page.execute(&script, vec![]).await?)
    }

    /// Waits until an expression of the page is true; an upload that fails ends the wait.
    async fn until(&self, expression: &str) -> Result<()> {
        let found = eventually(expression, async || {
            let error = self.evaluate("window.outcome?.error").await.ok()?;
            let is_true = self.evaluate(expression).await.ok()? == json!(true);
            (is_true || error.is_string()).then_some(error)
        });
        let error = found.await;
        ensure!(!error.is_string(), "the upload failed: {error}");
        Ok(())
    }

    async fn job_id(&self) -> Result<Uuid> {
        let id = self
            .evaluate("uppy.getFiles()[0].s3Multipart.uploadId")
            .await?;
        Ok(serde_json::from_value(id)?)
    }

    /// Numbers of the parts that S3 holds.
    async fn parts(&self, job_id: Uuid) -> Result<BTreeSet<i64>> {
        let parts = self
            .system
            .client
            .api()
            .list_parts()
            .job_id(job_id)
            .send()
            .await?;
        Ok(parts.items.iter().map(|part| part.part_number).collect())
    }

    /// Waits for the first version, and compares its bytes with those of the file.
    async fn assert_uploaded(&self) -> Result<()> {
        self.until("outcome.version === 1").await?;
        let found = self.system.read(self.dataset_id).await?;
        ensure!(found == self.content, "the downloaded bytes differ");
        Ok(())
    }

    async fn assert_clean(&self) -> Result<()> {
        let hosts = [
            self.url.as_str(),
            self.system.server.url(),
            &self.system.place.endpoint,
        ];
        self.browser.assert_clean(&hosts).await
    }
}

#[tokio::test]
async fn uppy_resumes_a_paused_upload() -> Result<()> {
    let Some(page) = Page::open_and_pause().await? else {
        return Ok(());
    };
    let held = page.parts(page.job_id().await?).await?.len();
    assert!((1..PARTS).contains(&held), "{held} parts are stored");
    assert_eq!(page.evaluate("outcome.version ?? null").await?, Value::Null);
    page.evaluate("uppy.resumeAll()").await?;
    page.assert_uploaded().await?;
    page.assert_clean().await
}

#[tokio::test]
async fn uppy_resumes_after_a_reload() -> Result<()> {
    let Some(page) = Page::open_and_pause().await? else {
        return Ok(());
    };
    let job_id = page.job_id().await?;
    let saved = format!("Object.values(localStorage).some((state) => state.includes('{job_id}'))");
    page.until(&saved).await?;
    page.load(false).await?;
    page.until("uppy.getState().recoveredState !== null")
        .await?;
    let held = page.parts(job_id).await?;
    assert!((1..PARTS).contains(&held.len()), "{held:?} are stored");
    page.browser.take_puts().await?;
    page.select().await?;
    page.assert_uploaded().await?;
    let mut sent = BTreeSet::new();
    for url in page.browser.take_puts().await? {
        let number = url.query_pairs().find(|(name, _)| name == "partNumber");
        sent.insert(number.context("no number of a part")?.1.parse::<i64>()?);
    }
    let missing: BTreeSet<i64> = (1..)
        .take(PARTS)
        .filter(|part| !held.contains(part))
        .collect();
    assert_eq!(sent, missing, "other parts than the missing ones were sent");
    let committed = page
        .system
        .client
        .api()
        .get_job()
        .job_id(job_id)
        .send()
        .await?;
    assert_eq!(committed.version, Some(1));
    page.assert_clean().await
}

#[tokio::test]
async fn uppy_replaces_an_expired_url() -> Result<()> {
    let Some(mut page) = Page::open(1000).await? else {
        return Ok(());
    };
    let clock = Clock::of(&page.system);
    page.system = page
        .system
        .kill_and_restart_with(vec![clock.variable()])
        .await?;
    // URLs that are signed now have expired long ago.
    clock.set(TimeDelta::hours(-2))?;
    page.load(false).await?;
    // Uppy knows the message of S3, which the embedded one sends too. Other stores have messages of their own.
    page.evaluate("outcome.rewords = true").await?;
    page.select().await?;
    page.until("outcome.refused > 0").await?;
    assert_eq!(page.evaluate("outcome.stored").await?, 0);
    clock.set(TimeDelta::zero())?;
    page.assert_uploaded().await
}

#[tokio::test]
async fn uppy_cancels_the_job() -> Result<()> {
    let Some(page) = Page::open_and_pause().await? else {
        return Ok(());
    };
    let job_id = page.job_id().await?;
    page.evaluate("uppy.cancelAll()").await?;
    eventually("a cancelled job", async || {
        let job = page
            .system
            .client
            .api()
            .get_job()
            .job_id(job_id)
            .send()
            .await
            .ok()?;
        (job.status == JobStatus::Cancelled).then_some(())
    })
    .await;
    page.assert_clean().await
}
