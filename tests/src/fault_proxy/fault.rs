//! What can happen to a request.

use std::time::Duration;

use crate::gate::Gate;

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It does not reach S3 and gets this status and S3's code for it.
    Refuse(u16, &'static str),
    /// It does not reach S3 and gets a 503 `SlowDown`, and with these seconds in `Retry-After`.
    Postpone(u64),
    /// It does not reach S3, and its connection ends.
    Reset,
    /// Half of its body is read, and its connection ends; it does not reach S3.
    ResetInBody,
    /// It does not reach S3 and gets no response.
    Hang,
    /// S3 does it, but with a bit of the body turned over.
    Corrupt,
    /// S3 does it, and the connection ends without the reply.
    LoseReply,
    /// S3 does it, and the connection ends in the middle of the reply.
    CutReply,
    /// S3 does it, and nothing comes after the first half of the reply.
    StallReply,
    /// S3 does it, and the reply is this status with S3's code for an error inside, even where it is a 200.
    Belie(u16, &'static str),
    /// S3 does it, and the reply is an empty 200.
    EmptyReply,
    /// S3 does it, and the reply waits.
    Hold(Gate),
    /// A 200 begins at once and continues with whitespace for a time, before the request is sent to S3.
    Whitespace {
        /// Pause between two pieces of whitespace.
        every: Duration,
        /// How long S3 seems to be at work.
        lasting: Duration,
    },
}

impl Fault {
    /// Whether the request reaches S3.
    pub(super) fn is_forwarded(&self) -> bool {
        !matches!(
            self,
            Self::Refuse(..) | Self::Postpone(_) | Self::Reset | Self::ResetInBody | Self::Hang
        )
    }
}
