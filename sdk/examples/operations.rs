//! Every operation of the API, one function each, in an order in which they work. The docs show them as samples.
//!
//! ```console
//! $ RESTOW_ENDPOINT=https://restow.example RESTOW_TOKEN=… cargo run --example operations
//! ```

use std::num::NonZeroU64;

use anyhow::{Context, Result, ensure};
use restow_sdk::Client;
use restow_sdk::generated::types::{
    CreateTrustRuleRequest, CreateWebhookRequest, InspectJobRequest, JobStatus, Policy,
    PolicyAction, ReadOptions, Role, Scope, UpdateDatasetRequest, WebhookEventType,
};
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<()> {
    let endpoint = std::env::var("RESTOW_ENDPOINT").context("RESTOW_ENDPOINT")?;
    let token = std::env::var("RESTOW_TOKEN").context("RESTOW_TOKEN")?;
    let client = Client::new(&endpoint, &token)?;
    let name = format!("operations-{}", std::process::id());

    let dataset_id = create_dataset(&client, &name).await?;
    list_datasets(&client, &name).await?;
    update_dataset(&client, dataset_id, &format!("{name}-renamed")).await?;
    get_dataset(&client, dataset_id).await?;
    for content in ["day,rain\n1,0.5\n", "day,rain\n1,0.5\n2,0.0\n"] {
        reupload(&client, dataset_id, content).await?;
    }
    list_jobs(&client, dataset_id).await?;
    let given_up = request_presigned_reupload(&client, dataset_id, 1).await?;
    cancel_job(&client, given_up).await?;
    list_versions(&client, dataset_id).await?;
    get_version(&client, dataset_id, 1).await?;
    diff_versions(&client, dataset_id, 1).await?;
    download_version(&client, dataset_id, 1).await?;
    restore_version(&client, dataset_id, 1).await?;
    download_dataset(&client, dataset_id).await?;
    list_dataset_events(&client, dataset_id).await?;
    let webhook_id = create_webhook(&client, dataset_id).await?;
    list_webhooks(&client, dataset_id).await?;
    rotate_webhook_secret(&client, dataset_id, webhook_id).await?;
    // Restored once more, so that there is something to deliver.
    restore_version(&client, dataset_id, 2).await?;
    let delivery_id = list_deliveries(&client, dataset_id, webhook_id).await?;
    resend_delivery(&client, dataset_id, webhook_id, delivery_id).await?;
    delete_webhook(&client, dataset_id, webhook_id).await?;
    list_job_events(&client, given_up).await?;
    let (caller, is_admin) = get_caller(&client).await?;
    if is_admin {
        list_events(&client).await?;
    }
    let token_id = create_token(&client, dataset_id).await?;
    list_tokens(&client).await?;
    revoke_token(&client, token_id).await?;
    // Principals are created with their first token; the owner of a dataset needs no grant.
    if let Some(colleague) = std::env::var("RESTOW_COLLEAGUE")
        .ok()
        .filter(|name| *name != caller)
    {
        put_grant(&client, dataset_id, &colleague).await?;
        list_grants(&client, dataset_id).await?;
        delete_grant(&client, dataset_id, &colleague).await?;
    }
    list_trust_rules(&client, dataset_id).await?;
    // Only where the server is configured for the issuer.
    if let Ok(issuer) = std::env::var("RESTOW_ISSUER") {
        let rule_id = create_trust_rule(&client, dataset_id, &issuer).await?;
        if let Ok(ci_token) = std::env::var("RESTOW_CI_TOKEN") {
            exchange_token(&endpoint, dataset_id, &ci_token).await?;
        }
        delete_trust_rule(&client, dataset_id, rule_id).await?;
    }
    delete_dataset(&client, dataset_id).await?;
    undelete_dataset(&client, dataset_id).await?;
    delete_dataset(&client, dataset_id).await
}

/// A reupload step by step; [`Client::reupload`] does all of it, and better.
async fn reupload(client: &Client, dataset_id: Uuid, content: &'static str) -> Result<()> {
    let job_id = request_presigned_reupload(client, dataset_id, content.len()).await?;
    let url = request_part_urls(client, job_id).await?;
    let stored = reqwest::Client::new().put(url).body(content).send().await?;
    ensure!(
        stored.status().is_success(),
        "S3 responded with {}",
        stored.status()
    );
    list_parts(client, job_id).await?;
    complete_presigned_reupload(client, dataset_id, job_id).await?;
    client.wait(job_id).await?;
    get_job(client, job_id).await?;
    get_preview(client, job_id).await?;
    inspect_job(client, job_id).await?;
    client.wait(job_id).await?;
    commit_job(client, job_id).await
}

