//! Webhooks: what the command adds receives events, until the command removes it.

use anyhow::{Context, Result};
use serde_json::Value;
use standardwebhooks::Webhook as Verifier;
use uuid::Uuid;

use super::shell::{Ran, Shell};
use crate::fixture::{System, csv, eventually};
use crate::webhooks::receiver::{Message, Receiver, Reply};

const ALLOW_PRIVATE: (&str, &str) = ("--webhook-allow-private", "");

/// An identifier of nothing.
pub const UNKNOWN: &str = "0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d";

/// A server whose dataset `weather` has a webhook for cancelled jobs.
struct Site {
    system: System,
    shell: Shell,
    receiver: Receiver,
    dataset_id: Uuid,
    /// Identifier of the webhook.
    webhook: String,
    secret: String,
}

impl Site {
    async fn start() -> Result<Self> {
        let system = System::start_with(&[ALLOW_PRIVATE])?;
        let shell = Shell::at(&system)?;
        let receiver = Receiver::start().await?;
        let dataset_id = system.dataset("weather").await?;
        let added = add(&shell, &receiver.url()).await?;
        let webhook = webhooks(&shell).await?.pop().context("no webhook")?;
        Ok(Self {
            webhook: webhook["id"].as_str().context("no id")?.to_string(),
            secret: added.line().to_string(),
            system,
            shell,
            receiver,
            dataset_id,
        })
    }

    /// Has an event happen that the webhook is for.
    async fn cancel_job(&self) -> Result<()> {
        let upload = self
            .system
            .begin(self.dataset_id, "rows.csv", csv(1))
            .await?;
        self.shell
            .run(&["job", "cancel", &upload.job_id.to_string()])
            .await?;
        Ok(())
    }

    /// The arguments of a command on the webhook.
    fn of_webhook<'a>(&'a self, command: &'a str) -> [&'a str; 4] {
        ["webhook", command, "weather", &self.webhook]
    }

    /// The newest delivery once the receiver has accepted it.
    async fn delivered(&self) -> Value {
        eventually("the newest event is delivered", async || {
            let listed = self.shell.json(&self.of_webhook("deliveries")).await.ok()?;
            let newest = listed.get(0)?.clone();
            (newest["status"] == "delivered").then_some(newest)
        })
        .await
    }
}

/// Adds a webhook for cancelled jobs to the dataset `weather`.
pub async fn add(shell: &Shell, url: &str) -> Result<Ran> {
    shell
        .run(&["webhook", "add", "weather", url, "--event", "job.cancelled"])
        .await
}

/// The webhooks of the dataset `weather`.
pub async fn webhooks(shell: &Shell) -> Result<Vec<Value>> {
    let listed = shell.json(&["webhook", "list", "weather"]).await?;
    Ok(listed.as_array().context("no list")?.clone())
}

fn assert_signed(message: &Message, secret: &str) -> Result<()> {
    Ok(Verifier::new(secret)?.verify(&message.body, &message.headers)?)
}

