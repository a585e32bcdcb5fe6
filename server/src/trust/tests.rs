//! Which jobs a rule trusts.

use chrono::DateTime;
use restow_api::trust::TrustRule;
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::CiJob;
use super::rule_match::matches;
use crate::oidc::{Claims, IssuerConfig, IssuerList};

fn issuer(ci: &str) -> IssuerConfig {
    let list = json!([{ "name": "ci", "url": "https://issuer.example", "audiences": ["x"], "trust-rules": ci }]);
    let list: IssuerList = list.to_string().parse().unwrap();
    list.issuers.into_iter().next().unwrap()
}

fn job(ci: &str, claims: Value) -> Option<CiJob> {
    let Value::Object(claims) = claims else {
        panic!("no object")
    };
    CiJob::of(&issuer(ci), &Claims::for_test(claims))
}

fn is_trusted(ci: &str, claims: Value, rule: &TrustRule) -> bool {
    matches(&job(ci, claims).unwrap(), rule)
}

fn github() -> Value {
    json!({
        "repository": "octo/weather",
        "repository_owner_id": "42",
        "job_workflow_ref": "octo/weather/.github/workflows/publish.yml@refs/heads/main",
        "ref": "refs/heads/main",
        "environment": "release",
        "event_name": "push",
        "run_id": "7",
    })
}

fn gitlab() -> Value {
    json!({
        "project_path": "octo/weather",
        "namespace_id": "42",
        "ref": "main",
        "ref_type": "branch",
        "ci_config_ref_uri": "gitlab.example/octo/weather//publish.yml@refs/heads/main",
        "environment": "release",
        "pipeline_id": "9",
        "pipeline_source": "push",
    })
}

fn rule() -> TrustRule {
    TrustRule {
        id: Uuid::nil(),
        issuer: "https://issuer.example".to_string(),
        repository: "octo/weather".to_string(),
        repository_owner_id: None,
        workflow: None,
        branch: None,
        environment: None,
        created_by: None,
        created_at: DateTime::UNIX_EPOCH,
        last_used_at: None,
    }
}

fn full_rule() -> TrustRule {
    TrustRule {
        repository_owner_id: Some("42".to_string()),
        workflow: Some("publish.yml".to_string()),
        branch: Some("main".to_string()),
        environment: Some("release".to_string()),
        ..rule()
    }
}

#[test]
fn every_bound_claim_is_compared_exactly() {
    assert!(is_trusted("github", github(), &full_rule()));
    for (name, value) in [
        ("repository", json!("octo/weather2")),
        ("repository", json!("Octo/weather")),
        ("repository_owner_id", json!("43")),
        ("repository_owner_id", json!(null)),
        (
            "job_workflow_ref",
            json!("octo/weather/.github/workflows/other.yml@refs/heads/main"),
        ),
        (
            "job_workflow_ref",
            json!("evil/weather/.github/workflows/publish.yml@refs/heads/main"),
        ),
        (
            "job_workflow_ref",
            json!("octo/weather/.github/workflows/x/publish.yml@refs/heads/main"),
        ),
        ("job_workflow_ref", json!(null)),
        ("ref", json!("refs/heads/main2")),
        ("ref", json!("refs/tags/main")),
        ("ref", json!("refs/pull/1/merge")),
        ("ref", json!("main")),
        ("environment", json!("Release")),
        ("environment", json!(null)),
    ] {
        let mut claims = github();
        claims[name] = value;
        let matched = job("github", claims.clone()).is_some_and(|job| matches(&job, &full_rule()));
        assert!(!matched, "{claims}");
    }
}

#[test]
fn what_a_rule_omits_does_not_matter() {
    let minimal =
        json!({ "repository": "octo/weather", "repository_owner_id": "42", "event_name": "push" });
    assert!(is_trusted("github", minimal.clone(), &rule()));
    assert!(!is_trusted("github", minimal, &full_rule()));
}

#[test]
fn claims_that_protect_must_be_there() {
    for (ci, claims, names) in [
        ("github", github(), ["repository_owner_id", "event_name"]),
        ("gitlab", gitlab(), ["namespace_id", "pipeline_source"]),
    ] {
        for name in names {
            let mut claims = claims.clone();
            claims[name] = json!(null);
            assert_eq!(job(ci, claims), None, "{name}");
        }
    }
}

#[test]
fn identifiers_may_be_numbers() {
    let mut claims = github();
    claims["repository_owner_id"] = json!(42);
    assert!(is_trusted("github", claims, &full_rule()));
}

