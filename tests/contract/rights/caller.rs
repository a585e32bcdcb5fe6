//! Callers of every kind, and what each is expected to be told.

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder};
use restow_api::grant::Role;
use restow_api::right::{Right, Target};
use restow_api::scope::{Scope, Scopes};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{System, csv};

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sends no token.
    Anonymous,
    /// The owner, with a token that has expired.
    Expired,
    /// The owner, with a token that was revoked.
    Revoked,
    /// The owner, with every scope but those that suffice.
    WrongScope,
    /// The owner, with a token that is for another dataset.
    OtherDataset,
    /// A principal without a role.
    Stranger,
    /// A principal that may read.
    Reader,
    /// A principal that may upload and commit.
    Writer,
    /// The principal that owns the dataset.
    Owner,
    /// An administrator of the deployment.
    Admin,
    /// An administrator of the deployment, with a token that is for the dataset alone.
    AdminOfDataset,
    /// A program of the owner that uploads to the dataset and commits, and does nothing else.
    Ci,
}

/// What a caller is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Anything but that the right is missing.
    Allowed,
    /// The status and the code of a refusal.
    Refused(u16, &'static str),
}

const INVALID_TOKEN: Expected = Expected::Refused(401, "invalid_token");
const FORBIDDEN: Expected = Expected::Refused(403, "forbidden");
const NOT_FOUND: Expected = Expected::Refused(404, "not_found");

impl Kind {
    pub const ALL: &'static [Self] = &[
        Self::Anonymous,
        Self::Expired,
        Self::Revoked,
        Self::WrongScope,
        Self::OtherDataset,
        Self::Stranger,
        Self::Reader,
        Self::Writer,
        Self::Owner,
        Self::Admin,
        Self::AdminOfDataset,
        Self::Ci,
    ];

    /// What the table says of this caller.
    pub fn expected(self, right: &Right) -> Expected {
        let of_role = |role: Role| match right.on {
            Target::Dataset(needed) if role < needed => FORBIDDEN,
            _ => Expected::Allowed,
        };
        match (self, right.on) {
            // The body has no token of a CI job, and no other token counts.
            (_, Target::Body) | (Self::Expired | Self::Revoked, _) => INVALID_TOKEN,
            (Self::Anonymous, _) => Expected::Refused(401, "not_authenticated"),
            (Self::WrongScope, _) if !right.scopes.is_empty() => FORBIDDEN,
            (Self::OtherDataset | Self::Stranger, Target::Dataset(_)) => NOT_FOUND,
            // What is restricted to datasets is not for new ones.
            (Self::OtherDataset | Self::AdminOfDataset | Self::Ci, _)
                if right.operation == "create_dataset" =>
            {
                FORBIDDEN
            }
            (Self::Ci, _) if !has_scope_of_ci(right.scopes) => FORBIDDEN,
            (Self::Admin, _) => Expected::Allowed,
            (_, Target::Deployment) => FORBIDDEN,
            (Self::Reader, _) => of_role(Role::Reader),
            (Self::Writer, _) => of_role(Role::Writer),
            _ => Expected::Allowed,
        }
    }

    /// The dataset that its token is restricted to.
    pub fn restriction(self, site: &Site<'_>) -> Option<Uuid> {
        match self {
            Self::OtherDataset => Some(site.other_id),
            Self::AdminOfDataset | Self::Ci => Some(site.dataset_id),
            _ => None,
        }
    }

    /// The principal that it is.
    pub fn principal(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Admin | Self::AdminOfDataset => "root",
            _ => "owner",
        }
    }
}

fn has_scope_of_ci(scopes: Scopes) -> bool {
    let own = Scopes::of(&[Scope::Upload, Scope::Commit]);
    scopes.is_empty() || scopes.intersects(own)
}

/// A dataset with a version and grants, and callers of every kind.
#[derive(Debug)]
pub struct Site<'a> {
    system: &'a System,
    /// The dataset, which `owner` owns.
    pub dataset_id: Uuid,
    /// Another one of the same owner.
    pub other_id: Uuid,
    tokens: Vec<(Kind, String)>,
}

