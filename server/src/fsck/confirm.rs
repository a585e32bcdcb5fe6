//! What does not agree is looked at again before it is reported.

use std::time::Duration;

use futures::stream::{self, StreamExt, TryStreamExt};
use tokio::time::sleep;

use super::{Inconsistency, Report};
use crate::error::{Error, Result};

/// Rows that are read at a time.
pub(super) const BATCH: i64 = 100;

/// Objects that are looked at in parallel.
const PARALLEL: usize = 16;

/// How often what does not agree is looked at before it is reported, and the pause between two looks.
const LOOKS: usize = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Reports those of a page that do not agree at any look. The first look is at what the page says, each further one at what is
/// there by then.
pub(super) async fn confirm<T>(
    page: Vec<T>,
    report: &mut Report,
    look: impl AsyncFn(&T, bool) -> Result<Option<Inconsistency>>,
) -> Result<()> {
    let look = &look;
    let mut suspects = page;
    let mut found = Vec::new();
    for number in 0..LOOKS {
        if number > 0 {
            sleep(PAUSE).await;
        }
        let looks = suspects.into_iter().map(|suspect| async move {
            let found = look(&suspect, number > 0).await?;
            Ok::<_, Error>(found.map(|found| (suspect, found)))
        });
        let looks: Vec<_> = stream::iter(looks).buffered(PARALLEL).try_collect().await?;
        (suspects, found) = looks.into_iter().flatten().unzip();
        if suspects.is_empty() {
            return Ok(());
        }
    }
    for inconsistency in &found {
        report.add(inconsistency);
    }
    Ok(())
}
