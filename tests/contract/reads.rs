//! Reads: entity tags and 304, downloads by redirects, and readers that request HEAD first.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use reqwest::redirect::Policy;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::{Operation, System, csv, operations, refused_answer};

/// A dataset with two versions, the job of one of them, and a job that waits for its parts.
struct Resources {
    dataset_id: Uuid,
    committed: Uuid,
    waiting: Uuid,
    webhook_id: String,
}

impl Resources {
    async fn create(system: &System) -> Result<Self> {
        let dataset_id = system.dataset("read").await?;
        let first = system.publish(dataset_id, "1.csv", csv(1)).await?;
        system.publish(dataset_id, "2.csv", csv(2)).await?;
        let waiting = system.begin(dataset_id, "3.csv", csv(3)).await?;
        let path = format!("/datasets/{dataset_id}/webhooks");
        let body = json!({ "url": "https://hooks.example/", "types": ["version.committed"] });
        let created = system
            .request(Method::POST, &path)
            .json(&body)
            .send()
            .await?;
        let created: Value = created.json().await?;
        let webhook_id = created["webhook"]["id"].as_str().context("a webhook")?;
        Ok(Self {
            dataset_id,
            committed: first.job_id,
            waiting: waiting.job_id,
            webhook_id: webhook_id.to_string(),
        })
    }

    fn path(&self, operation: &Operation) -> String {
        let job_id = if operation.id == "list_parts" {
            self.waiting
        } else {
            self.committed
        };
        let path = operation
            .path
            .replace("{dataset_id}", &self.dataset_id.to_string())
            .replace("{job_id}", &job_id.to_string())
            .replace("{webhook_id}", &self.webhook_id)
            .replace("{version}", "1");
        match operation.id.as_str() {
            "diff_versions" => format!("{path}?from=1"),
            _ => path,
        }
    }
}

/// The reads whose response is the same until something changes.
fn reads() -> impl Iterator<Item = &'static Operation> {
    let is_read = |operation: &&Operation| {
        operation.method == Method::GET && !operation.path.ends_with("/download")
    };
    operations().iter().filter(is_read)
}

fn header(response: &Response, name: &str) -> Result<String> {
    let value = response.headers().get(name);
    let value = value.with_context(|| format!("no {name}"))?;
    Ok(value.to_str()?.to_string())
}

