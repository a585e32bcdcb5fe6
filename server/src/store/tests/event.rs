//! The log: every change is in it, and readers in order miss nothing.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_api::Policy;
use restow_api::version::Replaces;
use restow_inspect::Inspection;
use serde_json::{Map, Value};
use sqlx::Executor;
use sqlx::postgres::PgPool;
use uuid::Uuid;

use super::fixture::{Site, postgres_site, reason, sites};
use crate::actor::{Actor, Request};
use crate::clock;
use crate::quota::Quota;
use crate::store::{Database, EventFilter, EventRow, EventScope, Refusal, Terms, writing};

/// Who makes changes in these tests, each in a request of its own.
fn alice() -> Actor {
    let request = Request {
        principal_id: Some(Uuid::nil()),
        token_id: None,
        token: None,
        address: None,
        request_id: Uuid::new_v4().to_string(),
    };
    Actor::new("alice", request)
}

impl Site {
    /// All events, in their order.
    async fn events(&self) -> Result<Vec<EventRow>> {
        let settled = self.store.event_ids().await?.settled;
        Ok(self.store.events_between(0, settled, 1_000).await?)
    }

    /// Type and principal of the events behind an id.
    async fn said_since(&self, id: i64) -> Result<Vec<(String, Option<String>)>> {
        let events = self.events().await?.into_iter();
        let since = events.filter(|event| event.id > id);
        Ok(since
            .map(|event| (event.event_type, event.principal))
            .collect())
    }
}

fn by_alice(event_type: &str) -> (String, Option<String>) {
    (event_type.to_string(), Some("alice".to_string()))
}

fn by_itself(event_type: &str) -> (String, Option<String>) {
    (event_type.to_string(), None)
}

#[tokio::test]
async fn changes_of_datasets_are_logged_with_their_actor() -> Result<()> {
    for site in sites().await? {
        let (store, owner) = (&site.store, site.principal.id);
        let begin = store.event_ids().await?.settled;
        let now = clock::now();
        let created = alice().run(store.create_dataset(owner, "one", None, now));
        let id = created.await?.id;
        let policy = Policy {
            auto_commit: true,
            ..Policy::default()
        };
        let changed = store.update_dataset(owner, id, Some("two"), Some(&policy), now);
        alice().run(changed).await?.context("the dataset is gone")?;
        // Nothing changes, so nothing is said.
        let same = store.update_dataset(owner, id, Some("two"), None, now);
        alice().run(same).await?.context("the dataset is gone")?;
        alice().run(store.delete_dataset(owner, id, now)).await?;
        let since = now - TimeDelta::days(1);
        let undeleted = store.undelete_dataset(owner, id, since, now).await?;
        undeleted.context("the dataset is gone")?;
        let mut said = site.said_since(begin).await?;
        said[1..3].sort();
        assert_eq!(
            said,
            [
                by_alice("dataset.created"),
                by_alice("dataset.policy_changed"),
                by_alice("dataset.renamed"),
                by_alice("dataset.deleted"),
                by_itself("dataset.undeleted"),
            ],
            "on {}",
            site.url
        );
        let events = site.events().await?;
        let renamed = events
            .iter()
            .find(|event| event.event_type == "dataset.renamed");
        let renamed = renamed.context("not logged")?;
        let name = |value: &Option<crate::store::json::JsonText<Map<String, Value>>>| {
            value.as_ref().map(|value| value.0["name"].clone())
        };
        assert_eq!(name(&renamed.old_value), Some("one".into()));
        assert_eq!(name(&renamed.new_value), Some("two".into()));
        assert!(
            events
                .iter()
                .all(|event| (now - event.time).abs() < TimeDelta::minutes(1))
        );
    }
    Ok(())
}

