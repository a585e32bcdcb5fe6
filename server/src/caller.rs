//! Callers: who sends a request, with which token, and what they may do with it.
//!
//! The right that an operation demands is in one table ([`restow_api::right`]). A token is checked for its scopes as soon as it
//! is authenticated, a principal for its role once the request names a dataset. From then on the operation works for the
//! owner of the dataset, so that each statement is restricted to the owner's rows.

use std::sync::Arc;

use restow_api::grant::Role;
use restow_api::right::{Right, Target};
use restow_api::scope::{Scope, Scopes};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Forbidden, Result};
use crate::identity::Identity;
use crate::store::{AccessRow, Principal, Visible};
use crate::{dataset, job};

/// Who sends a request, and the right that its operation demands.
#[derive(Clone, Debug)]
pub struct Caller {
    identity: Arc<Identity>,
    right: &'static Right,
}

impl Caller {
    /// A caller whose token is for what the operation does.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the token has none of the operation's scopes, or the operation is for administrators alone.
    pub fn new(identity: Arc<Identity>, right: &'static Right) -> Result<Self> {
        if !right.scopes.is_empty() && !right.scopes.intersects(identity.scopes) {
            return Err(Forbidden::Scope(right.scopes).into());
        }
        let caller = Self { identity, right };
        if right.on == Target::Deployment {
            caller.require_unrestricted_admin(Forbidden::Administrator)?;
        }
        Ok(caller)
    }

    /// Who it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Who it is, as the caller is told.
    pub fn description(&self) -> restow_api::token::Caller {
        let identity = self.identity();
        restow_api::token::Caller {
            principal: identity.name.clone(),
            is_admin: identity.is_admin,
            token_id: identity.token_id,
            token_name: identity.token_name.clone(),
            scopes: identity.scopes.iter().collect(),
            datasets: identity.datasets.clone(),
            expires_at: identity.expires_at,
        }
    }

    /// The principal, for an operation that no dataset restricts.
    pub fn itself(&self) -> Principal {
        self.identity.principal
    }

    /// Whether the caller administers the deployment, with a token that is for that. One that is restricted to datasets is for
    /// no more than these.
    fn is_admin(&self) -> bool {
        self.identity.is_admin && self.identity.scopes.contains(Scope::Admin)
    }

    /// Checks that the caller administers the deployment beyond the datasets that a token may be restricted to.
    ///
    /// # Errors
    /// `otherwise` where it does not, [`Forbidden::Restricted`] where its token is restricted.
    pub fn require_unrestricted_admin(&self, otherwise: Forbidden) -> Result<()> {
        if !self.is_admin() {
            return Err(otherwise.into());
        }
        self.require_unrestricted()
    }

    /// Checks that the caller's token is not restricted to datasets.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where it is.
    pub fn require_unrestricted(&self) -> Result<()> {
        match self.identity.datasets {
            None => Ok(()),
            Some(_) => Err(Forbidden::Restricted.into()),
        }
    }

    /// Whether the caller may see values of the data, and not only how it is made up.
    pub fn reads_data(&self) -> bool {
        self.identity.scopes.contains(Scope::Read)
    }

    /// Checks for a scope that only some requests of an operation demand.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the token does not have it.
    pub fn require(&self, scope: Scope) -> Result<()> {
        if self.identity.scopes.contains(scope) {
            Ok(())
        } else {
            Err(Forbidden::Scope(Scopes::of(&[scope])).into())
        }
    }

    /// Which datasets the caller sees in lists. A restricted token that the database does not have sees those of its principal.
    pub fn visible(&self) -> Visible {
        match (self.identity.token_id, &self.identity.datasets) {
            (Some(token_id), Some(_)) => Visible::OfToken(token_id),
            _ if self.identity.has_grants => Visible::Shared,
            _ => Visible::Own,
        }
    }

    /// The owner of a dataset, where the caller may do with it what the operation does.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the caller may do nothing with it, [`Error::Forbidden`] where it may only do less.
    pub async fn on_dataset(&self, app: &App, id: Uuid) -> Result<Principal> {
        if !self.is_for(id) {
            return Err(Error::NotFound(dataset::IN_PATH));
        }
        if self.sees_only_its_own() {
            return Ok(self.itself());
        }
        match app.store.find_access(id, self.itself().id).await? {
            // The operation says that it does not exist, after whatever else it has to say of the request.
            None => Ok(self.itself()),
            access => self.owner(access, dataset::IN_PATH),
        }
    }

    /// The owner of the dataset of a job, where the caller may do with it what the operation does.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the caller may do nothing with it, [`Error::Forbidden`] where it may only do less.
    pub async fn on_job(&self, app: &App, id: Uuid) -> Result<Principal> {
        if self.identity.datasets.is_none() && self.sees_only_its_own() {
            return Ok(self.itself());
        }
        match app.store.find_access_of_job(id, self.itself().id).await? {
            None => Ok(self.itself()),
            access => self.owner(access, job::IN_PATH),
        }
    }

    /// Whether the caller may do anything with a dataset.
    pub async fn can_see(&self, app: &App, id: Uuid) -> Result<bool> {
        let access = app.store.find_access(id, self.itself().id).await?;
        match self.owner(access, dataset::IN_PATH) {
            Ok(_) => Ok(true),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the token is for a dataset.
    fn is_for(&self, dataset_id: Uuid) -> bool {
        let datasets = self.identity.datasets.as_ref();
        datasets.is_none_or(|datasets| datasets.contains(&dataset_id))
    }

    /// Whether the principal can do nothing with datasets of others, so that no row has to be read to know who owns one.
    fn sees_only_its_own(&self) -> bool {
        !self.identity.has_grants && !self.is_admin()
    }

    fn owner(&self, access: Option<AccessRow>, place: [&'static str; 2]) -> Result<Principal> {
        let access = access.filter(|access| self.is_for(access.dataset_id));
        let access = access.ok_or(Error::NotFound(place))?;
        let role = if access.owner.id == self.itself().id || self.is_admin() {
            Role::Owner
        } else {
            access.granted().ok_or(Error::NotFound(place))?
        };
        match self.right.on {
            Target::Dataset(needed) if role < needed => Err(Forbidden::Role(needed).into()),
            Target::Dataset(_) | Target::Caller | Target::Body | Target::Deployment => {
                Ok(access.owner)
            }
        }
    }
}
