//! The store and the storage, as the arguments say.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use chrono::TimeDelta;

use super::arguments::{DatabaseArguments, S3Arguments, WorkArguments};
use super::embedded_s3::{BUCKET, EmbeddedEndpoint};
use crate::app::{App, JOB_HARD_LIMIT, Settings};
use crate::inspection::MAX_CONTENT;
use crate::plan::PlanLimits;
use crate::quota::Quota;
use crate::storage::{Addressing, Storage, StorageConfig};
use crate::store::Store;

/// Name of the embedded database in the data directory.
const DATABASE_FILE: &str = "restow.sqlite";

/// Which S3 the arguments mean.
pub enum S3 {
    /// The embedded one.
    Embedded,
    /// That with this bucket.
    Bucket(String),
}

impl S3 {
    /// Which S3 the arguments mean.
    ///
    /// # Errors
    /// If they name an endpoint without a bucket.
    pub fn of(arguments: &S3Arguments) -> Result<Self> {
        match (&arguments.s3_bucket, &arguments.s3_endpoint) {
            (Some(bucket), _) => Ok(Self::Bucket(bucket.clone())),
            (None, None) => Ok(Self::Embedded),
            (None, Some(_)) => {
                bail!("--s3-endpoint needs --s3-bucket (without either, an embedded S3 is used)")
            }
        }
    }
}

/// Creates the data directory, for its owner alone.
pub fn create_data_dir(directory: &Path) -> Result<()> {
    let created = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory);
    created.with_context(|| format!("cannot create the data directory {}", directory.display()))
}

/// What a command may do to the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Bring it up to date.
    Migrate,
    /// Bring SQLite's up to date, which this process has to itself, and only check PostgreSQL's.
    MigrateSqlite,
    /// Only check it.
    Check,
}

/// Opens the database, whose schema is that of this release then.
pub async fn store(arguments: &DatabaseArguments, schema: Schema) -> Result<Store> {
    if schema == Schema::Check {
        require_file(arguments)?;
    }
    let store = if let Some(url) = &arguments.database_url {
        Store::open(url).await
    } else {
        create_data_dir(&arguments.data_dir)?;
        Store::open_file(&arguments.data_dir.join(DATABASE_FILE)).await
    };
    let store = store.context("cannot open the database")?;
    let may_migrate = match schema {
        Schema::Migrate => true,
        Schema::MigrateSqlite => !store.is_shared(),
        Schema::Check => false,
    };
    if may_migrate {
        let migrated = store.migrate().await;
        migrated.context("cannot bring the database's schema up to date")?;
    } else {
        let checked = store.check_schema().await;
        checked.context("cannot use the database")?;
    }
    Ok(store)
}

/// A command that only checks the schema creates no database either.
fn require_file(arguments: &DatabaseArguments) -> Result<()> {
    let file = match &arguments.database_url {
        Some(url) => Store::file_of(url).context("cannot open the database")?,
        None => Some(arguments.data_dir.join(DATABASE_FILE)),
    };
    if let Some(file) = file
        && !file.exists()
    {
        bail!(
            "there is no database {}; run `restow-server serve` or `restow-server migrate` first, which create it",
            file.display()
        );
    }
    Ok(())
}

/// `restow-server migrate`.
pub async fn migrate(arguments: &DatabaseArguments) -> Result<()> {
    store(arguments, Schema::Migrate).await?.close().await;
    say!("the database's schema is up to date");
    Ok(())
}

/// Everything that operations work with; the embedded S3, if it is that, at `endpoint`.
pub async fn app(
    arguments: &WorkArguments,
    settings: Settings,
    store: Store,
    endpoint: Option<&EmbeddedEndpoint>,
) -> Result<Arc<App>> {
    let storage = match endpoint {
        Some(endpoint) => embedded_config(endpoint, &arguments.s3),
        None => bucket_config(&arguments.s3).await?,
    };
    let storage = Storage::new(storage).map_err(anyhow::Error::msg)?;
    Ok(App::new(store, storage, settings))
}

fn embedded_config(endpoint: &EmbeddedEndpoint, arguments: &S3Arguments) -> StorageConfig {
    let credentials = Credentials::from_keys(
        &endpoint.credentials.access_key,
        &endpoint.credentials.secret_key,
        None,
    );
    StorageConfig {
        endpoint: Some(format!("http://{}", endpoint.address)),
        public_endpoint: arguments.s3_public_endpoint.clone(),
        bucket: BUCKET.to_string(),
        is_embedded: true,
        region: arguments.s3_region.clone(),
        addressing: Addressing::Path,
        prefix: arguments.s3_prefix.clone(),
        credentials: aws_sdk_s3::config::SharedCredentialsProvider::new(credentials),
        upload_credentials: None,
    }
}