#[tokio::test]
async fn changes_of_jobs_and_versions_are_logged() -> Result<()> {
    for site in sites().await? {
        let (store, now) = (&site.store, clock::now());
        let dataset_id = site.dataset().await?;
        let begin = store.event_ids().await?.settled;
        // Each in a request of its own, as clients do it.
        let job_id = alice().run(site.awaiting(dataset_id)).await?.id;
        let until = now + TimeDelta::minutes(1);
        let complete = store.claim_completion(job_id, &[], Terms::default(), until, None);
        let completing = alice().run(complete).await?.context("it does not wait")?;
        assert!(
            store
                .finish_completion(completing.claim(), "etag", now)
                .await?
        );
        let inspecting = site
            .claim_next(clock::now())
            .await?
            .context("nothing is due")?;
        let found = Inspection::default();
        assert!(
            store
                .finish_as_ready(inspecting.claim(), &found, until)
                .await?
        );
        // The caller of the completion is the one who commits, where no other request does.
        let commit = site.commit(dataset_id, job_id, None);
        let version = store.commit_job(commit, None, now).await?;
        assert!(version.is_some());
        let second = site.ready(dataset_id).await?;
        let commit = site.commit(dataset_id, second, Some(1));
        alice().run(store.commit_job(commit, None, now)).await?;
        let restored =
            store.restore_version(site.principal.id, dataset_id, 1, Replaces::Unstated, now);
        alice()
            .run(restored)
            .await?
            .context("there is no version 1")?;
        assert_eq!(store.retire_versions(dataset_id, 0, now, 10).await?, 1);
        let failed = site.inspecting(dataset_id).await?.claim();
        assert!(store.fail(failed, &reason(), now).await?);
        let waiting = site.awaiting(dataset_id).await?;
        alice().run(store.cancel_job(waiting.id, now)).await?;
        let life = [
            "job.created",
            "job.completing",
            "job.inspecting",
            "job.ready",
        ];
        let mut expected = vec![
            by_alice(life[0]),
            by_alice(life[1]),
            by_itself(life[2]),
            by_itself(life[3]),
            by_itself("job.committed"),
            by_alice("version.committed"),
        ];
        expected.extend(life.map(by_itself));
        expected.extend([
            by_alice("job.committed"),
            by_alice("version.committed"),
            by_alice("version.restored"),
            by_itself("version.retired"),
            by_itself(life[0]),
            by_itself(life[1]),
            by_itself(life[2]),
            by_itself("job.failed"),
            by_itself(life[0]),
            by_alice("job.cancelled"),
        ]);
        assert_eq!(site.said_since(begin).await?, expected, "on {}", site.url);
        let of_job = store
            .changes_between(EventScope::Job(job_id), 0, i64::MAX, 100)
            .await?;
        assert_eq!(of_job.len(), 6);
        assert!(
            of_job
                .iter()
                .all(|event| event.dataset_id == Some(dataset_id))
        );
    }
    Ok(())
}

#[tokio::test]
async fn job_within_limits_is_logged_with_its_actor() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let begin = site.store.event_ids().await?.settled;
        let quota = Quota {
            bytes: None,
            open_jobs: Some(1),
        };
        let (first, second) = (site.new_job(dataset_id), site.new_job(dataset_id));
        assert!(alice().run(site.store.insert_job(&first, quota)).await?);
        let refused = alice().run(site.store.insert_job(&second, quota)).await;
        assert!(refused.is_err());
        // What was not done has left nothing.
        assert_eq!(
            site.said_since(begin).await?,
            [by_alice("job.created")],
            "on {}",
            site.url
        );
    }
    Ok(())
}

#[tokio::test]
async fn tokens_grants_and_principals_are_logged() -> Result<()> {
    for site in sites().await? {
        let (store, now) = (&site.store, clock::now());
        let dataset_id = site.dataset().await?;
        let begin = store.event_ids().await?.settled;
        let bob = store.ensure_principal("bob", now).await?;
        let role = restow_api::grant::Role::Reader;
        alice()
            .run(store.put_grant(dataset_id, bob.id, role, now))
            .await?;
        alice()
            .run(store.put_grant(dataset_id, bob.id, role, now))
            .await?;
        assert!(
            alice()
                .run(store.delete_grant(dataset_id, "bob", now))
                .await?
        );
        store.set_admin(bob.id, true).await?;
        store.set_admin(bob.id, true).await?;
        assert_eq!(
            site.said_since(begin).await?,
            [
                by_itself("principal.created"),
                by_alice("grant.put"),
                by_alice("grant.deleted"),
                by_itself("principal.changed"),
            ],
            "on {}",
            site.url
        );
    }
    Ok(())
}

#[tokio::test]
async fn old_events_are_forgotten_in_steps() -> Result<()> {
    for site in sites().await? {
        for _ in 0..5 {
            site.dataset().await?;
        }
        let count = "SELECT count(*) FROM events";
        let all = site.count(count).await?;
        let now = clock::now();
        let long_ago = now - TimeDelta::days(1);
        assert_eq!(site.store.forget_events(long_ago, 100).await?, 0);
        let later = now + TimeDelta::minutes(1);
        assert_eq!(site.store.forget_events(later, 2).await?, 2);
        assert_eq!(site.count(count).await?, all - 2);
        assert_eq!(
            site.store.forget_events(later, 100).await?,
            (all - 2).cast_unsigned()
        );
        // A number is not given a second time.
        let settled = site.store.event_ids().await?.settled;
        site.dataset().await?;
        assert!(site.events().await?[0].id > settled, "on {}", site.url);
    }
    Ok(())
}

#[tokio::test]
async fn event_of_a_clock_ahead_keeps_no_other() -> Result<()> {
    for site in sites().await? {
        for _ in 0..3 {
            site.dataset().await?;
        }
        let ahead = "UPDATE events SET time = '2999-01-01T00:00:00+00:00' WHERE id <= (SELECT min(id) + 1 FROM events)";
        let moved: Result<u64> = writing!(site.store, pool => Ok(sqlx::query(ahead).execute(pool).await?.rows_affected()));
        let moved = moved?;
        assert!(moved > 0);
        let all = site.count("SELECT count(*) FROM events").await?;
        let later = clock::now() + TimeDelta::minutes(1);
        // As many as are ahead, so that these alone are the first of the log.
        let limit = moved.cast_signed();
        let mut forgotten = 0;
        loop {
            let step = site.store.forget_events(later, limit).await?;
            forgotten += step;
            if step == 0 {
                break;
            }
        }
        assert_eq!(forgotten + moved, all.cast_unsigned(), "on {}", site.url);
    }
    Ok(())
}

