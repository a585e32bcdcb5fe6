//! Whether a trust rule is for a CI job: every value that the rule has is compared exactly.

use restow_api::trust::TrustRule;

use super::job::CiJob;

/// Whether the rule trusts the job.
pub fn matches(job: &CiJob, rule: &TrustRule) -> bool {
    let workflow = rule.workflow.as_deref();
    job.repository == rule.repository
        && is_met(rule.repository_owner_id.as_ref(), job.owner_id.as_ref())
        && workflow.is_none_or(|wanted| is_workflow(job, wanted))
        && is_met(rule.branch.as_ref(), job.branch.as_ref())
        && is_met(rule.environment.as_ref(), job.environment.as_ref())
}

/// What a rule does not mention is met; what it mentions, the job must have.
fn is_met(wanted: Option<&String>, found: Option<&String>) -> bool {
    wanted.is_none() || wanted == found
}

/// A file name is one of the repository itself, a path the whole of it, and with an `@` the reference counts too.
fn is_workflow(job: &CiJob, wanted: &str) -> bool {
    let Some(found) = job.workflow.as_deref() else {
        return false;
    };
    if wanted.contains('@') {
        return found == wanted;
    }
    // The reference begins behind the first `@`, since neither owners nor repositories have one in their names.
    let path = found.split_once('@').map_or(found, |(path, _)| path);
    if wanted.contains('/') {
        path == wanted
    } else {
        path.strip_prefix(job.workflow_directory.as_str()) == Some(wanted)
    }
}
