//! What the reading of one column takes, and how it reports and is stopped.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use super::fault::Fault;
use super::leaf_result::LeafResult;
use super::page_header::PageHeader;
use super::permit::Permits;

/// Most items of lists that are in memory at once.
const MAX_ITEMS: u64 = 1_000_000;

/// Values between two reports without reading; 16 bytes of a long one count like a value.
const VALUES_PER_REPORT: u64 = 1 << 20;

/// Longest value, in bytes, that takes no longer than another one. Constant columns of short values are common, and may
/// be as large as they like.
const MAX_SHORT_BYTES: usize = 1024;

/// What the threads that read leaves report.
pub(super) enum Report {
    /// Bytes were read, or with 0 only values.
    Bytes(u64),
    /// A leaf was read.
    Leaf(usize, Box<LeafResult>),
}

/// The reading of one leaf: shared by its page reader and the loop that reads its values.
pub(super) struct Meter {
    /// Most memory that pages may take, in bytes.
    pub(super) max_page_bytes: u64,
    /// For pages of more than a few MiB.
    pub(super) permits: Arc<Permits>,
    /// Values of the page that was loaded last.
    page_values: AtomicU64,
    /// Bytes and items of the pages that were loaded since [`Self::begin`].
    loaded: Mutex<(u64, u64)>,
    values: AtomicU64,
    /// Most bytes that long values may take.
    max_long_bytes: u64,
    /// Bytes of the long values so far.
    long_bytes: AtomicU64,
    reports: Sender<Report>,
    is_stopped: Arc<AtomicBool>,
}

impl Meter {
    /// Reports until `is_stopped`.
    pub(super) fn new(
        max_page_bytes: u64,
        max_long_bytes: u64,
        permits: Arc<Permits>,
        reports: Sender<Report>,
        is_stopped: Arc<AtomicBool>,
    ) -> Self {
        Self {
            max_page_bytes,
            permits,
            page_values: AtomicU64::new(0),
            loaded: Mutex::default(),
            values: AtomicU64::new(0),
            max_long_bytes,
            long_bytes: AtomicU64::new(0),
            reports,
            is_stopped,
        }
    }

    /// Begins a batch of values: pages that are loaded for it are in memory together.
    pub(super) fn begin(&self) {
        *self.loaded.lock().unwrap_or_else(PoisonError::into_inner) = (0, 0);
    }

    /// Values of a page that was loaded since the last call.
    pub(super) fn take_page_values(&self) -> u64 {
        self.page_values.swap(0, Ordering::Relaxed)
    }

    /// Charges a page before it is unpacked.
    pub(super) fn load_page(&self, header: &PageHeader, is_repeated: bool) -> Result<(), Fault> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, items) = &mut *loaded;
        *bytes += u64::from(header.unpacked_bytes);
        if *bytes > self.max_page_bytes {
            return Err(Fault::Bounded(format!(
                "the pages of a row take more than the maximum of {} bytes",
                self.max_page_bytes
            )));
        }
        if header.is_data() {
            *items += u64::from(header.values);
            self.page_values
                .fetch_add(header.values.into(), Ordering::Relaxed);
        }
        if is_repeated && *items > MAX_ITEMS {
            return Err(Fault::Bounded(format!(
                "the lists of a page have more than the maximum of {MAX_ITEMS} items"
            )));
        }
        Ok(())
    }

    /// Reports bytes that were read.
    pub(super) fn add_bytes(&self, bytes: u64) -> Result<(), Fault> {
        // Without a receiver the inspection has ended.
        if self.reports.send(Report::Bytes(bytes)).is_err()
            || self.is_stopped.load(Ordering::Relaxed)
        {
            return Err(Fault::Stopped);
        }
        Ok(())
    }

    /// Charges a value before it is looked at: a dictionary holds it once for all of its rows.
    pub(super) fn load_value(&self, bytes: usize) -> Result<(), Fault> {
        if bytes <= MAX_SHORT_BYTES {
            return Ok(());
        }
        let bytes = bytes as u64;
        let before = self.long_bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.max_long_bytes {
            return Err(Fault::Bounded(format!(
                "its values take more than the maximum of {} bytes, which depends on the size of the file",
                self.max_long_bytes
            )));
        }
        self.add_values(bytes / 16)
    }

    /// Reports that values were read, now and then: few bytes can hold many.
    pub(super) fn add_values(&self, values: u64) -> Result<(), Fault> {
        let before = self.values.fetch_add(values, Ordering::Relaxed);
        if before / VALUES_PER_REPORT == (before + values) / VALUES_PER_REPORT {
            return Ok(());
        }
        self.add_bytes(0)
    }
}
