//! Who owns the bucket: whether this database is the one that may destroy what is in it.
//!
//! An object in the bucket, the marker, holds the identity of the deployment that owns it and a generation, which the
//! reaper advances in the database and in the marker before it destroys anything. A database that is restored from a
//! backup, or a copy of one, falls behind the marker, and a process with the wrong bucket finds another marker or none:
//! they serve, but they destroy nothing.

mod state;

use uuid::Uuid;

pub use self::state::Ownership;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::storage::Storage;
use crate::store::{Instance, Store};

/// Name of the marker, behind the prefix.
const MARKER: &str = ".restow-instance";

/// What the marker says: the owner of the bucket. Its text is the identifier, the generation and the nonce, separated by
/// blanks; the identifier alone is generation 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Marker {
    id: Uuid,
    generation: i64,
    nonce: Option<Uuid>,
}

impl Marker {
    /// `None` for a text that is no marker.
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let id = words.next()?.parse().ok()?;
        let Some(generation) = words.next() else {
            return Some(Self {
                id,
                generation: 0,
                nonce: None,
            });
        };
        let (generation, nonce) = (generation.parse().ok()?, words.next()?.parse().ok()?);
        Some(Self {
            id,
            generation,
            nonce: Some(nonce),
        })
    }

    /// The marker that says what the database says.
    fn of(own: Instance) -> Self {
        Self {
            id: own.id,
            generation: own.generation,
            nonce: own.nonce,
        }
    }

    fn text(&self) -> String {
        match self.nonce {
            Some(nonce) => format!("{} {} {nonce}", self.id, self.generation),
            None => self.id.to_string(),
        }
    }
}

/// Compares the marker with the database. `None` where the bucket has no marker.
fn judge(marker: Option<Marker>, own: Instance) -> Ownership {
    let Some(marker) = marker else {
        return if own.generation == 0 {
            Ownership::Unclaimed
        } else {
            Ownership::WrongBucket
        };
    };
    if marker.id != own.id {
        return if own.generation == 0 {
            Ownership::OtherDeployment
        } else {
            Ownership::WrongBucket
        };
    }
    // The database moves first, so that a crash in between leaves it ahead by one.
    let is_same = marker.generation == own.generation && marker.nonce == own.nonce;
    let is_ahead = marker.generation.checked_add(1) == Some(own.generation);
    if is_same || is_ahead {
        Ownership::Owner
    } else {
        Ownership::Outdated
    }
}

fn marker_key(storage: &Storage) -> String {
    format!("{}{MARKER}", storage.prefix())
}

async fn read_marker(storage: &Storage) -> Result<Option<Marker>> {
    let text = storage.read_text(&marker_key(storage)).await?;
    // A text that is no marker belongs to something else.
    let foreign = Marker {
        id: Uuid::nil(),
        generation: 0,
        nonce: None,
    };
    Ok(text.map(|text| Marker::parse(&text).unwrap_or(foreign)))
}

/// The marker, and the database's own identity, read in this order: the database moves first, so that one that moves
/// in between is at most ahead.
async fn look(app: &App) -> Result<(Option<Marker>, Instance)> {
    let marker = read_marker(&app.storage).await?;
    Ok((marker, app.store.instance().await?))
}

/// What a database is to a bucket, without an identity being made for the database where it has none.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn inspect(store: &Store, storage: &Storage) -> Result<Ownership> {
    let marker = read_marker(storage).await?;
    let own = store.find_instance().await?.unwrap_or(Instance {
        id: Uuid::max(),
        generation: 0,
        nonce: None,
        adopted_at: None,
    });
    Ok(judge(marker, own))
}

/// What this database is to the bucket, and publishes it for probes and metrics.
///
/// # Errors
/// If the database or S3 does not respond; nothing may be called missing or left over then.
pub async fn check(app: &App) -> Result<Ownership> {
    let (marker, own) = look(app).await?;
    let ownership = judge(marker, own);
    app.metrics.set_ownership(ownership, own.generation);
    Ok(ownership)
}

/// Warns at the start of a process where this database does not own the bucket.
pub async fn warn(app: &App) {
    match check(app).await.map(Ownership::warning) {
        Ok(None) => {}
        Ok(Some(warning)) => tracing::warn!("{warning}"),
        Err(error) => tracing::warn!(%error, "failed to read the bucket's marker"),
    }
}

/// Whether this database owns the bucket, as far as is known now. An outage is no ownership.
pub async fn is_owner(app: &App) -> bool {
    check(app).await.is_ok_and(Ownership::is_owner)
}

