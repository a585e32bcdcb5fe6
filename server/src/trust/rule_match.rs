//! Whether a trust rule is for a CI job: every value that the rule has is compared exactly.

use restow_api::trust::TrustRule;

use super::job::CiJob;

/// Digits of a commit in the reference of a workflow.
const COMMIT_DIGITS: usize = 40;

/// Whether the rule trusts the job.
pub fn matches(job: &CiJob, rule: &TrustRule) -> bool {
    let workflow = rule.workflow.as_deref();
    let owner_id = rule.repository_owner_id.as_ref();
    job.repository == rule.repository
        && owner_id.is_none_or(|wanted| *wanted == job.owner_id)
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
    let directory = if wanted.contains('/') {
        ""
    } else {
        &job.workflow_directory
    };
    let behind = found.strip_prefix(directory);
    let behind = behind.and_then(|file| file.strip_prefix(wanted));
    behind.is_some_and(is_reference)
}

/// Whether what follows the name of a file is one reference, behind an `@`. Names of files can contain an `@` as well: where a
/// reference could also begin further on, it is not known which file it is.
fn is_reference(text: &str) -> bool {
    let Some(reference) = text.strip_prefix('@') else {
        return false;
    };
    is_commit(reference)
        || reference.starts_with("refs/")
            && !reference.contains("@refs/")
            && !reference
                .rsplit_once('@')
                .is_some_and(|(_, last)| is_commit(last))
}

fn is_commit(text: &str) -> bool {
    text.len() == COMMIT_DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}
