//! The store and the storage, as the arguments say.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_s3::config::SharedCredentialsProvider;
use chrono::TimeDelta;

use super::arguments::{DatabaseArguments, S3Arguments, WorkArguments};
use super::embedded_s3::{BUCKET, EmbeddedEndpoint};
use super::secret_file::SecretSource;
use crate::app::{App, JOB_HARD_LIMIT, Settings};
use crate::inspection::MAX_CONTENT;
use crate::plan::PlanLimits;
use crate::quota::Quota;
use crate::storage::{Addressing, Storage, StorageConfig};
use crate::store::Store;

/// Name of the embedded database in the data directory.
const DATABASE_FILE: &str = "restow.sqlite";

/// Least time for which events are kept: a delivery has a day, and another one where it is sent again at its end.
const MIN_KEEP_EVENTS: TimeDelta = TimeDelta::days(2);

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
        let has_key_file = arguments.s3_access_key_id_file.is_some()
            || arguments.s3_secret_access_key_file.is_some();
        match (&arguments.s3_bucket, &arguments.s3_endpoint) {
            (Some(bucket), _) => Ok(Self::Bucket(bucket.clone())),
            (None, None) if has_key_file => bail!(
                "--s3-access-key-id-file and --s3-secret-access-key-file need --s3-bucket (the embedded S3 has its own key)"
            ),
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
    let store = if schema == Schema::Check {
        existing_store(arguments).await?
    } else {
        open(arguments, database_url(arguments)?.as_deref()).await?
    };
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

/// Opens the database whatever its schema is, and creates none.
pub async fn existing_store(arguments: &DatabaseArguments) -> Result<Store> {
    let url = database_url(arguments)?;
    if let Some(file) = database_file(arguments, url.as_deref())?
        && !file.exists()
    {
        bail!(
            "there is no database {}; run `restow-server serve` or `restow-server migrate` first, which create it",
            file.display()
        );
    }
    open(arguments, url.as_deref()).await
}

async fn open(arguments: &DatabaseArguments, url: Option<&str>) -> Result<Store> {
    let store = if let Some(url) = url {
        Store::open(url).await
    } else {
        create_data_dir(&arguments.data_dir)?;
        Store::open_file(&arguments.data_dir.join(DATABASE_FILE)).await
    };
    store.context("cannot open the database")
}

/// The URL of the database, if it is not in the data directory.
pub fn database_url(arguments: &DatabaseArguments) -> Result<Option<String>> {
    SecretSource {
        direct: ("--database-url", arguments.database_url.clone()),
        file: (
            "--database-url-file",
            arguments.database_url_file.as_deref(),
        ),
    }
    .read()
}

/// The file of the database, if it is SQLite.
pub fn database_file(arguments: &DatabaseArguments, url: Option<&str>) -> Result<Option<PathBuf>> {
    match url {
        Some(url) => Store::file_of(url).context("cannot open the database"),
        None => Ok(Some(arguments.data_dir.join(DATABASE_FILE))),
    }
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
    let storage = storage(&arguments.s3, endpoint).await?;
    Ok(App::new(store, storage, settings))
}

/// The bucket; the embedded S3's, if it is that, at `endpoint`.
pub async fn storage(
    arguments: &S3Arguments,
    endpoint: Option<&EmbeddedEndpoint>,
) -> Result<Storage> {
    let config = match endpoint {
        Some(endpoint) => embedded_config(endpoint, arguments),
        None => bucket_config(arguments).await?,
    };
    Storage::new(config).map_err(anyhow::Error::msg)
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
        credentials: SharedCredentialsProvider::new(credentials),
        upload_credentials: None,
    }
}

async fn bucket_config(arguments: &S3Arguments) -> Result<StorageConfig> {
    let S3::Bucket(bucket) = S3::of(arguments)? else {
        bail!("no embedded S3 is running, and no --s3-bucket is set")
    };
    let on_aws = arguments.s3_endpoint.is_none();
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
        credentials: credentials(arguments).await?,
        upload_credentials: upload_credentials(arguments)?,
    })
}

/// The server's credentials: those of the files, or else of AWS's default chain.
async fn credentials(arguments: &S3Arguments) -> Result<SharedCredentialsProvider> {
    let of_files = key_pair(
        ("AWS_ACCESS_KEY_ID", None),
        (
            "--s3-access-key-id-file",
            arguments.s3_access_key_id_file.as_deref(),
        ),
        ("AWS_SECRET_ACCESS_KEY", None),
        (
            "--s3-secret-access-key-file",
            arguments.s3_secret_access_key_file.as_deref(),
        ),
    )?;
    if let Some(credentials) = of_files {
        for variable in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            if std::env::var_os(variable).is_some_and(|value| !value.is_empty()) {
                bail!("{variable} and --s3-access-key-id-file are both set; remove one of them");
            }
        }
        return Ok(SharedCredentialsProvider::new(credentials));
    }
    let shared = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(arguments.s3_region.clone()))
        .load()
        .await;
    shared.credentials_provider().context(
        "no credentials for S3 found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or configure a profile",
    )
}

/// The credentials that sign upload URLs, where they are others than the server's.
fn upload_credentials(arguments: &S3Arguments) -> Result<Option<Credentials>> {
    key_pair(
        (
            "--s3-upload-access-key",
            arguments.s3_upload_access_key.clone(),
        ),
        (
            "--s3-upload-access-key-file",
            arguments.s3_upload_access_key_file.as_deref(),
        ),
        (
            "--s3-upload-secret-key",
            arguments.s3_upload_secret_key.clone(),
        ),
        (
            "--s3-upload-secret-key-file",
            arguments.s3_upload_secret_key_file.as_deref(),
        ),
    )
}

/// A key and its secret, each given directly or by a file, if there are any.
fn key_pair(
    key: (&'static str, Option<String>),
    key_file: (&'static str, Option<&Path>),
    secret: (&'static str, Option<String>),
    secret_file: (&'static str, Option<&Path>),
) -> Result<Option<Credentials>> {
    let names = (key.0, secret.0);
    let (direct, file) = (key, key_file);
    let key = SecretSource { direct, file }.read()?;
    let (direct, file) = (secret, secret_file);
    let secret = SecretSource { direct, file }.read()?;
    match (key, secret) {
        (Some(key), Some(secret)) => Ok(Some(Credentials::from_keys(key, secret, None))),
        (None, None) => Ok(None),
        _ => bail!(
            "{} and {}, or the files with them, must be set together",
            names.0,
            names.1
        ),
    }
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
    let keep_events = TimeDelta::from_std(jobs.keep_events)?;
    if keep_events < MIN_KEEP_EVENTS {
        bail!(
            "--keep-events must be at least 2 days, since events are sent to webhooks for a day, and that again on request"
        );
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
        keep_events,
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