#[tokio::test]
async fn event_is_delivered_listed_and_resent() -> Result<()> {
    let site = Site::start().await?;
    site.cancel_job().await?;
    let first = site.receiver.next().await?;
    assert_signed(&first, &site.secret)?;
    assert_eq!(first.json()?["type"], "job.cancelled");
    let delivered = site.delivered().await;
    let id = delivered["id"].as_str().context("no id")?;
    // By the `webhook-id` of the message, and by the identifier that the list shows.
    for (attempts, delivery) in [(2, first.id()?), (3, id)] {
        let resend = [&site.of_webhook("resend")[..], &[delivery]].concat();
        let ran = site.shell.run(&resend).await?;
        let expected = format!("job.cancelled is sent again (delivery {id})");
        assert_eq!(ran.line(), expected);
        let again = site.receiver.next().await?;
        assert_signed(&again, &site.secret)?;
        assert_eq!((again.id()?, again.json()?), (first.id()?, first.json()?));
        let delivered = site.delivered().await;
        assert_eq!(delivered["attempts"], attempts);
        assert_eq!(delivered["response_status"], 200);
    }
    let unknown = [&site.of_webhook("resend")[..], &[UNKNOWN]].concat();
    let ran = site.shell.ends(4, &unknown).await?;
    assert!(ran.stderr.contains("restow webhook deliveries"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn refused_delivery_is_listed_with_its_next_attempt() -> Result<()> {
    let site = Site::start().await?;
    site.cancel_job().await?;
    site.receiver.next().await?;
    site.delivered().await;
    site.receiver.reply(&vec![Reply::Status(500); 3]);
    site.cancel_job().await?;
    let refused = site.receiver.next().await?;
    let table = eventually("the refusal is listed", async || {
        let table = site.shell.run(&site.of_webhook("deliveries")).await.ok()?;
        let is_listed = table.stdout.contains("response 500");
        is_listed.then_some(table.stdout)
    })
    .await;
    let rows: Vec<_> = table.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(
        rows[0].contains("pending") && rows[0].contains("next attempt"),
        "{table}"
    );
    assert!(
        rows[1].contains("delivered") && rows[1].ends_with("response 200"),
        "{table}"
    );
    // The newest alone.
    let one = [
        &site.of_webhook("deliveries")[..],
        &["--limit", "1", "--quiet"],
    ]
    .concat();
    let listed: Uuid = site.shell.run(&one).await?.line().parse()?;
    assert_eq!(refused.id()?, format!("msg_{}", listed.simple()));
    Ok(())
}

#[tokio::test]
async fn rotated_secret_signs_beside_the_earlier_one() -> Result<()> {
    let site = Site::start().await?;
    let rotated = site.shell.run(&site.of_webhook("rotate-secret")).await?;
    let secret = rotated.line();
    assert!(
        secret.starts_with("whsec_") && secret != site.secret,
        "{rotated:?}"
    );
    assert!(
        rotated.stderr.contains("printed only this once") && !rotated.stderr.contains(secret),
        "{rotated:?}"
    );
    site.cancel_job().await?;
    let message = site.receiver.next().await?;
    assert_signed(&message, secret)?;
    assert_signed(&message, &site.secret)?;
    // Each earlier secret is valid for a day of its own.
    let rotate = [&site.of_webhook("rotate-secret")[..], &["--json"]].concat();
    let document = site.shell.run(&rotate).await?.json()?;
    assert_eq!(document["webhook"]["id"], site.webhook);
    site.cancel_job().await?;
    let message = site.receiver.next().await?;
    assert_signed(&message, document["secret"].as_str().context("no secret")?)?;
    assert_signed(&message, secret)?;
    assert_signed(&message, &site.secret)?;
    Ok(())
}

#[tokio::test]
async fn removed_webhook_receives_nothing() -> Result<()> {
    let site = Site::start().await?;
    let other = Receiver::start().await?;
    add(&site.shell, &other.url()).await?;
    site.cancel_job().await?;
    site.receiver.next().await?;
    other.next().await?;
    site.delivered().await;
    let removed = site.shell.run(&site.of_webhook("rm")).await?;
    assert!(removed.stdout.contains("no longer sent"), "{removed:?}");
    let connections = site.receiver.connections();
    // The second event is sent when all messages of the first have arrived.
    for _ in 0..2 {
        site.cancel_job().await?;
        other.next().await?;
    }
    assert_eq!(site.receiver.connections(), connections);
    assert_eq!(webhooks(&site.shell).await?.len(), 1);
    for command in ["deliveries", "rotate-secret", "remove"] {
        let ran = site.shell.ends(4, &site.of_webhook(command)).await?;
        assert!(ran.stderr.contains("restow webhook list"), "{ran:?}");
    }
    Ok(())
}

#[tokio::test]
async fn lost_secret_is_not_requested_twice() -> Result<()> {
    let site = Site::start().await?;
    site.system.witness().lose_reply("/webhooks");
    let url = site.receiver.url();
    let arguments = ["webhook", "add", "weather", &url, "--event", "job.ready"];
    let ran = site.shell.ends(8, &arguments).await?;
    assert!(
        ran.stderr.contains("unknown whether the webhook was added")
            && ran.stderr.contains("`restow webhook list weather`"),
        "{ran:?}"
    );
    assert_eq!(webhooks(&site.shell).await?.len(), 2);

    site.system.witness().lose_reply("/rotate");
    let ran = site
        .shell
        .ends(8, &site.of_webhook("rotate-secret"))
        .await?;
    assert!(
        ran.stderr
            .contains("unknown whether the secret was replaced"),
        "{ran:?}"
    );
    assert_eq!(site.system.witness().losses_to_come(), 0);
    // A second rotation would have ended the overlap with the secret that the receiver has.
    site.cancel_job().await?;
    assert_signed(&site.receiver.next().await?, &site.secret)
}