/// Confirms the ownership for one round of the reaper, and advances the generation in the database and in the bucket. The
/// first reaper claims a bucket that has no owner.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn advance(app: &App) -> Result<Ownership> {
    match check(app).await? {
        Ownership::Owner => {}
        Ownership::Unclaimed => match claim(app).await? {
            Ownership::Owner => {}
            ownership => return Ok(ownership),
        },
        ownership => return Ok(ownership),
    }
    let (marker, own) = look(app).await?;
    if marker.is_some_and(|marker| marker.generation < own.generation) {
        // An earlier advance reached the database only. The marker is to follow before the database moves again.
        app.storage
            .write_text(&marker_key(&app.storage), &Marker::of(own).text())
            .await?;
    } else {
        advance_to(app, own, own.generation + 1).await?;
    }
    check(app).await
}

/// Claims a bucket without an owner for a database without one. A database that has versions claims only the bucket that
/// holds their objects.
async fn claim(app: &App) -> Result<Ownership> {
    if let Some(object) = app
        .store
        .version_objects((Uuid::nil(), 0), 1)
        .await?
        .first()
        && app.storage.head(&object.s3_key).await?.is_none()
    {
        app.metrics.set_ownership(Ownership::WrongBucket, 0);
        return Ok(Ownership::WrongBucket);
    }
    let own = app.store.instance().await?;
    app.storage
        .write_once(&marker_key(&app.storage), &Marker::of(own).text())
        .await?;
    crash::at(Point::SweepMarkerWritten);
    // Not every store knows the condition, and another deployment may have been first.
    check(app).await
}

/// Takes the bucket over for this database, whichever owned it; what jobs say that were begun before may have been
/// overtaken from then on.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn adopt(app: &App) -> Result<Ownership> {
    let (marker, own) = look(app).await?;
    let newest = marker.map_or(own.generation, |marker| {
        marker.generation.max(own.generation)
    });
    // Readers of events may hold numbers of a newer state of this database.
    app.store.skip_event_ids().await?;
    app.store.note_adoption(app.now()).await?;
    // Ahead of a marker that another copy of the database may be about to write.
    advance_to(app, own, newest + 2).await?;
    check(app).await
}

/// Moves the database to a generation, and then the marker.
async fn advance_to(app: &App, own: Instance, generation: i64) -> Result<()> {
    let nonce = Uuid::new_v4();
    if app
        .store
        .advance_generation(own.generation, generation, nonce)
        .await?
    {
        crash::at(Point::SweepGenerationAdvanced);
        let next = Marker {
            id: own.id,
            generation,
            nonce: Some(nonce),
        };
        app.storage
            .write_text(&marker_key(&app.storage), &next.text())
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn own(generation: i64, nonce: Option<u128>) -> Instance {
        Instance {
            id: ID,
            generation,
            nonce: nonce.map(Uuid::from_u128),
            adopted_at: None,
        }
    }

    fn marker(id: Uuid, generation: i64, nonce: Option<u128>) -> Marker {
        Marker {
            id,
            generation,
            nonce: nonce.map(Uuid::from_u128),
        }
    }

    #[test]
    fn marker_survives_its_text() {
        for marker in [marker(ID, 0, None), marker(ID, 7, Some(3))] {
            assert_eq!(Marker::parse(&marker.text()), Some(marker));
        }
        for odd in ["", "x", "00000000-0000-0000-0000-000000000001 1", "<html>"] {
            assert_eq!(Marker::parse(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn only_up_to_date_database_owns_bucket() {
        for (marker, own, expected) in [
            (None, own(0, None), Ownership::Unclaimed),
            (None, own(3, Some(3)), Ownership::WrongBucket),
            (
                Some(marker(OTHER, 9, Some(9))),
                own(0, None),
                Ownership::OtherDeployment,
            ),
            (
                Some(marker(OTHER, 9, Some(9))),
                own(3, Some(3)),
                Ownership::WrongBucket,
            ),
            (Some(marker(ID, 0, None)), own(0, None), Ownership::Owner),
            (
                Some(marker(ID, 3, Some(3))),
                own(3, Some(3)),
                Ownership::Owner,
            ),
            // A crash between the database and the marker.
            (
                Some(marker(ID, 2, Some(2))),
                own(3, Some(3)),
                Ownership::Owner,
            ),
            // A restored backup, and a copy that advanced on its own.
            (
                Some(marker(ID, 4, Some(4))),
                own(3, Some(3)),
                Ownership::Outdated,
            ),
            (
                Some(marker(ID, 3, Some(5))),
                own(3, Some(3)),
                Ownership::Outdated,
            ),
            (
                Some(marker(ID, 1, Some(1))),
                own(3, Some(3)),
                Ownership::Outdated,
            ),
        ] {
            assert_eq!(judge(marker, own), expected, "{marker:?} {own:?}");
        }
    }
}
