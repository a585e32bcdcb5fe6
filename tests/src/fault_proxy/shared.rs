//! What the connections of the proxy share.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use hyper::Request;

use super::fault::Fault;
use super::operation::{Operation, Seen};
use crate::rules::{Rules, locked};

/// What the connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) upstream: SocketAddr,
    /// Each for an operation, or for all.
    pub(super) rules: Rules<Option<Operation>, Fault>,
    pub(super) seen: Mutex<Vec<Seen>>,
    pub(super) connections: AtomicUsize,
}

impl Shared {
    /// Records a request, and returns the fault that it meets.
    pub(super) fn meet<B>(&self, request: &Request<B>) -> Option<Fault> {
        let mut seen = Seen::of(request);
        let fault = self
            .rules
            .meet(|operation| operation.is_none_or(|injected| injected == seen.operation));
        seen.forwarded = fault.as_ref().is_none_or(Fault::is_forwarded);
        locked(&self.seen).push(seen);
        fault
    }
}
