//! Trust rules, and tokens of CI jobs, of which each is exchanged once.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::trust::{CreateTrustRuleRequest, TrustRule};
use uuid::Uuid;

use super::fixture::{Site, at_once, sites};
use crate::clock;
use crate::store::{CiToken, CiTokenUse, Exchange, Store};

const ISSUER: &str = "https://issuer.example";

async fn rule(site: &Site, dataset_id: Uuid) -> Result<TrustRule> {
    let request = CreateTrustRuleRequest {
        issuer: ISSUER.to_string(),
        repository: "octo/weather".to_string(),
        repository_owner_id: None,
        workflow: None,
        branch: Some("main".to_string()),
        environment: None,
    };
    let owner = site.principal.id;
    let created = site
        .store
        .create_trust_rule(owner, dataset_id, &request, clock::now());
    created.await?.context("no rule")
}

/// Exchanges the token with this number for a new one.
async fn exchange(
    store: &Store,
    number: u8,
    owner_id: Uuid,
    dataset_id: Uuid,
    rule_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Exchange> {
    let id = Uuid::now_v7();
    let used = CiTokenUse {
        issuer: ISSUER,
        jti_hash: [number; 32],
        expires_at: now + TimeDelta::minutes(5),
    };
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(id.as_bytes());
    let token = CiToken {
        id,
        owner_id,
        hash,
        name: "a job",
        scopes: "read upload",
        dataset_id,
        rule_id,
        created_at: now,
        expires_at: now + TimeDelta::minutes(15),
    };
    Ok(store.exchange_ci_token(&used, &token).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn token_is_exchanged_once() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let rule = rule(&site, dataset_id).await?;
        let (owner, now) = (site.principal.id, clock::now());
        let exchanges = (0..20).map(|_| {
            let store = site.store.clone();
            async move { exchange(&store, 1, owner, dataset_id, rule.id, now).await }
        });
        let mut outcomes = Vec::new();
        for outcome in at_once(exchanges).await? {
            outcomes.push(outcome?);
        }
        let done = outcomes
            .iter()
            .filter(|outcome| **outcome == Exchange::Done)
            .count();
        assert_eq!(done, 1, "on {}: {outcomes:?}", site.url);
        assert_eq!(site.count("SELECT count(*) FROM tokens").await?, 1);
        // Another issuer may have a token with the same identifier.
        let other = exchange(&site.store, 2, owner, dataset_id, rule.id, now).await?;
        assert_eq!(other, Exchange::Done);
    }
    Ok(())
}

#[tokio::test]
async fn deleted_rule_issues_nothing_and_uses_nothing_up() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let (gone, kept) = (
            rule(&site, dataset_id).await?,
            rule(&site, dataset_id).await?,
        );
        let (store, owner, now) = (&site.store, site.principal.id, clock::now());
        assert_eq!(
            exchange(store, 1, owner, dataset_id, gone.id, now).await?,
            Exchange::Done
        );
        assert_eq!(
            exchange(store, 2, owner, dataset_id, kept.id, now).await?,
            Exchange::Done
        );
        assert!(
            !store
                .delete_trust_rule(Uuid::now_v7(), dataset_id, gone.id, now)
                .await?
        );
        assert!(
            store
                .delete_trust_rule(owner, dataset_id, gone.id, now)
                .await?
        );
        assert!(
            !store
                .delete_trust_rule(owner, dataset_id, gone.id, now)
                .await?
        );
        let revoked = "SELECT count(*) FROM tokens WHERE revoked_at IS NOT NULL";
        assert_eq!(site.count(revoked).await?, 1, "on {}", site.url);
        assert_eq!(
            exchange(store, 3, owner, dataset_id, gone.id, now).await?,
            Exchange::RuleGone
        );
        assert_eq!(
            exchange(store, 3, owner, dataset_id, kept.id, now).await?,
            Exchange::Done
        );
    }
    Ok(())
}

#[tokio::test]
async fn rules_are_found_by_dataset_issuer_and_repository() -> Result<()> {
    for site in sites().await? {
        let (dataset_id, other) = (site.dataset().await?, site.dataset().await?);
        let rule = rule(&site, dataset_id).await?;
        let find = async |dataset_id, issuer: &str, repository: &str| {
            let found = site
                .store
                .find_trust_rules(dataset_id, issuer, repository, 10);
            found.await.map(|found| {
                found
                    .into_iter()
                    .map(|(rule, owner)| (rule.id, owner))
                    .collect::<Vec<_>>()
            })
        };
        let expected = vec![(rule.id, site.principal.id)];
        assert_eq!(find(dataset_id, ISSUER, "octo/weather").await?, expected);
        assert!(find(other, ISSUER, "octo/weather").await?.is_empty());
        assert!(
            find(dataset_id, "https://other.example", "octo/weather")
                .await?
                .is_empty()
        );
        assert!(find(dataset_id, ISSUER, "Octo/weather").await?.is_empty());
        site.store
            .delete_dataset(site.principal.id, dataset_id, clock::now())
            .await?;
        assert!(find(dataset_id, ISSUER, "octo/weather").await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn expired_uses_are_forgotten_in_steps() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let rule = rule(&site, dataset_id).await?;
        let (store, owner, now) = (&site.store, site.principal.id, clock::now());
        for number in 0..3 {
            exchange(store, number, owner, dataset_id, rule.id, now).await?;
        }
        let later = now + TimeDelta::minutes(6);
        let mut forgotten = vec![store.forget_exchanged_ci_tokens(now, 2).await?];
        for _ in 0..3 {
            forgotten.push(store.forget_exchanged_ci_tokens(later, 2).await?);
        }
        assert_eq!(forgotten, [0, 2, 1, 0], "on {}", site.url);
    }
    Ok(())
}
