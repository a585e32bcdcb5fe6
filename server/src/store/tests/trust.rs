//! Trust rules, and tokens of CI jobs, of which each is exchanged once.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::grant::Role;
use restow_api::trust::{CreateTrustRuleRequest, TrustRule};
use uuid::Uuid;

use super::fixture::{Site, at_once, sites};
use crate::clock;
use crate::store::{CiToken, CiTokenUse, Exchange, Store};

const ISSUER: &str = "https://issuer.example";
const REPOSITORY_OWNER: &str = "42";

async fn rule(site: &Site, dataset_id: Uuid) -> Result<TrustRule> {
    let created = rule_of(site, site.principal.id, dataset_id).await?;
    created.context("no rule")
}

async fn rule_of(site: &Site, creator: Uuid, dataset_id: Uuid) -> Result<Option<TrustRule>> {
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
        .create_trust_rule(owner, creator, dataset_id, &request, clock::now());
    Ok(created.await?)
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
    let of = (owner_id, dataset_id, rule_id);
    exchange_of(store, number, of, REPOSITORY_OWNER, now).await
}

/// The same for a repository of the owner with this number. Of one number comes one token at most, whose hash it makes up.
async fn exchange_of(
    store: &Store,
    number: u8,
    (owner_id, dataset_id, rule_id): (Uuid, Uuid, Uuid),
    repository_owner_id: &str,
    now: DateTime<Utc>,
) -> Result<Exchange> {
    let used = CiTokenUse {
        issuer: ISSUER,
        jti_hash: [number; 32],
        expires_at: now + TimeDelta::minutes(5),
    };
    let token = CiToken {
        id: Uuid::now_v7(),
        owner_id,
        hash: [number; 32],
        name: "a job",
        scopes: "read upload",
        dataset_id,
        rule_id,
        repository_owner_id,
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
                    .map(|candidate| (candidate.rule.id, candidate.owner_id))
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

/// Rules of the dataset that may match, and valid tokens of CI jobs with the numbers from 1 on.
async fn in_force(site: &Site, dataset_id: Uuid) -> Result<(usize, Vec<u8>)> {
    let (store, now) = (&site.store, clock::now());
    let rules = store
        .find_trust_rules(dataset_id, ISSUER, "octo/weather", 10)
        .await?;
    let mut valid = Vec::new();
    for number in 1..=3 {
        let token = store.find_valid_token(&[number; 32], now).await?;
        valid.extend(token.map(|_| number));
    }
    Ok((rules.len(), valid))
}

#[tokio::test]
async fn rule_ends_with_the_role_of_its_creator() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let (store, owner, now) = (&site.store, site.principal.id, clock::now());
        let bob = store.ensure_principal("bob", now).await?.id;
        assert!(rule_of(&site, bob, dataset_id).await?.is_none());
        store.put_grant(dataset_id, bob, Role::Owner, now).await?;
        let created = rule_of(&site, bob, dataset_id).await?;
        let created = created.context("an owner creates no rule")?;
        assert_eq!(created.created_by.as_deref(), Some("bob"));
        exchange(store, 1, owner, dataset_id, created.id, now).await?;
        assert_eq!(in_force(&site, dataset_id).await?, (1, vec![1]));

        store.set_disabled(bob, Some(now)).await?;
        assert_eq!(in_force(&site, dataset_id).await?, (0, vec![]));
        store.set_disabled(bob, None).await?;
        assert_eq!(in_force(&site, dataset_id).await?, (1, vec![1]));

        // The token does not come back with the role.
        for role in [Role::Writer, Role::Owner] {
            store.put_grant(dataset_id, bob, role, now).await?;
        }
        assert_eq!(in_force(&site, dataset_id).await?, (1, vec![]));
        exchange(store, 2, owner, dataset_id, created.id, now).await?;
        assert!(store.delete_grant(dataset_id, "bob", now).await?);
        assert_eq!(in_force(&site, dataset_id).await?, (0, vec![]));
        let revoked = "SELECT count(*) FROM tokens WHERE revoked_at IS NOT NULL";
        assert_eq!(site.count(revoked).await?, 2, "on {}", site.url);

        store.set_admin(bob, true).await?;
        exchange(store, 3, owner, dataset_id, created.id, now).await?;
        assert_eq!(in_force(&site, dataset_id).await?, (1, vec![3]));
        store.set_admin(bob, false).await?;
        assert_eq!(in_force(&site, dataset_id).await?, (0, vec![]));
        assert!(!store.is_owner(dataset_id, bob).await?);
        assert!(store.is_owner(dataset_id, owner).await?);
    }
    Ok(())
}

#[tokio::test]
async fn tokens_of_other_rules_outlive_a_grant() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let (store, owner, now) = (&site.store, site.principal.id, clock::now());
        let bob = store.ensure_principal("bob", now).await?.id;
        store.put_grant(dataset_id, bob, Role::Owner, now).await?;
        let own = rule(&site, dataset_id).await?;
        exchange(store, 1, owner, dataset_id, own.id, now).await?;
        store.delete_grant(dataset_id, "bob", now).await?;
        assert_eq!(in_force(&site, dataset_id).await?, (1, vec![1]));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn first_use_decides_the_owner_of_the_repository() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let (owner, now) = (site.principal.id, clock::now());
        let of = (owner, dataset_id, rule(&site, dataset_id).await?.id);
        let exchanges = (1..10).map(|number: u8| {
            let store = site.store.clone();
            async move { exchange_of(&store, number, of, &number.to_string(), now).await }
        });
        let mut first = Vec::new();
        for (outcome, number) in at_once(exchanges).await?.into_iter().zip(1_u8..) {
            match outcome? {
                Exchange::Done => first.push(number.to_string()),
                outcome => assert_eq!(outcome, Exchange::RuleGone),
            }
        }
        let listed = site
            .store
            .list_trust_rules(owner, dataset_id, None, 10)
            .await?;
        let pinned = listed[0].repository_owner_id.clone();
        assert_eq!(pinned.as_ref(), first.first(), "on {}", site.url);
        assert_eq!(first.len(), 1, "on {}: {first:?}", site.url);
        let again = exchange_of(&site.store, 20, of, &first[0], now).await?;
        assert_eq!(again, Exchange::Done);
        let events = "SELECT count(*) FROM events WHERE type = 'trust_rule.pinned'";
        assert_eq!(site.count(events).await?, 1, "on {}", site.url);
    }
    Ok(())
}
