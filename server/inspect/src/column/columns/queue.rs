//! The batches that wait, and who works on which columns.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::batch::Batch;
use crate::column::ColumnBuilder;

/// Most batches that are held here, the one that is being added among them.
const MAX_BATCHES: usize = 3;

/// Most bytes of these batches, unless it is only one.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The first columns, each of which is work of its own.
const SINGLE_COLUMNS: usize = 64;

/// Columns behind them that are added to in one go.
const GROUP_COLUMNS: usize = 16;

/// Batches, and columns that are not being added to.
pub(super) struct Queue<B> {
    state: Mutex<State<B>>,
    /// Notified when a batch comes, when one is done, and at the end.
    changed: Condvar,
}

struct State<B> {
    /// The first one is being added.
    batches: VecDeque<Waiting<B>>,
    /// Empty while they are added to.
    groups: Vec<Vec<ColumnBuilder>>,
    /// The group that comes next for the first batch.
    next: usize,
    /// Groups that are being added to.
    running: usize,
    spare: Vec<B>,
    is_closed: bool,
    has_panicked: bool,
}

struct Waiting<B> {
    batch: Arc<B>,
    bytes: usize,
    /// Columns that no batch before has.
    new: Vec<ColumnBuilder>,
}

/// A group of columns, to which a batch is to be added.
struct Task<'q, B: Batch> {
    queue: &'q Queue<B>,
    group: usize,
    columns: Vec<ColumnBuilder>,
    /// None when it is done.
    batch: Option<Arc<B>>,
}

impl<B: Batch> Queue<B> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                batches: VecDeque::new(),
                groups: Vec::new(),
                next: 0,
                running: 0,
                spare: Vec::new(),
                is_closed: false,
                has_panicked: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Adds what comes until the queue is closed.
    pub(super) fn work(&self) {
        drop(self.work_until(|state| state.is_closed));
    }

    /// Adds a batch, and works until there is room for it; returns false if the other thread panicked.
    pub(super) fn push(&self, batch: B, new: Vec<ColumnBuilder>) -> bool {
        let bytes = batch.bytes();
        let mut state = self.work_until(|state| state.has_room(bytes));
        let batch = Arc::new(batch);
        state.batches.push_back(Waiting { batch, bytes, new });
        self.changed.notify_all();
        !state.has_panicked
    }

    /// Works until all batches are added; returns false if the other thread panicked.
    pub(super) fn finish(&self) -> bool {
        let state = self.work_until(|state| state.batches.is_empty());
        !state.has_panicked
    }

    /// Ends [`Self::work`].
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// An empty batch, with the buffers of one that was added.
    pub(super) fn spare(&self) -> B {
        self.lock().spare.pop().unwrap_or_default()
    }

    /// Takes all columns.
    pub(super) fn columns(&self) -> Vec<ColumnBuilder> {
        let groups = std::mem::take(&mut self.lock().groups);
        groups.into_iter().flatten().collect()
    }

    /// Works on columns, or waits where there are none to work on, until `is_enough` or a panic.
    fn work_until(&self, is_enough: impl Fn(&State<B>) -> bool) -> MutexGuard<'_, State<B>> {
        let mut state = self.lock();
        while !is_enough(&state) && !state.has_panicked {
            if let Some((group, columns, batch)) = state.take() {
                drop(state);
                let mut task = Task {
                    queue: self,
                    group,
                    columns,
                    batch: Some(batch),
                };
                task.run();
                drop(task);
                state = self.lock();
            } else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
        state
    }

    /// Nothing panics while it is held.
    fn lock(&self) -> MutexGuard<'_, State<B>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<B: Batch> State<B> {
    fn has_room(&self, bytes: usize) -> bool {
        let held: usize = self.batches.iter().map(|waiting| waiting.bytes).sum();
        self.batches.is_empty() || (self.batches.len() < MAX_BATCHES && held + bytes <= MAX_BYTES)
    }

    /// The group that comes next, and the batch to add to it. None while the last groups of a batch are being added to: those of
    /// the next one must not overtake them.
    fn take(&mut self) -> Option<(usize, Vec<ColumnBuilder>, Arc<B>)> {
        let first = self.batches.front_mut()?;
        for column in std::mem::take(&mut first.new) {
            add(&mut self.groups, column);
        }
        let columns = std::mem::take(self.groups.get_mut(self.next)?);
        self.next += 1;
        self.running += 1;
        let batch = Arc::clone(&self.batches.front()?.batch);
        Some((self.next - 1, columns, batch))
    }

    /// Removes the batch that was added to all columns.
    fn end_batch(&mut self) {
        self.next = 0;
        let ended = self.batches.pop_front();
        // The threads that added its values have dropped their references before.
        if let Some(mut batch) = ended.and_then(|ended| Arc::into_inner(ended.batch)) {
            batch.clear();
            self.spare.push(batch);
        }
    }
}

/// Adds a column behind the others.
fn add(groups: &mut Vec<Vec<ColumnBuilder>>, column: ColumnBuilder) {
    let count = groups.len();
    match groups.last_mut() {
        Some(last) if count > SINGLE_COLUMNS && last.len() < GROUP_COLUMNS => last.push(column),
        _ => groups.push(vec![column]),
    }
}

impl<B: Batch> Task<'_, B> {
    fn run(&mut self) {
        let Some(batch) = &self.batch else {
            return;
        };
        let first = match self.group.checked_sub(SINGLE_COLUMNS) {
            Some(group) => SINGLE_COLUMNS + group * GROUP_COLUMNS,
            None => self.group,
        };
        for (index, column) in self.columns.iter_mut().enumerate() {
            batch.add_to(first + index, column);
        }
    }
}

impl<B: Batch> Drop for Task<'_, B> {
    fn drop(&mut self) {
        self.batch = None;
        let mut state = self.queue.lock();
        state.groups[self.group] = std::mem::take(&mut self.columns);
        state.running -= 1;
        state.has_panicked |= std::thread::panicking();
        let is_done = state.running == 0 && state.next == state.groups.len();
        if is_done {
            state.end_batch();
        }
        if is_done || state.has_panicked {
            self.queue.changed.notify_all();
        }
    }
}
