//! The command in a CI job, and the action of GitHub that runs it.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Site;
use crate::cli::shell::{Ran, Shell, credentials_file, server_url};
use crate::fixture::{AUDIENCE, REQUEST_TOKEN, csv};

/// The directory of the action.
const ACTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../.github/actions/push");

/// A shell in a job of GitHub Actions, whose token the issuer gives. It has no token of the server.
fn job_of(site: &Site) -> Result<Shell> {
    site.issuer.set_job(Site::job());
    Ok(Shell::new()?
        .with("RESTOW_ENDPOINT", server_url(&site.system.client))
        .with("RESTOW_CI_AUDIENCE", AUDIENCE)
        .with("GITHUB_ACTIONS", "true")
        .with("ACTIONS_ID_TOKEN_REQUEST_URL", &site.issuer.request_url())
        .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN))
}

/// The secrets that the log of a job shows only where it has them hidden.
fn masked(ran: &Ran) -> Vec<&str> {
    let lines = ran.stderr.lines();
    lines
        .filter_map(|line| line.strip_prefix("::add-mask::"))
        .collect()
}

/// Checks that no secret is printed but to be masked.
fn assert_secrets_are_masked(ran: &Ran) {
    let secrets = masked(ran);
    assert_eq!(secrets.len(), 2, "{ran:?}");
    let other_lines = ran
        .stderr
        .lines()
        .filter(|line| !line.starts_with("::add-mask::"));
    let text = other_lines.chain(ran.stdout.lines()).collect::<String>();
    for secret in secrets {
        assert!(!text.contains(secret), "{ran:?}");
    }
}

#[tokio::test]
async fn push_needs_no_stored_secret() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let shell = job_of(&site)?;
    shell.write("weather.csv", csv(7))?;
    let id = dataset_id.to_string();
    let ran = shell
        .run(&["push", "weather.csv", "--ci", "--dataset", &id])
        .await?;
    assert_secrets_are_masked(&ran);
    assert_eq!(site.system.read(dataset_id).await?, csv(7));
    // Nothing is left of it for the next job on the machine.
    assert!(!credentials_file(&shell).exists());
    // Each push has a token of its own.
    shell.write("weather.csv", csv(8))?;
    shell
        .run(&["push", "weather.csv", "--ci", "--dataset", &id])
        .await?;
    assert_eq!(site.system.current_version(dataset_id).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn login_lasts_for_the_commands_of_the_job() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let shell = job_of(&site)?;
    let id = dataset_id.to_string();
    let ran = shell.run(&["login", "--ci", "--dataset", &id]).await?;
    assert_secrets_are_masked(&ran);
    assert!(ran.stdout.contains("as: CI job of octo/weather"), "{ran:?}");
    let mode = fs::metadata(credentials_file(&shell))?.permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    shell.write("weather.csv", csv(3))?;
    shell.run(&["push", "weather.csv"]).await?;
    assert_eq!(site.system.read(dataset_id).await?, csv(3));
    shell.run(&["versions", "weather"]).await?;
    // Not what the token is not for.
    shell.ends(3, &["dataset", "create", "climate"]).await?;
    shell
        .ends(3, &["dataset", "delete", "weather", "--yes"])
        .await?;
    Ok(())
}

