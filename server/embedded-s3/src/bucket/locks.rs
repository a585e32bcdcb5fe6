//! Locks that survive a panic of their holder.

use std::sync::PoisonError;

/// Takes a lock whose last holder may have panicked: every holder changes the value in one final
/// step, so that it is consistent.
pub(super) fn held<G>(locked: Result<G, PoisonError<G>>) -> G {
    locked.unwrap_or_else(PoisonError::into_inner)
}
