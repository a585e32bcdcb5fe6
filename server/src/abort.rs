//! The abort of uploads whose jobs have just ended: at once, so that what is paid for is gone, and best effort, since the
//! reaper removes what stays.

use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use tokio::time::timeout;

use crate::app::App;
use crate::ownership::{self, Ownership};
use crate::store::OpenUpload;

/// How long the caller of a request waits for its aborts.
const ABORT_TIMEOUT: Duration = Duration::from_secs(5);

/// Most uploads that one request aborts; the reaper aborts the others.
pub const MAX_ABORTS: i64 = 100;

/// How many uploads are aborted at once.
const CONCURRENT_ABORTS: usize = 10;

/// Aborts uploads of jobs that have ended, unless the bucket is not this database's. What fails is logged.
pub async fn abort_uploads(app: &App, uploads: Vec<OpenUpload>) {
    if uploads.is_empty() {
        return;
    }
    let aborts = async {
        if may_abort(app).await {
            stream::iter(uploads)
                .for_each_concurrent(CONCURRENT_ABORTS, |upload| abort(app, upload))
                .await;
        }
    };
    if timeout(ABORT_TIMEOUT, aborts).await.is_err() {
        tracing::warn!(
            "the uploads of ended jobs were not aborted in time; the reaper aborts them"
        );
    }
}

/// In the bucket of another database, or for a copy of one that moved on, the job may be alive. A bucket without an owner has
/// no other database.
async fn may_abort(app: &App) -> bool {
    match ownership::check(app).await {
        Ok(Ownership::Owner | Ownership::Unclaimed) => true,
        Ok(ownership) => {
            tracing::warn!(%ownership, "the uploads of ended jobs are not aborted, since this database does not own the bucket");
            false
        }
        Err(error) => {
            tracing::warn!(%error, "failed to read the bucket's marker; the reaper aborts the uploads of ended jobs");
            false
        }
    }
}

async fn abort(app: &App, upload: OpenUpload) {
    let OpenUpload {
        job_id,
        s3_key,
        upload_id,
    } = upload;
    if let Err(error) = app.storage.abort_upload(&s3_key, &upload_id).await {
        tracing::warn!(%job_id, %error, "failed to abort the upload of an ended job; the reaper aborts it");
    }
}