#[tokio::test]
async fn pages_are_filtered_and_streams_leave_refusals_out() -> Result<()> {
    for site in sites().await? {
        let (store, owner) = (&site.store, site.principal.id);
        let dataset_id = site.dataset().await?;
        let refusal = Refusal {
            actor: alice(),
            dataset_id: Some(dataset_id),
            job_id: None,
            attempt: Map::new(),
            reason: "forbidden".to_string(),
        };
        store.record_refusal(&refusal).await?;
        let scope = EventScope::Dataset(dataset_id);
        let list = async |filter: EventFilter, owner| {
            let events = store
                .list_events_of(owner, scope, &filter, None, 10)
                .await?;
            anyhow::Ok(
                events
                    .into_iter()
                    .map(|event| event.event_type)
                    .collect::<Vec<_>>(),
            )
        };
        let of_type = |event_type: &str| EventFilter {
            event_type: Some(event_type.to_string()),
            ..EventFilter::default()
        };
        let of_principal = |name: &str| EventFilter {
            principal: Some(name.to_string()),
            ..EventFilter::default()
        };
        let since = |since| EventFilter {
            since: Some(since),
            ..EventFilter::default()
        };
        let both = ["access.refused", "dataset.created"];
        assert_eq!(list(EventFilter::default(), owner).await?, both);
        assert_eq!(list(of_type(both[0]), owner).await?, both[..1]);
        assert_eq!(list(of_principal("alice"), owner).await?, both[..1]);
        assert!(list(of_principal("bob"), owner).await?.is_empty());
        let now = clock::now();
        assert_eq!(list(since(now - TimeDelta::minutes(1)), owner).await?, both);
        assert!(
            list(since(now + TimeDelta::minutes(1)), owner)
                .await?
                .is_empty()
        );
        assert!(list(EventFilter::default(), Uuid::nil()).await?.is_empty());
        let all = store.list_events(&of_principal("alice"), None, 10).await?;
        assert_eq!(all.len(), 1);
        let all = store
            .list_events(&of_type("dataset.created"), None, 10)
            .await?;
        assert_eq!(all.len(), 1);
        let changes = store.changes_between(scope, 0, i64::MAX, 10).await?;
        assert_eq!(changes.len(), 1, "on {}", site.url);
    }
    Ok(())
}

/// The pool of a PostgreSQL database.
fn postgres(database: &Database) -> Result<&PgPool> {
    match database {
        Database::Postgres(pool) => Ok(pool),
        Database::Sqlite { .. } => anyhow::bail!("not PostgreSQL"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn late_commit_is_not_missed() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let (first, second) = (site.dataset().await?, site.dataset().await?);
    let pool = postgres(&site.store.database)?;
    let begin = site.store.event_ids().await?.settled;
    let rename = "UPDATE datasets SET name = name || '!' WHERE id = $1";
    for is_kept in [true, false] {
        let before = site.store.event_ids().await?.settled;
        // Gets its number first, and commits last.
        let mut late = pool.begin().await?;
        late.execute(sqlx::query(rename).bind(first)).await?;
        let mut early = pool.begin().await?;
        early.execute(sqlx::query(rename).bind(second)).await?;
        assert_eq!(site.store.event_ids().await?.settled, before);
        early.commit().await?;
        // The early one is there, but a reader in order would miss the late one behind it.
        let visible = site.count("SELECT max(id) FROM events").await?;
        assert!(visible > before);
        assert_eq!(site.store.event_ids().await?.settled, before);
        if is_kept {
            late.commit().await?;
        } else {
            late.rollback().await?;
        }
        let settled = site.store.event_ids().await?.settled;
        assert_eq!(settled, visible);
        let seen = site.store.events_between(before, settled, 10).await?;
        let seen: Vec<_> = seen.iter().filter_map(|event| event.dataset_id).collect();
        let expected: &[_] = if is_kept { &[first, second] } else { &[second] };
        assert_eq!(seen, expected);
    }
    assert_eq!(site.said_since(begin).await?.len(), 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn reader_in_order_sees_each_of_many_events_once() -> Result<()> {
    const WRITERS: usize = 8;
    const EACH: usize = 25;
    for site in sites().await? {
        let begin = site.store.event_ids().await?.settled;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, owner) = (site.store.clone(), site.principal.id);
                tokio::spawn(async move {
                    for number in 0..EACH {
                        let name = format!("{writer}.{number}");
                        let created = store.create_dataset(owner, &name, None, clock::now());
                        created.await.map_err(anyhow::Error::from)?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        let (mut position, mut seen) = (begin, Vec::new());
        let read_all = async {
            while seen.len() < WRITERS * EACH {
                let settled = site.store.event_ids().await?.settled;
                for event in site.store.events_between(position, settled, 7).await? {
                    position = event.id;
                    seen.extend(event.dataset_id);
                }
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(Duration::from_mins(1), read_all).await??;
        for writer in writers {
            writer.await??;
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), WRITERS * EACH, "on {}", site.url);
    }
    Ok(())
}