#[test]
fn workflow_is_a_file_a_path_or_a_reference() {
    let reusable = "shared/actions/.github/workflows/push.yml";
    let mut claims = github();
    claims["job_workflow_ref"] = json!(format!("{reusable}@refs/tags/v1"));
    let job = job("github", claims).unwrap();
    let with = |workflow: &str| TrustRule {
        workflow: Some(workflow.to_string()),
        ..rule()
    };
    assert!(matches(&job, &with(reusable)));
    assert!(matches(&job, &with(&format!("{reusable}@refs/tags/v1"))));
    assert!(!matches(&job, &with(&format!("{reusable}@refs/tags/v2"))));
    assert!(!matches(&job, &with("push.yml")));
}

#[test]
fn workflow_whose_name_has_an_at_sign_is_another_one() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    for (ci, claims, directory) in [
        ("github", github(), "octo/weather/.github/workflows"),
        ("gitlab", gitlab(), "octo/weather/"),
    ] {
        let is_publish = |file: &str, wanted: &str| {
            let mut claims = claims.clone();
            claims["job_workflow_ref"] = json!(format!("{directory}/{file}"));
            claims["ci_config_ref_uri"] = json!(format!("gitlab.example/{directory}/{file}"));
            let rule = TrustRule {
                workflow: Some(wanted.to_string()),
                ..rule()
            };
            matches(&job(ci, claims).unwrap(), &rule)
        };
        for reference in ["refs/heads/main", "refs/tags/v1@beta", commit] {
            let file = format!("publish.yml@{reference}");
            assert!(is_publish(&file, "publish.yml"), "{file}");
            assert!(is_publish(&file, &format!("{directory}/publish.yml")));
        }
        for file in [
            "publish.yml",
            "publish.yml2@refs/heads/main",
            "publish.yml@x.yml@refs/heads/main",
            "publish.yml@refs/x.yml@refs/heads/main",
            "publish.yml@refs/heads/a@0123456789abcdef0123456789abcdef01234567",
            "publish.yml@0123456789abcdef0123456789abcdef01234567@refs/heads/main",
            "publish.yml@0123456789abcdef0123456789abcdef0123456",
            "publish.yml@heads/main",
            "publish.yml@",
        ] {
            assert!(!is_publish(file, "publish.yml"), "{file}");
            let path = format!("{directory}/publish.yml");
            assert!(!is_publish(file, &path), "{file}");
        }
    }
}

#[test]
fn jobs_for_changes_of_strangers_are_not_trusted() {
    for event in ["pull_request_target", "workflow_run"] {
        let mut claims = github();
        claims["event_name"] = json!(event);
        assert_eq!(job("github", claims), None, "{event}");
    }
}

#[test]
fn unusable_repositories_are_no_jobs() {
    for repository in [
        json!(null),
        json!(""),
        json!("a\u{0}b"),
        json!("a\nb"),
        json!(["octo/weather"]),
    ] {
        let mut claims = github();
        claims["repository"] = repository;
        assert_eq!(job("github", claims.clone()), None, "{claims}");
    }
}

#[test]
fn gitlab_pipelines_of_others_are_not_trusted() {
    // The claims of a merge request name its source branch as if it were one of the project.
    for source in [
        "merge_request_event",
        "external_pull_request_event",
        "parent_pipeline",
        "security_orchestration_policy",
        "of_a_later_release",
        "",
    ] {
        let mut claims = gitlab();
        claims["pipeline_source"] = json!(source);
        assert_eq!(job("gitlab", claims), None, "{source}");
    }
    for source in ["push", "web", "schedule", "api", "trigger", "pipeline"] {
        let mut claims = gitlab();
        claims["pipeline_source"] = json!(source);
        assert!(is_trusted("gitlab", claims, &full_rule()), "{source}");
    }
    for (runs_in, is_expected) in [("octo/weather", true), ("upstream/weather", false)] {
        let mut claims = gitlab();
        claims["job_project_path"] = json!(runs_in);
        assert_eq!(job("gitlab", claims).is_some(), is_expected, "{runs_in}");
    }
}

#[test]
fn gitlab_jobs_are_trusted_by_their_own_claims() {
    let claims = gitlab();
    assert!(is_trusted("gitlab", claims.clone(), &full_rule()));
    let mut tag = claims.clone();
    tag["ref_type"] = json!("tag");
    assert!(!is_trusted("gitlab", tag, &full_rule()));
    // The claims of one system say nothing about the other.
    assert_eq!(job("github", claims), None);
}

#[test]
fn description_names_the_job() {
    let text = job("github", github()).unwrap().description();
    assert_eq!(
        text,
        "CI job of octo/weather, workflow octo/weather/.github/workflows/publish.yml@refs/heads/main, \
         environment release, run 7"
    );
    let mut claims = github();
    claims["environment"] = json!("a\u{1b}[2J\n".repeat(100));
    let text = job("github", claims).unwrap().description();
    assert!(
        text.chars().count() <= 255 && !text.chars().any(char::is_control),
        "{text}"
    );
}