#[tokio::test]
async fn every_read_has_an_entity_tag() -> Result<()> {
    let system = System::start()?;
    let resources = Resources::create(&system).await?;
    assert_eq!(reads().count(), 18);
    for operation in reads() {
        let path = resources.path(operation);
        let get = |tag: &str| {
            let request = system.request(Method::GET, &path);
            request.header("if-none-match", tag).send()
        };
        let first = get("W/\"another\"").await?;
        assert_eq!(first.status(), 200, "{path}");
        let tag = header(&first, "etag")?;
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        for known in [tag.as_str(), &format!("\"x\", {tag}"), "*"] {
            let again = get(known).await?;
            assert_eq!(again.status(), 304, "{path} {known}");
            assert_eq!(header(&again, "etag")?, tag, "{path}");
            assert_eq!(header(&again, "cache-control")?, "no-store", "{path}");
            assert!(again.bytes().await?.is_empty(), "{path}");
        }
        let head = system.request(Method::HEAD, &path);
        let head = head.header("if-none-match", &tag).send().await?;
        assert_eq!(head.status(), 304, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn entity_tag_changes_with_the_content() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("before").await?;
    let path = format!("/datasets/{dataset_id}");
    let before = system.request(Method::GET, &path).send().await?;
    let tag = header(&before, "etag")?;
    let renamed = system.request(Method::PATCH, &path);
    let renamed = renamed.json(&serde_json::json!({ "name": "after" }));
    let renamed = renamed.send().await?;
    assert!(!renamed.headers().contains_key("etag"));
    let after = system.request(Method::GET, &path);
    let after = after.header("if-none-match", &tag).send().await?;
    assert_eq!(after.status(), 200);
    assert_ne!(header(&after, "etag")?, tag);
    assert_eq!(after.json::<Value>().await?["name"], "after");
    let unknown = system.request(Method::GET, &format!("/datasets/{}", Uuid::now_v7()));
    let unknown = unknown.header("if-none-match", "*").send().await?;
    refused_answer(unknown, 404, "not_found").await?;
    Ok(())
}

/// Paths from which the current version, and the same one by its number, are downloaded.
fn downloads(dataset_id: Uuid) -> [String; 2] {
    [
        format!("/datasets/{dataset_id}/download"),
        format!("/datasets/{dataset_id}/versions/2/download"),
    ]
}

#[tokio::test]
async fn downloads_redirect_to_the_object() -> Result<()> {
    let system = System::start()?;
    let resources = Resources::create(&system).await?;
    let plain = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()?;
    for path in downloads(resources.dataset_id) {
        let path = format!("{path}?redirect=true");
        for method in [Method::GET, Method::HEAD] {
            let request = system.request(method.clone(), &path).build()?;
            let response = plain.execute(request).await?;
            assert_eq!(response.status(), 303, "{method} {path}");
            assert_eq!(header(&response, "cache-control")?, "no-store");
            assert!(!response.headers().contains_key("etag"));
            let object = header(&response, "location")?;
            assert!(response.bytes().await?.is_empty());
            let object = system.http.request(method.clone(), object).send().await?;
            assert_eq!(object.status(), 200, "{method} {path}");
            assert_eq!(header(&object, "content-length")?, csv(2).len().to_string());
            if method == Method::GET {
                assert_eq!(object.bytes().await?, csv(2));
            }
        }
        let followed = system.request(Method::GET, &path).send().await?;
        assert_eq!(followed.bytes().await?, csv(2), "{path}");
        let range = system
            .request(Method::GET, &path)
            .header("range", "bytes=1-3");
        let range = range.send().await?;
        assert_eq!(range.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(range.bytes().await?, csv(2).slice(1..4));
    }
    Ok(())
}

#[tokio::test]
async fn download_has_a_url_for_each_method() -> Result<()> {
    let system = System::start()?;
    let resources = Resources::create(&system).await?;
    for path in downloads(resources.dataset_id) {
        for query in ["", "?redirect=false"] {
            let response = system.request(Method::GET, &format!("{path}{query}"));
            let response = response.send().await?;
            assert!(!response.headers().contains_key("etag"), "URLs change");
            let download: Value = response.json().await?;
            let url = |name: &str| download[name].as_str().unwrap_or_default().to_string();
            let head = system.http.head(url("head_url")).send().await?;
            assert_eq!(head.status(), 200);
            assert_eq!(
                header(&head, "content-length")?,
                download["file_size"].to_string()
            );
            let object = system.http.get(url("url")).send().await?;
            assert_eq!(object.bytes().await?, csv(2));
            for (method, name) in [(Method::GET, "head_url"), (Method::HEAD, "url")] {
                let refused = system.http.request(method, url(name)).send().await?;
                assert_eq!(refused.status(), 403, "{name}");
            }
        }
        let odd = system.request(Method::GET, &format!("{path}?redirect=maybe"));
        let fault = refused_answer(odd.send().await?, 422, "bool_type").await?;
        assert_eq!(fault["loc"], serde_json::json!(["query", "redirect"]));
    }
    let empty = system.dataset("empty").await?;
    let path = format!("/datasets/{empty}/download?redirect=true");
    let none = system.request(Method::GET, &path).send().await?;
    refused_answer(none, 404, "not_found").await?;
    Ok(())
}

#[tokio::test]
async fn curl_follows_the_redirect() -> Result<()> {
    let system = System::start()?;
    let resources = Resources::create(&system).await?;
    let [path, _] = downloads(resources.dataset_id);
    let url = format!("{}{path}?redirect=true", system.client.endpoint());
    let authorization = format!("Authorization: Bearer {}", system.server.token());
    for (option, expected) in [("-sSfL", csv(2)), ("-sSfLI", bytes::Bytes::new())] {
        let mut curl = Command::new("curl");
        curl.args(["--noproxy", "*", option, "-H", &authorization, &url]);
        let ran = spawn_blocking(move || curl.output()).await?;
        let ran = ran.context("cannot run curl")?;
        ensure!(ran.status.success(), "{ran:?}");
        if option == "-sSfL" {
            assert_eq!(bytes::Bytes::from(ran.stdout), expected);
        } else {
            let heads = String::from_utf8(ran.stdout)?.to_lowercase();
            let length = format!("content-length: {}", csv(2).len());
            ensure!(heads.contains(&length), "{heads}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn root_leads_to_the_docs() -> Result<()> {
    let system = System::start()?;
    for method in [Method::GET, Method::HEAD] {
        let page = system.anonymous(method, "/").send().await?;
        assert_eq!(page.status(), 200);
        assert_eq!(page.url().path(), "/docs");
        assert_eq!(header(&page, "content-type")?, "text/html; charset=utf-8");
    }
    Ok(())
}