async fn create_dataset(client: &Client, name: &str) -> Result<Uuid> {
    let dataset = client
        .api()
        .create_dataset()
        .body_map(|body| body.name(name))
        .send()
        .await?;
    println!("{} is {}", dataset.name, dataset.id);
    Ok(dataset.id)
}

async fn list_datasets(client: &Client, name: &str) -> Result<()> {
    let page = client.api().list_datasets().name(name).send().await?;
    for dataset in &page.items {
        println!("{}: {}", dataset.id, dataset.name);
    }
    Ok(())
}

async fn get_dataset(client: &Client, dataset_id: Uuid) -> Result<()> {
    let dataset = client
        .api()
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    println!(
        "{} is at version {:?}",
        dataset.name, dataset.current_version
    );
    Ok(())
}

async fn update_dataset(client: &Client, dataset_id: Uuid, name: &str) -> Result<()> {
    let policy = Policy {
        column_added: Some(PolicyAction::Allow),
        max_row_loss: Some(0.1),
        ..Policy::default()
    };
    let request = client.api().update_dataset().dataset_id(dataset_id);
    let body = UpdateDatasetRequest {
        name: Some(name.parse()?),
        policy: Some(policy),
    };
    let dataset = request.body(body).send().await?;
    println!(
        "{} is {} and may lose {:?} of its rows",
        dataset.id, dataset.name, dataset.policy.max_row_loss
    );
    Ok(())
}

async fn diff_versions(client: &Client, dataset_id: Uuid, from: u64) -> Result<()> {
    let diff = client
        .api()
        .diff_versions()
        .dataset_id(dataset_id)
        .from(NonZeroU64::new(from).context("a version")?)
        .send()
        .await?;
    println!("{}", diff.verdict);
    for change in &diff.changes {
        println!("{}: {}", change.kind, change.msg);
    }
    Ok(())
}

async fn delete_dataset(client: &Client, dataset_id: Uuid) -> Result<()> {
    client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    Ok(())
}

async fn undelete_dataset(client: &Client, dataset_id: Uuid) -> Result<()> {
    let dataset = client
        .api()
        .undelete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    println!("{} is back", dataset.name);
    Ok(())
}

async fn list_trust_rules(client: &Client, dataset_id: Uuid) -> Result<()> {
    let rules = client
        .api()
        .list_trust_rules()
        .dataset_id(dataset_id)
        .send()
        .await?;
    for rule in &rules.items {
        println!("CI jobs of {} may publish", rule.repository);
    }
    Ok(())
}

async fn create_trust_rule(client: &Client, dataset_id: Uuid, issuer: &str) -> Result<Uuid> {
    let rule = client
        .api()
        .create_trust_rule()
        .dataset_id(dataset_id)
        .body(CreateTrustRuleRequest {
            issuer: issuer.parse()?,
            repository: "octo/weather".parse()?,
            repository_owner_id: None,
            workflow: None,
            branch: Some("main".parse()?),
            environment: None,
        })
        .send()
        .await?;
    Ok(rule.id)
}

async fn exchange_token(endpoint: &str, dataset_id: Uuid, ci_token: &str) -> Result<()> {
    let exchanged = Client::anonymous(endpoint)
        .build()?
        .api()
        .exchange_token()
        .body_map(|body| body.dataset_id(dataset_id).token(ci_token))
        .send()
        .await?;
    println!("{} until {}", exchanged.name, exchanged.expires_at);
    Ok(())
}

async fn delete_trust_rule(client: &Client, dataset_id: Uuid, rule_id: Uuid) -> Result<()> {
    client
        .api()
        .delete_trust_rule()
        .dataset_id(dataset_id)
        .rule_id(rule_id)
        .send()
        .await?;
    Ok(())
}

async fn request_presigned_reupload(
    client: &Client,
    dataset_id: Uuid,
    file_size: usize,
) -> Result<Uuid> {
    let request = client
        .api()
        .request_presigned_reupload()
        .dataset_id(dataset_id);
    let presigned = request
        .body_map(|body| {
            body.filename("weather.csv")
                .file_size(file_size as u64)
                .content_type("text/csv")
        })
        .send()
        .await?;
    println!(
        "job {} has {} parts",
        presigned.job_id,
        presigned.urls.len()
    );
    Ok(presigned.job_id)
}

async fn request_part_urls(client: &Client, job_id: Uuid) -> Result<String> {
    let request = client.api().request_part_urls().job_id(job_id);
    let fresh = request
        .body_map(|body| body.part_numbers(vec![NonZeroU64::MIN]))
        .send()
        .await?;
    for part in &fresh.items {
        println!(
            "part {} has {} bytes, until {}",
            part.part_number, part.content_length, part.expires_at
        );
    }
    Ok(fresh.items.first().context("a URL")?.url.clone())
}

