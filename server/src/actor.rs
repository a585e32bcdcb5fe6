//! Who makes a change: kept for the time of a request, so that each statement that changes something records it.
//!
//! The triggers that log changes read it from the changed row. What changes outside of a request is the service's own doing.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Actor;
}

/// Who sends a request that changes something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Name of the principal; none for the service itself, and for a CI job that acts for no principal.
    principal: Option<String>,
    request: Option<Request>,
}

/// The request in which a change is made, as it is stored with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Identifier of the principal; none for a CI job that acts for no principal.
    pub principal_id: Option<Uuid>,
    /// Identifier of the token, where the database has it.
    pub token_id: Option<Uuid>,
    /// What the token's owner calls it, or the description of a CI job.
    pub token: Option<String>,
    /// Address of the client.
    pub address: Option<IpAddr>,
    /// Identifier of the request, which no other one has.
    pub request_id: String,
}

impl Actor {
    /// The principal of that name, in a request.
    pub fn new(principal: &str, request: Request) -> Self {
        Self {
            principal: Some(storable(principal)),
            ..Self::of_ci_job(request)
        }
    }

    /// A CI job that acts for no principal, in a request.
    pub fn of_ci_job(request: Request) -> Self {
        let token = request.token.as_deref().map(storable);
        Self {
            principal: None,
            request: Some(Request { token, ..request }),
        }
    }

    /// Who makes the changes of this task.
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    /// Runs `work`, whose changes are this actor's. Tasks that it spawns are not.
    pub async fn run<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// Name of the principal; none for the service itself, and for a CI job that acts for no principal.
    pub fn principal(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    /// The request; none for the service itself.
    pub fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }
}

/// Text that every database stores.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn actor_is_that_of_the_task() {
        let request = Request {
            principal_id: Some(Uuid::nil()),
            token_id: None,
            token: Some("a\0b".to_string()),
            address: None,
            request_id: "r".to_string(),
        };
        let actor = Actor::new("alice", request);
        let (inside, spawned) = actor
            .clone()
            .run(async {
                let spawned = tokio::spawn(async { Actor::current() });
                (Actor::current(), spawned.await)
            })
            .await;
        assert_eq!(inside, actor);
        assert_eq!(
            inside
                .request()
                .and_then(|request| request.token.as_deref()),
            Some("a\u{fffd}b")
        );
        assert_eq!(spawned.unwrap(), Actor::default());
        assert_eq!(Actor::current(), Actor::default());
    }
}