#[tokio::test]
async fn other_ci_systems_pass_their_token() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let token = site.issuer.token(&Site::job())?;
    let shell = Shell::new()?
        .with("RESTOW_ENDPOINT", server_url(&site.system.client))
        .with("RESTOW_CI_TOKEN", &token);
    shell.write("weather.csv", csv(2))?;
    let id = dataset_id.to_string();
    let push = ["push", "weather.csv", "--ci", "--dataset", &id];
    let ran = shell.run(&push).await?;
    assert!(masked(&ran).is_empty(), "{ran:?}");
    // The same token a second time.
    let ran = shell.ends(3, &push).await?;
    assert!(
        ran.stderr.contains("was exchanged before") && !ran.stderr.contains(&token),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn untrusted_jobs_are_refused() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let shell = job_of(&site)?;
    shell.write("weather.csv", csv(2))?;
    let id = dataset_id.to_string();
    let push = ["push", "weather.csv", "--ci", "--dataset", &id];
    site.issuer
        .set_job(Site::job_with("ref", json!("refs/heads/feature")));
    let ran = shell.ends(3, &push).await?;
    assert!(ran.stderr.contains("matches no trust rule"), "{ran:?}");
    site.issuer.set_job(Site::job());
    let audience = [&push[..], &["--audience", "https://other.example"]].concat();
    shell.ends(3, &audience).await?;
    let audience = [&push[..], &["--audience", AUDIENCE]].concat();
    shell.run(&audience).await?;
    // Unless the job names it, the server gets no token for an audience that is not itself.
    let shell = shell.without("RESTOW_CI_AUDIENCE");
    let ran = shell.ends(3, &push).await?;
    assert!(ran.stderr.contains("is not the server itself"), "{ran:?}");
    let shell = shell.with("RESTOW_CI_AUDIENCE", AUDIENCE);
    // Without the permission, a job has neither variable.
    let shell = shell.without("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    let ran = shell.ends(3, &push).await?;
    assert!(ran.stderr.contains("id-token: write"), "{ran:?}");
    let shell = shell.with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "other");
    let ran = shell.ends(3, &push).await?;
    assert!(ran.stderr.contains("401"), "{ran:?}");
    // A dataset that only a token could find by its name.
    shell
        .ends(2, &["push", "weather.csv", "--ci", "--dataset", "weather"])
        .await?;
    shell.ends(2, &["push", "weather.csv", "--ci"]).await?;
    Ok(())
}