async fn list_parts(client: &Client, job_id: Uuid) -> Result<()> {
    let page = client.api().list_parts().job_id(job_id).send().await?;
    for part in &page.items {
        println!("S3 holds part {} of {} bytes", part.part_number, part.size);
    }
    Ok(())
}

async fn complete_presigned_reupload(
    client: &Client,
    dataset_id: Uuid,
    job_id: Uuid,
) -> Result<()> {
    let request = client
        .api()
        .complete_presigned_reupload()
        .dataset_id(dataset_id)
        .job_id(job_id);
    let completion = request.body_map(|body| body.parts(vec![])).send().await?;
    println!("{}: {}", completion.status, completion.message);
    Ok(())
}

async fn get_job(client: &Client, job_id: Uuid) -> Result<()> {
    let job = client.api().get_job().job_id(job_id).send().await?;
    println!(
        "{}: {} of {} bytes",
        job.status, job.progress.bytes_done, job.progress.bytes_total
    );
    Ok(())
}

async fn list_jobs(client: &Client, dataset_id: Uuid) -> Result<()> {
    let page = client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .status(JobStatus::Committed)
        .send()
        .await?;
    for job in &page.items {
        println!("{} became version {:?}", job.id, job.version);
    }
    Ok(())
}

async fn get_preview(client: &Client, job_id: Uuid) -> Result<()> {
    let preview = client.api().get_preview().job_id(job_id).send().await?;
    println!(
        "{:?} rows, {}",
        preview.row_count, preview.schema_diff.verdict
    );
    for finding in &preview.findings {
        println!("{}: {}", finding.type_, finding.msg);
    }
    Ok(())
}

async fn inspect_job(client: &Client, job_id: Uuid) -> Result<()> {
    let read_options = ReadOptions {
        delimiter: Some(",".parse()?),
        header: Some(true),
        ..ReadOptions::default()
    };
    let request = client.api().inspect_job().job_id(job_id);
    let body = InspectJobRequest {
        read_options: Some(read_options),
    };
    let job = request.body(body).send().await?;
    println!("{}", job.status);
    Ok(())
}

async fn commit_job(client: &Client, job_id: Uuid) -> Result<()> {
    let version = client
        .api()
        .commit_job()
        .job_id(job_id)
        .body_map(|body| body)
        .send()
        .await?;
    println!(
        "version {} has {:?} rows",
        version.version, version.row_count
    );
    Ok(())
}

async fn cancel_job(client: &Client, job_id: Uuid) -> Result<()> {
    let job = client.api().cancel_job().job_id(job_id).send().await?;
    println!("{}", job.status);
    Ok(())
}

async fn list_versions(client: &Client, dataset_id: Uuid) -> Result<()> {
    let page = client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .send()
        .await?;
    for version in &page.items {
        println!(
            "{}: {}, {} bytes",
            version.version, version.filename, version.file_size
        );
    }
    Ok(())
}

async fn get_version(client: &Client, dataset_id: Uuid, version: i64) -> Result<()> {
    let version = client
        .api()
        .get_version()
        .dataset_id(dataset_id)
        .version(version)
        .send()
        .await?;
    println!("{}: {:?} rows", version.filename, version.row_count);
    Ok(())
}

async fn download_version(client: &Client, dataset_id: Uuid, version: i64) -> Result<()> {
    let download = client
        .api()
        .download_version()
        .dataset_id(dataset_id)
        .version(version)
        .send()
        .await?;
    println!("{} bytes until {}", download.file_size, download.expires_at);
    Ok(())
}

async fn download_dataset(client: &Client, dataset_id: Uuid) -> Result<()> {
    let download = client
        .api()
        .download_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    println!("{} bytes until {}", download.file_size, download.expires_at);
    Ok(())
}

async fn restore_version(client: &Client, dataset_id: Uuid, version: i64) -> Result<()> {
    let request = client
        .api()
        .restore_version()
        .dataset_id(dataset_id)
        .version(version);
    let restored = request.body_map(|body| body).send().await?;
    println!("version {} is the current one", restored.version);
    Ok(())
}

async fn get_caller(client: &Client) -> Result<(String, bool)> {
    let caller = client.api().get_caller().send().await?;
    println!("{} may {:?}", caller.principal, caller.scopes);
    Ok((caller.principal.clone(), caller.is_admin))
}

async fn list_dataset_events(client: &Client, dataset_id: Uuid) -> Result<()> {
    let page = client
        .api()
        .list_dataset_events()
        .dataset_id(dataset_id)
        .type_("version.committed")
        .send()
        .await?;
    for event in &page.items {
        let by = event
            .actor
            .as_ref()
            .and_then(|actor| actor.principal.as_ref());
        println!("{}: version {:?} by {by:?}", event.time, event.version);
    }
    Ok(())
}