impl<'a> Site<'a> {
    /// Creates all of it.
    pub async fn prepare(system: &'a System) -> Result<Self> {
        let run = |arguments: &[&str]| system.server.run(arguments);
        let owner = run(&["token", "create", "--principal", "owner"])?;
        let client = system.client_with(&owner)?;
        let created = client
            .api()
            .create_dataset()
            .body_map(|body| body.name("shared"));
        let dataset_id = created.send().await?.id;
        let other = client
            .api()
            .create_dataset()
            .body_map(|body| body.name("other"));
        let other_id = other.send().await?.id;
        let content = csv(2);
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), &content)?;
        client.reupload(dataset_id).file(file.path()).send().await?;

        let mut tokens = vec![(Kind::Owner, owner)];
        for kind in [Kind::Stranger, Kind::Reader, Kind::Writer] {
            // The token is not used before the grant, so that no process remembers it without.
            tokens.push((
                kind,
                run(&["token", "create", "--principal", kind.principal()])?,
            ));
        }
        let root = ["token", "create", "--principal", "root", "--admin"];
        tokens.push((Kind::Admin, run(&root)?));
        let mut site = Self {
            system,
            dataset_id,
            other_id,
            tokens,
        };
        for (principal, role) in [("reader", "reader"), ("writer", "writer")] {
            let path = format!("/api/datasets/{dataset_id}/grants/{principal}");
            let request = site.request(Kind::Owner, Method::PUT, &path);
            let response = request.json(&json!({ "role": role })).send().await?;
            anyhow::ensure!(response.status() == 200, "{}", response.text().await?);
        }
        let expired = site.token("owner", &["--expires", "1ms"])?;
        let restricted = site.token("owner", &["--datasets", &other_id.to_string()])?;
        let id = dataset_id.to_string();
        let admin = site.token("root", &["--datasets", &id])?;
        let ci = site.token("owner", &["--datasets", &id, "--scopes", "upload,commit"])?;
        let revoked = site.revoked_token()?;
        site.tokens.extend([
            (Kind::Expired, expired),
            (Kind::OtherDataset, restricted),
            (Kind::AdminOfDataset, admin),
            (Kind::Ci, ci),
            (Kind::Revoked, revoked),
        ]);
        Ok(site)
    }

    /// A new token of a principal, with further options of `token create`.
    pub fn token(&self, principal: &str, options: &[&str]) -> Result<String> {
        let create = ["token", "create", "--principal", principal];
        self.system.server.run(&[&create[..], options].concat())
    }

    fn revoked_token(&self) -> Result<String> {
        let token = self.token("owner", &["--name", "to be revoked"])?;
        let listed = self.system.server.run(&["token", "list", "--json"])?;
        let listed: Value = serde_json::from_str(&listed)?;
        let rows = listed.as_array().context("a list")?;
        let row = rows.iter().find(|row| row["name"] == "to be revoked");
        let id = row
            .and_then(|row| row["id"].as_str())
            .context("the token")?;
        self.system.server.run(&["token", "revoke", id])?;
        Ok(token)
    }

    /// A request by a caller of that kind; the path is the whole one.
    pub fn request(&self, kind: Kind, method: Method, path: &str) -> RequestBuilder {
        let request = self.system.anonymous(method, path);
        match self.tokens.iter().find(|(found, _)| *found == kind) {
            Some((_, token)) => request.bearer_auth(token),
            None => request,
        }
    }

    /// What a caller of that kind reads.
    pub async fn get(&self, kind: Kind, path: &str) -> Result<Value> {
        let response = self.request(kind, Method::GET, path).send().await?;
        Ok(response.json().await?)
    }

    /// A request with a token of the owner that has every scope but these.
    pub fn without_scopes(
        &self,
        scopes: Scopes,
        method: Method,
        path: &str,
    ) -> Result<RequestBuilder> {
        let others = Scopes::ALL.iter().filter(|scope| !scopes.contains(*scope));
        let others: Vec<_> = others.map(Scope::as_str).collect();
        let token = self.token("owner", &["--scopes", &others.join(",")])?;
        Ok(self.system.anonymous(method, path).bearer_auth(token))
    }
}