#[tokio::test]
async fn trust_rules_are_managed_by_the_command() -> Result<()> {
    let site = Site::start()?;
    let dataset_id = site.system.dataset("weather").await?;
    let owner = Shell::at(&site.system)?;
    let issuer = site.issuer.url();
    let add = [
        "trust",
        "add",
        "weather",
        "--issuer",
        &issuer,
        "--repository",
        "octo/weather",
    ];
    let ran = owner.run(&add).await?;
    assert!(ran.stderr.contains("trusts every workflow"), "{ran:?}");
    let full = [
        "--owner-id",
        "42",
        "--workflow",
        "publish.yml",
        "--branch",
        "main",
    ];
    let rule = owner.json(&[&add[..], &full].concat()).await?;
    let id = rule["id"].as_str().context("no id")?;
    let listed = owner.run(&["trust", "list", "weather"]).await?.stdout;
    assert!(
        listed.contains(
            "octo/weather, owner 42, workflow publish.yml, branch main, created by default"
        ),
        "{listed}"
    );
    assert_eq!(
        owner
            .json(&["trust", "list", "weather"])
            .await?
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    owner.run(&["trust", "remove", "weather", id]).await?;
    owner.ends(4, &["trust", "remove", "weather", id]).await?;
    let job = job_of(&site)?;
    job.write("weather.csv", csv(4))?;
    let dataset = dataset_id.to_string();
    job.run(&["push", "weather.csv", "--ci", "--dataset", &dataset])
        .await?;
    let other = ["trust", "add", "weather", "--repository", "octo/weather"];
    let ran = owner.ends(2, &other).await?;
    assert!(ran.stderr.contains(&issuer), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn lost_rule_is_not_added_twice() -> Result<()> {
    let site = Site::start()?;
    site.system.dataset("weather").await?;
    let shell = Shell::at(&site.system)?;
    site.system.witness().lose_reply("/trust-rules");
    let issuer = site.issuer.url();
    let add = [
        "trust",
        "add",
        "weather",
        "--issuer",
        &issuer,
        "--repository",
        "octo/weather",
        "--branch",
        "main",
    ];
    let ran = shell.ends(8, &add).await?;
    assert!(
        ran.stderr.contains("unknown whether the rule was added")
            && ran.stderr.contains("`restow trust list weather`"),
        "{ran:?}"
    );
    assert_eq!(site.system.witness().losses_to_come(), 0);
    let listed = shell.json(&["trust", "list", "weather"]).await?;
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    Ok(())
}

/// The lines of bash that a step of the action runs, in its environment: that of the job, and its own with the inputs filled in.
fn step(name: &str, inputs: &Value) -> Result<String> {
    let action = fs::read_to_string(Path::new(ACTION).join("action.yml"))?;
    let steps = action.split("    - name: ").skip(1);
    let mut named = steps.filter_map(|step| step.strip_prefix(name)?.strip_prefix('\n'));
    let step = named.next().context("no such step")?;
    let mut script = format!("export GITHUB_ACTION_PATH='{ACTION}'\nexport -f restow\n");
    for line in step.lines().map(str::trim) {
        if let Some((variable, input)) = line.split_once(": ${{ inputs.") {
            let input = input.trim_end_matches(" }}");
            let value = inputs[input]
                .as_str()
                .with_context(|| format!("no input {input}"))?;
            writeln!(script, "export {variable}='{value}'")?;
        } else if let Some(run) = line.strip_prefix("run: ") {
            script += run.trim_matches('\'');
        }
    }
    ensure!(script.ends_with(".sh\""), "the step runs nothing: {script}");
    Ok(script)
}

fn inputs(dataset_id: Uuid, url: &str, files: &str, args: &str) -> Value {
    json!({ "dataset": dataset_id, "url": url, "files": files, "args": args, "version": "v0.0.0", "audience": AUDIENCE })
}

#[tokio::test]
async fn action_publishes_the_files_of_a_job() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let shell = job_of(&site)?.without("RESTOW_ENDPOINT");
    shell.write("day 1.csv", csv(5))?;
    shell.write("day 2.csv", csv(6))?;
    let url = server_url(&site.system.client);
    let inputs = inputs(
        dataset_id,
        url,
        "day 1.csv\n\nday 2.csv\n",
        "--commit always --quiet",
    );
    for name in ["Install restow", "Push"] {
        let ran = Ran::of(shell.bash(&step(name, &inputs)?)).await?;
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
    }
    assert_eq!(site.system.current_version(dataset_id).await?, Some(2));
    assert_eq!(site.system.read_version(dataset_id, 1).await?, csv(5));
    assert_eq!(site.system.read(dataset_id).await?, csv(6));
    Ok(())
}

#[tokio::test]
async fn action_fails_with_its_cause() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let url = server_url(&site.system.client);
    let shell = job_of(&site)?.without("RESTOW_ENDPOINT");
    let ran = Ran::of(shell.bash(&step("Push", &inputs(dataset_id, url, "\n", ""))?)).await?;
    assert!(
        ran.code == 1 && ran.stdout.contains("names no file"),
        "{ran:?}"
    );
    let missing = step("Push", &inputs(dataset_id, url, "missing.csv", ""))?;
    assert_ne!(Ran::of(shell.bash(&missing)).await?.code, 0);
    // A file is no option, whatever its name.
    shell.write("--help", "a,b\n1,2\n")?;
    let odd = step("Push", &inputs(dataset_id, url, "--help", ""))?;
    assert_eq!(Ran::of(shell.bash(&odd)).await?.code, 0);
    assert_eq!(site.system.current_version(dataset_id).await?, Some(1));
    let shell = shell.without("ACTIONS_ID_TOKEN_REQUEST_URL");
    let ran = Ran::of(shell.bash(&odd)).await?;
    assert!(
        ran.code == 1 && ran.stdout.contains("id-token: write"),
        "{ran:?}"
    );
    Ok(())
}
