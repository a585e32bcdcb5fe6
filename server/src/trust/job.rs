//! What the claims of a CI system's token say about its job.

use crate::oidc::{CiSystem, Claims, IssuerConfig};

/// Longest name of a token, in characters.
const MAX_NAME: usize = 255;

/// Events of GitHub that run a workflow of the repository for changes that strangers propose, with the repository's rights.
const UNTRUSTED_EVENTS: [&str; 2] = ["pull_request_target", "workflow_run"];

/// Sources of GitLab's pipelines that run what a branch or a tag of the project itself has. Not among them are merge requests,
/// whose claims name the source branch as if it were one of the project; child pipelines (`parent_pipeline`), which are the same
/// within one; and those that run what another project or a policy says. New sources of later releases are not trusted either.
/// A multi-project pipeline (`pipeline`) runs what this project has, for a user who may run it there.
const TRUSTED_SOURCES: [&str; 8] = [
    "push", "web", "webide", "schedule", "api", "trigger", "pipeline", "chat",
];

/// A CI job, in the words of trust rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CiJob {
    /// The repository.
    pub repository: String,
    /// Number of its owner or namespace.
    pub owner_id: String,
    /// File of the workflow with its repository and, behind an `@`, its reference.
    pub workflow: Option<String>,
    /// Path of workflows in the repository itself, for rules that name only the file.
    pub workflow_directory: String,
    /// The branch, if the job runs on one.
    pub branch: Option<String>,
    /// The environment, if the job has one.
    pub environment: Option<String>,
    run: Option<String>,
}

impl CiJob {
    /// The job of a token; `None` where claims are missing or unusable, or the job may be a stranger's.
    pub fn of(issuer: &IssuerConfig, claims: &Claims) -> Option<Self> {
        let job = match issuer.ci? {
            CiSystem::Github => Self::of_github(claims)?,
            CiSystem::Gitlab => Self::of_gitlab(claims)?,
        };
        let is_usable = !job.repository.is_empty() && !job.repository.chars().any(char::is_control);
        is_usable.then_some(job)
    }

    fn of_github(claims: &Claims) -> Option<Self> {
        let event = claims.text("event_name")?;
        if UNTRUSTED_EVENTS.contains(&event.as_str()) {
            return None;
        }
        let repository = claims.text("repository")?;
        let reference = claims.text("ref");
        Some(Self {
            owner_id: claims.text("repository_owner_id")?,
            workflow: claims.text("job_workflow_ref"),
            workflow_directory: format!("{repository}/.github/workflows/"),
            branch: reference.and_then(|name| name.strip_prefix("refs/heads/").map(str::to_string)),
            environment: claims.text("environment"),
            run: claims.text("run_id"),
            repository,
        })
    }

    fn of_gitlab(claims: &Claims) -> Option<Self> {
        let source = claims.text("pipeline_source")?;
        let repository = claims.text("project_path")?;
        // A merge request of a fork may run in the project and have the claims of the fork.
        let runs_in = claims.text("job_project_path");
        let is_elsewhere = runs_in.is_some_and(|path| path != repository);
        if is_elsewhere || !TRUSTED_SOURCES.contains(&source.as_str()) {
            return None;
        }
        let workflow = claims.text("ci_config_ref_uri");
        // `host/group/project//file@reference`: the host is that of the issuer.
        let workflow = workflow.and_then(|uri| Some(uri.split_once('/')?.1.to_string()));
        let is_branch = claims.is("ref_type", "branch");
        Some(Self {
            owner_id: claims.text("namespace_id")?,
            workflow,
            workflow_directory: format!("{repository}//"),
            branch: claims.text("ref").filter(|_| is_branch),
            environment: claims.text("environment"),
            run: claims.text("pipeline_id"),
            repository,
        })
    }

    /// The job for people: what the token that it gets is called.
    pub fn description(&self) -> String {
        let mut text = format!("CI job of {}", self.repository);
        for (what, value) in [
            ("workflow", &self.workflow),
            ("environment", &self.environment),
            ("run", &self.run),
        ] {
            if let Some(value) = value {
                text = format!("{text}, {what} {value}");
            }
        }
        let printable = text.chars().filter(|character| !character.is_control());
        printable.take(MAX_NAME).collect()
    }
}
