//! A store with a user for each policy.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use restow_tests::s3_server::Kind;
use restow_tests::{BucketPlace, S3Server};
use serde_json::{Value, json};

use super::request::{Request, Target};

/// The users, by the names of the policies' files.
const USERS: [&str; 3] = ["server", "uploader", "reader"];

/// The bucket that the policies name.
const EXAMPLE: &str = "my-bucket";

/// A store, and its users.
pub(super) struct Setup {
    store: S3Server,
    users: Vec<BucketPlace>,
}

/// The statements of a policy, for the bucket of the tests and one user.
pub(super) type Policy = Vec<Value>;

impl Setup {
    /// Starts Ceph; `None` if it is not installed.
    pub(super) fn start() -> Result<Option<Self>> {
        let Some(mut store) = S3Server::start_if_installed(Kind::Ceph)? else {
            return Ok(None);
        };
        let users = USERS.map(|name| store.add_user(name));
        Ok(Some(Self {
            users: users.into_iter().collect::<Result<_>>()?,
            store,
        }))
    }

    /// Allows what these policies say, and nothing else.
    pub(super) async fn allow(&self, policies: &[Policy]) -> Result<()> {
        let policy = json!({ "Version": "2012-10-17", "Statement": policies.concat() });
        let put = self.store.client().put_bucket_policy();
        put.bucket(self.store.bucket())
            .policy(policy.to_string())
            .send()
            .await?;
        Ok(())
    }

    /// Sends a request as one of the users, for an object and an upload of the bucket's owner, and returns whether it was allowed.
    pub(super) async fn send(&self, user: &str, request: Request, target: &Target) -> Result<bool> {
        let index = USERS.iter().position(|name| *name == user);
        let place = &self.users[index.context("no such user")?];
        let (owner, bucket) = (self.store.client(), self.store.bucket());
        let upload_id = target.make(&owner, bucket).await?;
        let client = place.open().client;
        let allowed = request.send(&client, bucket, target, &upload_id).await;
        target.clear(&owner, bucket).await?;
        allowed.with_context(|| format!("{user}: {request:?} of {target:?}"))
    }

    /// How many uploads are open.
    pub(super) async fn open_uploads(&self) -> Result<usize> {
        let list = self.store.client().list_multipart_uploads();
        Ok(list
            .bucket(self.store.bucket())
            .send()
            .await?
            .uploads()
            .len())
    }

    /// The environment of a server with the first user's key, and URLs of the second one's.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let [server, uploader, ..] = &self.users[..] else {
            return Vec::new();
        };
        let mut environment = server.environment(&server.endpoint);
        let keys = [
            ("RESTOW_S3_UPLOAD_ACCESS_KEY", &uploader.access_key),
            ("RESTOW_S3_UPLOAD_SECRET_KEY", &uploader.secret_key),
        ];
        environment.extend(keys.map(|(name, value)| (name.to_string(), value.clone())));
        environment
    }
}

/// The policies of all users.
pub(super) fn policies() -> Result<Vec<Policy>> {
    USERS.iter().map(|user| policy(user)).collect()
}

/// A policy in the form that is attached to a bucket, which names the user.
fn policy(user: &str) -> Result<Policy> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../deploy/iam/{user}.json"));
    let text = fs::read_to_string(path)?.replace(EXAMPLE, "restow");
    let policy: Value = serde_json::from_str(&text)?;
    let mut statements = policy["Statement"].as_array().cloned().unwrap_or_default();
    for statement in &mut statements {
        let sid = format!("{user}{}", statement["Sid"].as_str().unwrap_or_default());
        statement["Sid"] = json!(sid);
        statement["Principal"] = json!({ "AWS": [format!("arn:aws:iam:::user/{user}")] });
    }
    Ok(statements)
}

/// The policy without an action.
pub(super) fn without(policy: &Policy, action: &str) -> Policy {
    let mut reduced = policy.clone();
    for statement in &mut reduced {
        if let Some(actions) = statement["Action"].as_array_mut() {
            actions.retain(|named| named != action);
        }
    }
    reduced
}
