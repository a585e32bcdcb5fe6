//! Observation: what metrics say of the database and S3, read when it is scraped and not more often than is worth it.
//!
//! A scrape waits for what is read, but not long: from a database that does not respond, it gets what was read before.

mod reader;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

pub use self::reader::Observation;
use crate::app::App;
use crate::{health, supervision};

/// How long a scrape waits for what is read.
const SCRAPE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long the database may take to say what waits in it.
const READ_TIMEOUT: Duration = Duration::from_secs(3);

/// Reads what metrics say of the database and S3, unless that was done a moment ago or is being done.
pub async fn refresh(app: &Arc<App>) {
    let Some(reader) = app.observation.begin() else {
        return;
    };
    let reading = supervision::spawn(app, "observation", {
        let app = Arc::clone(app);
        async move {
            observe(&app).await;
            // Counted from its end, so that a slow database is not read all the time.
            app.observation.end(reader);
        }
    });
    // What takes longer is in the next scrape.
    let _ = timeout(SCRAPE_TIMEOUT, reading).await;
}

async fn observe(app: &App) {
    let now = app.now();
    let no_more_urls = now + app.settings.job_deadline - app.settings.url_expires;
    let backlog = timeout(READ_TIMEOUT, app.store.backlog(now, no_more_urls));
    let (backlog, _) = tokio::join!(backlog, health::check(app));
    match backlog {
        Ok(Ok(backlog)) => app.metrics.set_backlog(&backlog, now),
        Ok(Err(error)) => {
            tracing::debug!(%error, "failed to read metrics from the database; the last ones are served");
        }
        Err(_) => {
            tracing::debug!("the database did not respond in time; the last metrics are served");
        }
    }
}