async fn bucket_config(arguments: &S3Arguments) -> Result<StorageConfig> {
    let S3::Bucket(bucket) = S3::of(arguments)? else {
        bail!("no embedded S3 is running, and no --s3-bucket is set")
    };
    let region = Region::new(arguments.s3_region.clone());
    let shared = aws_config::defaults(BehaviorVersion::latest())
        .region(region)
        .load()
        .await;
    let on_aws = arguments.s3_endpoint.is_none();
    let upload_credentials = match (
        &arguments.s3_upload_access_key,
        &arguments.s3_upload_secret_key,
    ) {
        (Some(key), Some(secret)) => Some(Credentials::from_keys(key, secret, None)),
        (None, None) => None,
        _ => bail!("--s3-upload-access-key and --s3-upload-secret-key must be set together"),
    };
    Ok(StorageConfig {
        endpoint: arguments.s3_endpoint.clone(),
        public_endpoint: arguments.s3_public_endpoint.clone(),
        bucket,
        is_embedded: false,
        region: arguments.s3_region.clone(),
        addressing: arguments.s3_addressing.unwrap_or(if on_aws {
            Addressing::Virtual
        } else {
            Addressing::Path
        }),
        prefix: arguments.s3_prefix.clone(),
        credentials: shared
            .credentials_provider()
            .context("no credentials for S3 found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or configure a profile")?,
        upload_credentials,
    })
}

/// The settings that the arguments say.
pub fn settings(arguments: &WorkArguments) -> Result<Settings> {
    let WorkArguments {
        uploads,
        jobs,
        inspection,
        ..
    } = arguments;
    let defaults = PlanLimits::default();
    let plan = PlanLimits {
        part_size: uploads.part_size.as_u64(),
        single_part_limit: uploads.single_part_limit.as_u64(),
        max_file_size: uploads
            .max_file_size
            .map_or(defaults.max_file_size, |size| size.as_u64()),
        min_part_size: uploads.min_part_size.as_u64(),
        max_parts: uploads.max_parts,
    };
    plan.check().map_err(anyhow::Error::msg)?;
    let job_deadline = TimeDelta::from_std(jobs.job_deadline)?;
    if job_deadline > JOB_HARD_LIMIT {
        bail!("--job-deadline must be at most 6 days, since some stores drop uploads after 7");
    }
    if inspection.inspect_inline.as_u64() > MAX_CONTENT {
        bail!(
            "--inspect-inline must be at most 32 MiB, since such objects are kept in memory; larger ones are inspected in the background"
        );
    }
    let without_dot = |extension: &String| {
        extension
            .trim()
            .trim_start_matches('.')
            .to_ascii_lowercase()
    };
    Ok(Settings {
        plan,
        quota: Quota {
            bytes: jobs.quota.map(|size| size.as_u64()),
            open_jobs: jobs.max_open_jobs,
        },
        keep_versions: jobs.keep_versions,
        delete_grace: TimeDelta::from_std(jobs.delete_grace)?,
        keep_samples: TimeDelta::from_std(jobs.keep_samples)?,
        keep_jobs: TimeDelta::from_std(jobs.keep_jobs)?,
        keep_events: TimeDelta::from_std(jobs.keep_events)?,
        webhooks_allow_private: jobs.webhook_allow_private,
        sweep_grace: TimeDelta::from_std(jobs.sweep_grace)?,
        url_expires: TimeDelta::from_std(uploads.url_expires)?,
        job_deadline,
        job_grace: TimeDelta::from_std(jobs.job_grace)?,
        preview_deadline: TimeDelta::from_std(jobs.preview_deadline)?,
        lease: TimeDelta::from_std(jobs.lease)?,
        allowed_extensions: uploads.allowed_extensions.iter().map(without_dot).collect(),
        inspection: inspection.limits(),
        inline_inspection_limit: inspection.inspect_inline.as_u64(),
        worker_concurrency: inspection.worker_concurrency,
        inspect_timeout: Some(inspection.inspect_timeout).filter(|limit| !limit.is_zero()),
        downtime_tolerance: TimeDelta::from_std(jobs.downtime_tolerance)?,
        reap_interval: jobs.reap_interval,
        ..Settings::default()
    })
}