async fn create_webhook(client: &Client, dataset_id: Uuid) -> Result<Uuid> {
    let request = client.api().create_webhook().dataset_id(dataset_id);
    let created = request
        .body(CreateWebhookRequest {
            url: "https://hooks.example/restow".parse()?,
            types: vec![
                WebhookEventType::VersionCommitted,
                WebhookEventType::VersionRestored,
            ],
        })
        .send()
        .await?;
    println!(
        "messages are signed with a secret of {} characters",
        created.secret.len()
    );
    Ok(created.webhook.id)
}

async fn list_webhooks(client: &Client, dataset_id: Uuid) -> Result<()> {
    let request = client.api().list_webhooks().dataset_id(dataset_id);
    for webhook in &request.send().await?.items {
        println!("{}: {:?}", webhook.url, webhook.types);
    }
    Ok(())
}

async fn rotate_webhook_secret(client: &Client, dataset_id: Uuid, webhook_id: Uuid) -> Result<()> {
    let rotated = client
        .api()
        .rotate_webhook_secret()
        .dataset_id(dataset_id)
        .webhook_id(webhook_id)
        .send()
        .await?;
    println!("the secret of {} is another one", rotated.webhook.url);
    Ok(())
}

async fn list_deliveries(client: &Client, dataset_id: Uuid, webhook_id: Uuid) -> Result<Uuid> {
    let page = client
        .api()
        .list_deliveries()
        .dataset_id(dataset_id)
        .webhook_id(webhook_id)
        .send()
        .await?;
    let newest = page.items.first().context("there is no delivery")?;
    println!(
        "{}: {} after {} attempts",
        newest.type_, newest.status, newest.attempts
    );
    Ok(newest.id)
}

async fn resend_delivery(
    client: &Client,
    dataset_id: Uuid,
    webhook_id: Uuid,
    delivery_id: Uuid,
) -> Result<()> {
    let resent = client
        .api()
        .resend_delivery()
        .dataset_id(dataset_id)
        .webhook_id(webhook_id)
        .delivery_id(delivery_id)
        .send()
        .await?;
    println!("next attempt: {:?}", resent.next_attempt_at);
    Ok(())
}

async fn delete_webhook(client: &Client, dataset_id: Uuid, webhook_id: Uuid) -> Result<()> {
    client
        .api()
        .delete_webhook()
        .dataset_id(dataset_id)
        .webhook_id(webhook_id)
        .send()
        .await?;
    Ok(())
}

async fn list_job_events(client: &Client, job_id: Uuid) -> Result<()> {
    let page = client.api().list_job_events().job_id(job_id).send().await?;
    for event in &page.items {
        println!("{}: {}", event.time, event.type_);
    }
    Ok(())
}

async fn list_events(client: &Client) -> Result<()> {
    let page = client
        .api()
        .list_events()
        .type_("access.refused")
        .send()
        .await?;
    for event in &page.items {
        println!("{}: {:?}", event.time, event.reason);
    }
    Ok(())
}

async fn create_token(client: &Client, dataset_id: Uuid) -> Result<Uuid> {
    let request = client.api().create_token().body_map(|body| {
        body.name("nightly load")
            .scopes(vec![Scope::Upload, Scope::Commit])
            .datasets(vec![dataset_id])
            .expires_in(86_400)
    });
    let created = request.send().await?;
    println!(
        "{} is valid until {:?}",
        created.token.name, created.token.expires_at
    );
    // The secret is in `created.secret`, and in no other response.
    Ok(created.token.id)
}

async fn list_tokens(client: &Client) -> Result<()> {
    let page = client.api().list_tokens().send().await?;
    for token in &page.items {
        println!(
            "{}: {:?}, last used {:?}",
            token.name, token.scopes, token.last_used_at
        );
    }
    Ok(())
}

async fn revoke_token(client: &Client, token_id: Uuid) -> Result<()> {
    client
        .api()
        .revoke_token()
        .token_id(token_id)
        .send()
        .await?;
    Ok(())
}

async fn put_grant(client: &Client, dataset_id: Uuid, principal: &str) -> Result<()> {
    let request = client
        .api()
        .put_grant()
        .dataset_id(dataset_id)
        .principal(principal);
    let grant = request
        .body_map(|body| body.role(Role::Reader))
        .send()
        .await?;
    println!("{} is {}", grant.principal, grant.role);
    Ok(())
}

async fn list_grants(client: &Client, dataset_id: Uuid) -> Result<()> {
    let page = client
        .api()
        .list_grants()
        .dataset_id(dataset_id)
        .send()
        .await?;
    for grant in &page.items {
        println!("{} is {}", grant.principal, grant.role);
    }
    Ok(())
}

async fn delete_grant(client: &Client, dataset_id: Uuid, principal: &str) -> Result<()> {
    client
        .api()
        .delete_grant()
        .dataset_id(dataset_id)
        .principal(principal)
        .send()
        .await?;
    Ok(())
}
