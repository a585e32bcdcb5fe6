//! One page of a listing.

/// The maximum number of entries on a page: up to 1,000, S3's limit for each of its listings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSize(u16);

impl PageSize {
    /// S3's limit, and the default.
    const MAX: u16 = 1000;

    /// The requested size, at most S3's limit; none for a negative one.
    pub(crate) fn new(requested: Option<i32>) -> Option<Self> {
        let requested = u32::try_from(requested.unwrap_or(Self::MAX.into())).ok()?;
        Some(Self(
            u16::try_from(requested).unwrap_or(Self::MAX).min(Self::MAX),
        ))
    }
}

impl From<PageSize> for i32 {
    fn from(size: PageSize) -> Self {
        size.0.into()
    }
}

/// Some entries of a listing, in order.
pub(crate) struct Page<T> {
    /// The entries.
    pub(crate) items: Vec<T>,
    /// Whether more follow.
    pub(crate) truncated: bool,
}

impl<T> Page<T> {
    /// The first of `entries`. An empty page has no entry to continue after, so it is never truncated.
    pub(super) fn of(entries: impl Iterator<Item = T>, size: PageSize) -> Self {
        let mut entries = entries.peekable();
        let items: Vec<T> = entries.by_ref().take(size.0.into()).collect();
        Self {
            truncated: !items.is_empty() && entries.peek().is_some(),
            items,
        }
    }

    /// The last entry, after which the next page begins, if there is a next page.
    pub(crate) fn next_marker(&self) -> Option<&T> {
        self.items.last().filter(|_| self.truncated)
    }
}
