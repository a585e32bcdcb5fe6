//! Values: what was written is what is read.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::column::{Column, ColumnType};
use restow_api::job::JobError;
use restow_api::reupload::CompletedPart;
use restow_api::version::Version;
use restow_api::{Finding, FindingType, ReadOptions, Severity};
use restow_inspect::Inspection;
use serde_json::{Map, json};

use super::fixture::sites;
use crate::clock;
use crate::plan::Plan;
use crate::quota::Quota;
use crate::store::{Ending, Inspected, NewVersion, Terms};

/// Filenames and content types from requests.
fn texts() -> Vec<String> {
    vec![
        "rows.csv".to_string(),
        "a\0b\0".to_string(),
        "\u{10FFFF}".repeat(255),
        "\"; DROP TABLE jobs; -- \\ \u{202E}\r\n\u{7F}".to_string(),
        "text/csv; charset=\u{e9}\nx: y".to_string(),
        " ".to_string(),
    ]
}

#[tokio::test]
async fn text_round_trips_unchanged() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        for text in texts() {
            let mut job = site.new_job(dataset_id);
            job.filename.clone_from(&text);
            job.content_type.clone_from(&text);
            assert!(site.store.insert_job(&job, Quota::default()).await?);
            let row = site
                .store
                .find_job(site.principal.id, job.id)
                .await?
                .context("no job")?;
            assert_eq!(
                (&row.filename.0, &row.content_type.0),
                (&text, &text),
                "on {}",
                site.url
            );
        }
    }
    Ok(())
}

/// What an inspection found, with `odd` in every text.
fn found(odd: &str) -> Inspection {
    let finding = Finding {
        finding_type: FindingType::NulBytes,
        severity: Severity::Warning,
        msg: odd.to_string(),
        column: Some(odd.to_string()),
        line: Some(u64::MAX),
        count: None,
        examples: vec![odd.to_string()],
        suggestion: None,
    };
    Inspection {
        format: Some("csv".to_string()),
        row_count: Some(3),
        columns: vec![Column {
            nulls: Some(u64::MAX / 2),
            min: Some(json!(odd)),
            ..Column::new(odd, ColumnType::String)
        }],
        sample: vec![vec![json!(odd), json!(1e300), json!(u64::MAX), json!(null)]],
        dialect: Some(ReadOptions {
            delimiter: Some("\u{1}".to_string()),
            ..ReadOptions::default()
        }),
        findings: vec![finding],
        findings_total: 7,
    }
}

#[tokio::test]
async fn job_values_round_trip_to_the_version() -> Result<()> {
    for site in sites().await? {
        let (store, now, dataset_id) = (&site.store, clock::now(), site.dataset().await?);
        let odd = "a\0b \u{1F600}\u{FFFF}";
        let mut job = site.new_job(dataset_id);
        job.filename = odd.to_string();
        job.content_type = odd.to_string();
        assert!(store.insert_job(&job, Quota::default()).await?);
        assert!(store.set_upload(job.id, "upload").await?);
        let part: CompletedPart = serde_json::from_value(json!({ "etag": odd, "part_number": 1 }))?;
        let work = store
            .claim_completion(job.id, &[part], Terms::default(), now, None)
            .await?
            .context("it is not awaiting")?;
        assert_eq!(
            work.named_parts()
                .iter()
                .map(|part| part.etag.as_str())
                .collect::<Vec<_>>(),
            [odd]
        );

        let ctx: Map<_, _> = [(odd.to_string(), json!(odd))].into_iter().collect();
        let error = JobError {
            error_type: odd.to_string(),
            msg: odd.to_string(),
            ctx,
        };
        assert!(
            store
                .return_to_upload(work.claim(), None, &error, now)
                .await?
        );
        let row = store
            .find_job(site.principal.id, job.id)
            .await?
            .context("no job")?;
        assert_eq!(
            row.error.map(|stored| stored.0),
            Some(error),
            "on {}",
            site.url
        );

        let work = store
            .claim_completion(job.id, &[], Terms::default(), now, None)
            .await?
            .context("it is not awaiting")?;
        assert!(work.job.error.is_none(), "an old refusal stays");
        assert!(
            store
                .finish_completion(work.claim(), "\"etag\"", now)
                .await?
        );
        let work = site.claim_next(now).await?.context("it is not due")?;
        let found = found(odd);
        let options = found.dialect.clone();
        let inspected = Inspected {
            claim: work.claim(),
            found: &found,
            read_options: options.as_ref(),
            deadline: now,
            completed_as: None,
        };
        let ready = Ending::Ready(None);
        assert!(store.finish_inspection(inspected, &ready).await?);
        let kept = store
            .find_inspection(job.id)
            .await?
            .context("no inspection")?;
        assert_eq!(
            (kept.dialect(), kept.read_options()),
            (options.as_ref(), options.as_ref())
        );
        assert_eq!(
            (&kept.findings.0[..], kept.findings_total()),
            (&found.findings[..], 7)
        );
        assert_eq!((kept.row_count(), kept.sample.0), (Some(3), found.sample));
        let commit = NewVersion {
            attempt: work.claim().attempt,
            ..site.commit(dataset_id, job.id, None)
        };
        let version = store
            .commit_job(commit, None, now)
            .await?
            .context("not ready")?;
        let version = Version::from(version);
        assert_eq!(
            (version.filename.as_str(), version.content_type.as_str()),
            (odd, odd)
        );
        assert_eq!(
            (version.etag.as_str(), version.row_count, version.columns),
            ("\"etag\"", Some(3), found.columns)
        );
    }
    Ok(())
}

#[tokio::test]
async fn times_round_trip_to_the_microsecond() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let whole: DateTime<Utc> = "2026-11-05T23:59:59Z".parse()?;
        // Whole seconds, milliseconds and microseconds look different as text.
        let times = [0, 1, 1_000, 120_000, 123_000, 123_456, 999_999, 1_000_000]
            .map(TimeDelta::microseconds);
        for time in times.map(|fraction| whole + fraction) {
            let mut job = site.new_job(dataset_id);
            (job.created_at, job.deadline) = (time, time);
            assert!(site.store.insert_job(&job, Quota::default()).await?);
            let row = site
                .store
                .find_job(site.principal.id, job.id)
                .await?
                .context("no job")?;
            assert_eq!(
                (row.created_at, row.deadline),
                (time, time),
                "on {}",
                site.url
            );
        }
        let start = (DateTime::UNIX_EPOCH, uuid::Uuid::nil());
        let overdue = site
            .store
            .overdue_jobs(clock::now() + TimeDelta::days(3650), start, 100)
            .await?;
        let in_order: Vec<_> = overdue.iter().map(|job| job.deadline - whole).collect();
        assert_eq!(in_order, times, "on {}", site.url);
        for (count, time) in times.iter().enumerate() {
            assert_eq!(
                site.store
                    .overdue_jobs(whole + *time, start, 100)
                    .await?
                    .len(),
                count,
                "on {}",
                site.url
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn largest_sizes_round_trip() -> Result<()> {
    for site in sites().await? {
        let mut job = site.new_job(site.dataset().await?);
        job.plan = Plan::stored(10_000 * 5 * 1024 * 1024 * 1024, 5 * 1024 * 1024 * 1024);
        let quota = Quota {
            bytes: Some(u64::MAX),
            open_jobs: Some(u64::MAX),
        };
        assert!(site.store.insert_job(&job, quota).await?);
        let row = site
            .store
            .find_job(site.principal.id, job.id)
            .await?
            .context("no job")?;
        assert_eq!(row.plan(), job.plan, "on {}", site.url);
    }
    Ok(())
}
