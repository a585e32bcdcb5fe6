//! Request bodies that may be rejected before they are read.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::runtime::Handle;

/// Maximum number of bytes read from a rejected body: four times the largest part that browsers
/// and SDKs commonly send.
const MAX_DRAINED_BYTES: u64 = 64 * 1024 * 1024;

/// Maximum time spent reading a rejected body.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

/// A request body that, when it is dropped before its end, is read on in the background within
/// bounds.
///
/// Closing a connection that still has unread bytes resets it, and a client that is busy sending
/// then sees a broken connection instead of the 403 or 404.
pub(crate) struct RequestBody {
    incoming: Option<Incoming>,
}

impl From<Incoming> for RequestBody {
    fn from(incoming: Incoming) -> Self {
        Self {
            incoming: Some(incoming),
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.incoming {
            Some(incoming) => Pin::new(incoming).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming
            .as_ref()
            .map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        let Some(incoming) = self
            .incoming
            .take()
            .filter(|incoming| !incoming.is_end_stream())
        else {
            return;
        };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(tokio::time::timeout(DRAIN_TIMEOUT, drain(incoming)));
        }
    }
}

async fn drain(mut incoming: Incoming) {
    let mut drained = 0;
    while drained < MAX_DRAINED_BYTES
        && let Some(Ok(frame)) = incoming.frame().await
    {
        drained += frame.data_ref().map_or(0, |data| data.len() as u64);
    }
}
