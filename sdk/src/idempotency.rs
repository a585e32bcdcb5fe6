//! The key of a call that creates something: the same for each attempt, so that a request whose response was lost creates
//! nothing again.

use reqwest::Request;
use reqwest::header::HeaderValue;
use uuid::Uuid;

const HEADER: &str = "idempotency-key";

/// Ids of the operations that create something. The published one accepts the header, although its document does not
/// mention it.
const CREATING: [&str; 2] = ["create_dataset", "request_presigned_reupload"];

tokio::task_local! {
    static KEY: Uuid;
}

/// A key for all attempts of a call.
#[derive(Clone, Copy)]
pub(crate) struct CallKey(Uuid);

impl CallKey {
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// Runs an attempt whose request is to have the key.
    pub async fn attempt<T>(self, attempt: impl Future<Output = T>) -> T {
        KEY.scope(self.0, attempt).await
    }
}

/// Adds the key of the current call, or a new one outside of calls with retries, to a request that creates something.
pub(crate) fn add_key(request: &mut Request, operation_id: &str) {
    if !CREATING.contains(&operation_id) || request.headers().contains_key(HEADER) {
        return;
    }
    let key = KEY.try_get().unwrap_or_else(|_| Uuid::new_v4());
    if let Ok(value) = HeaderValue::from_str(&format!("\"{key}\"")) {
        request.headers_mut().insert(HEADER, value);
    }
}
