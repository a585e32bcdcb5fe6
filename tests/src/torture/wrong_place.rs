//! Processes with the database of the deployment and a wrong place for objects. What is not there is not lost, and nothing
//! there is theirs.

use std::time::Duration;

use anyhow::Result;
use rand::RngExt;
use rand::rngs::StdRng;

use super::api::Shared;
use super::extra::Extra;
use super::site::Site;
use crate::BucketPlace;

/// Name of a bucket that is there and empty.
const EMPTY_BUCKET: &str = "restov";

/// A prefix that nothing else has.
const PREFIX: &str = "elsewhere/";

/// Name of the object that says whose a bucket is.
const MARKER: &str = ".restow-instance";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    EmptyBucket,
    MissingBucket,
    WrongCredentials,
    OtherPrefix,
}

const PLACES: [Place; 4] = [
    Place::EmptyBucket,
    Place::MissingBucket,
    Place::WrongCredentials,
    Place::OtherPrefix,
];

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::EmptyBucket => "empty bucket",
            Self::MissingBucket => "missing bucket",
            Self::WrongCredentials => "wrong credentials",
            Self::OtherPrefix => "other prefix",
        }
    }

    /// The variable that leads there.
    fn variable(self) -> (String, String) {
        let (name, value) = match self {
            Self::EmptyBucket => ("RESTOW_S3_BUCKET", EMPTY_BUCKET),
            Self::MissingBucket => ("RESTOW_S3_BUCKET", "no-such-bucket"),
            Self::WrongCredentials => ("AWS_SECRET_ACCESS_KEY", "wrong"),
            Self::OtherPrefix => ("RESTOW_S3_PREFIX", PREFIX),
        };
        (name.to_string(), value.to_string())
    }
}

/// Makes the bucket that is there and empty.
///
/// # Errors
/// If S3 refuses.
pub async fn create_empty_bucket(place: &BucketPlace) -> Result<()> {
    let bucket = place.open();
    bucket
        .client
        .create_bucket()
        .bucket(EMPTY_BUCKET)
        .send()
        .await?;
    Ok(())
}

/// Runs a server or a worker for a while; its number says where.
///
/// # Errors
/// If there is no port for its line to S3.
pub async fn run(
    site: &Site,
    shared: &Shared,
    generator: &mut StdRng,
    number: usize,
) -> Result<()> {
    let place = PLACES[number % PLACES.len()];
    let is_server = generator.random_bool(0.5);
    let role = if is_server { "server" } else { "worker" };
    let name = format!("wrong place: {role}, {}", place.name());
    let directory = format!("wrong-place-{number}");
    let extra = Extra::new(site, &name, &directory, vec![place.variable()])?;
    let lasting = Duration::from_millis(generator.random_range(4_000..9_000));
    let outcome = extra.run(is_server, lasting, async |_| {}).await;
    extra.judge(shared, &outcome, &[]);
    if has_claimed(site, place).await {
        extra.violate(shared, "it has claimed the place");
    }
    Ok(())
}

/// Whether there is a marker in a place that nothing may claim.
async fn has_claimed(site: &Site, place: Place) -> bool {
    let bucket = &site.stores.place;
    let (name, prefix) = match place {
        Place::EmptyBucket => (EMPTY_BUCKET, ""),
        Place::OtherPrefix => (bucket.name.as_str(), PREFIX),
        Place::MissingBucket | Place::WrongCredentials => return false,
    };
    let bucket = BucketPlace {
        name: name.to_string(),
        ..bucket.clone()
    };
    let key = format!("{prefix}{MARKER}");
    bucket.open().head(&key).await.is_ok()
}
