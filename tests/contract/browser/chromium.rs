//! Headless Chromium, driven over `WebDriver`, with its screenshots and logs.

use std::fmt;
use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Error, Result, bail, ensure};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

/// If this variable is set, a missing browser is a failure.
const REQUIRED: &str = "RESTOW_REQUIRE_BROWSER";

/// How often the driver is started.
const MAX_STARTS: usize = 10;

/// Color scheme that the browser requests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    Light,
    Dark,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Light {
            "light"
        } else {
            "dark"
        })
    }
}

/// A running browser with one page.
#[derive(Debug)]
pub struct Browser {
    /// The page.
    pub page: Client,
    _driver: Driver,
}

/// The driver process; the browser is in its process group.
#[derive(Debug)]
struct Driver {
    process: Child,
    profile: TempDir,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // They may have ended already.
        let _ = Command::new("sh")
            .args(["-c", &format!("kill -KILL -{}", self.process.id())])
            .status();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// Starts a browser if one is installed.
    ///
    /// # Errors
    /// If it does not start, or is not installed although `RESTOW_REQUIRE_BROWSER` is set.
    pub async fn start(scheme: Scheme) -> Result<Option<Self>> {
        let mut command = Command::new("chromedriver");
        command
            .arg("--port=0")
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let (port, driver) = match started(&mut command) {
            Ok(started) => started,
            Err(error) if is_missing(&error) && std::env::var_os(REQUIRED).is_none() => {
                eprintln!(
                    "SKIPPED: Chromium is not installed; Debian: apt-get install chromium chromium-driver"
                );
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let capabilities = capabilities(scheme, driver.profile.path());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().cloned().unwrap_or_default());
        let page = builder.connect(&format!("http://127.0.0.1:{port}")).await?;
        Ok(Some(Self {
            page,
            _driver: driver,
        }))
    }

    /// Saves a screenshot of the page below the target directory.
    ///
    /// # Errors
    /// If it cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../screenshots");
        std::fs::create_dir_all(&directory)?;
        Ok(std::fs::write(
            directory.join(format!("{name}.png")),
            self.page.screenshot().await?,
        )?)
    }

    /// Checks that the page has logged no error, and has sent requests only to the hosts of these URLs.
    ///
    /// # Errors
    /// If the page has logged an error or sent another request.
    pub async fn assert_clean(&self, hosts: &[&str]) -> Result<()> {
        for entry in self.log("browser").await? {
            ensure!(
                entry["level"] != "SEVERE",
                "the page logged {}",
                entry["message"]
            );
        }
        for entry in self.log("performance").await? {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default())?;
            let event = &event["message"];
            let Some(requested) = event["params"]["request"]["url"].as_str() else {
                continue;
            };
            // The last two are the browser's own pages, such as its start page.
            let local = ["data:", "blob:", "about:", "chrome:", "chrome-untrusted:"];
            let local = local.iter().any(|scheme| requested.starts_with(scheme));
            let own = hosts.iter().any(|host| requested.starts_with(host));
            ensure!(
                event["method"] != "Network.requestWillBeSent" || local || own,
                "unexpected request: {requested}"
            );
        }
        Ok(())
    }

    /// URLs of the PUT requests that the page has sent since the log of requests was read last.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub async fn take_puts(&self) -> Result<Vec<Url>> {
        let mut urls = Vec::new();
        for entry in self.log("performance").await? {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default())?;
            let request = &event["message"]["params"]["request"];
            if event["message"]["method"] == "Network.requestWillBeSent"
                && request["method"] == "PUT"
            {
                urls.push(request["url"].as_str().unwrap_or_default().parse()?);
            }
        }
        Ok(urls)
    }

    async fn log(&self, name: &'static str) -> Result<Vec<Value>> {
        let entries = self.page.issue_cmd(ReadLog(name)).await?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }
}

/// Starts the driver, and returns its port.
fn started(command: &mut Command) -> Result<(u16, Driver)> {
    for _ in 0..MAX_STARTS {
        let mut process = command.spawn().context("chromedriver cannot be run")?;
        let port = port(&mut process);
        let driver = Driver {
            process,
            profile: tempfile::tempdir()?,
        };
        // It ends where the port that it takes for IPv4 is in use for IPv6.
        if let Some(port) = port {
            return Ok((port, driver));
        }
    }
    bail!("chromedriver reports no port, {MAX_STARTS} times")
}

/// Whether there is no such program.
fn is_missing(error: &Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn port(process: &mut Child) -> Option<u16> {
    let lines = BufReader::new(process.stdout.take()?)
        .lines()
        .map_while(Result::ok);
    let said = lines.into_iter().find_map(|line| {
        line.split("successfully on port ")
            .nth(1)
            .map(str::to_string)
    });
    said?.trim_end_matches('.').parse().ok()
}

fn capabilities(scheme: Scheme, profile: &Path) -> Value {
    // No other host can be reached, whatever a page requests.
    let mut arguments = vec![
        "--headless".to_string(),
        "--no-sandbox".to_string(),
        "--disable-gpu".to_string(),
        "--disable-quic".to_string(),
        "--disable-dev-shm-usage".to_string(),
        "--no-first-run".to_string(),
        "--disable-background-networking".to_string(),
        "--disable-component-update".to_string(),
        "--disable-sync".to_string(),
        "--window-size=1280,1600".to_string(),
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_string(),
        format!("--user-data-dir={}", profile.display()),
    ];
    if scheme == Scheme::Dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_string());
    }
    json!({
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    })
}

/// Reads and empties a log, by Chromium's own extension of `WebDriver`.
#[derive(Debug)]
struct ReadLog(&'static str);

impl WebDriverCompatibleCommand for ReadLog {
    fn endpoint(
        &self,
        base_url: &Url,
        session_id: Option<&str>,
    ) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base_url.join(&format!(
            "session/{}/se/log",
            session_id.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}
