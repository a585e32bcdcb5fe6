//! Rows of concurrent callers that PostgreSQL commits together.
//!
//! No caller waits for others to come: the first one's row is written at once, and the rows that come meanwhile share the next
//! statement, its transaction and its flush to the disk. Two statements at a time take 30 % more of PostgreSQL's processor time,
//! since each has fewer rows, and serve fewer requests.

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::{Error, Result};
use tokio::sync::oneshot;

use super::diagnosis::Diagnosis;
use super::pool::PostgresPool;

/// Most rows of one statement.
const MAX_ROWS: usize = 64;

/// A pool whose responses are waited for in bounded time.
#[derive(Clone, Debug)]
pub(super) struct Bounded {
    pub pool: PostgresPool,
    pub diagnosis: Diagnosis,
    pub response_timeout: Duration,
}

impl Bounded {
    async fn in_time<T>(&self, response: impl Future<Output = Result<T>>) -> Result<T> {
        let response = Box::pin(response);
        let limit = self.response_timeout;
        self.diagnosis.in_time(limit, &self.pool, response).await
    }
}

/// A row that is written alone or with others.
pub(super) trait GroupedRow: Send + Sync + Sized + 'static {
    /// What came of it.
    type Written: Send + 'static;

    /// Writes the row alone.
    fn write(&self, pool: &PostgresPool) -> impl Future<Output = Result<Self::Written>> + Send;

    /// Writes rows in one statement; `None` for each that has to be written alone.
    fn write_all(
        rows: &[Self],
        pool: &PostgresPool,
    ) -> impl Future<Output = Result<Vec<Option<Self::Written>>>> + Send;
}

/// One column of rows, as a parameter of their statement.
pub(super) fn column<'r, R, V>(rows: &'r [R], value: impl Fn(&'r R) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

/// The rows of one kind that wait to be written.
pub(super) struct Group<R: GroupedRow>(Arc<Mutex<State<R>>>);

struct State<R: GroupedRow> {
    waiting: Vec<Waiting<R>>,
    /// Whether a task writes what waits.
    is_writing: bool,
}

struct Waiting<R: GroupedRow> {
    row: R,
    respond: oneshot::Sender<Answer<R>>,
}

/// What a caller is told.
enum Answer<R: GroupedRow> {
    Written(Result<R::Written>),
    /// The row is not written with the others.
    Alone(R),
}

impl<R: GroupedRow> Group<R> {
    /// Writes a row, at the latest with the next statement.
    ///
    /// # Errors
    /// Those of the statement.
    pub(super) async fn write(&self, database: Bounded, row: R) -> Result<R::Written> {
        let (respond, response) = oneshot::channel();
        if self.enter(Waiting { row, respond }) {
            let writer = Writer::new(self);
            tokio::spawn(write_waiting(writer, database.clone()));
        }
        match response.await {
            Ok(Answer::Written(written)) => written,
            Ok(Answer::Alone(row)) => database.in_time(row.write(&database.pool)).await,
            Err(_) => Err(Error::WorkerCrashed),
        }
    }

    /// Adds a row to those that wait; whether its caller has to begin to write them.
    fn enter(&self, waiting: Waiting<R>) -> bool {
        let mut state = lock(&self.0);
        state.waiting.push(waiting);
        !std::mem::replace(&mut state.is_writing, true)
    }
}

impl<R: GroupedRow> Default for Group<R> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            waiting: Vec::new(),
            is_writing: false,
        })))
    }
}

impl<R: GroupedRow> Clone for Group<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: GroupedRow> Debug for Group<R> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Group").finish_non_exhaustive()
    }
}

fn lock<R: GroupedRow>(state: &Mutex<State<R>>) -> MutexGuard<'_, State<R>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to write what waits, of which there is one.
struct Writer<R: GroupedRow> {
    state: Arc<Mutex<State<R>>>,
    has_ended: bool,
}

impl<R: GroupedRow> Writer<R> {
    fn new(group: &Group<R>) -> Self {
        Self {
            state: Arc::clone(&group.0),
            has_ended: false,
        }
    }

    /// The rows of the next statement; none gives the right back.
    fn next(&mut self) -> Vec<Waiting<R>> {
        let mut state = lock(&self.state);
        let count = state.waiting.len().min(MAX_ROWS);
        self.has_ended = count == 0;
        state.is_writing = count > 0;
        state.waiting.drain(..count).collect()
    }
}

impl<R: GroupedRow> Drop for Writer<R> {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        // A panic: those that wait are told by the loss of their senders, and the next one begins anew.
        let mut state = lock(&self.state);
        state.waiting.clear();
        state.is_writing = false;
    }
}

async fn write_waiting<R: GroupedRow>(mut writer: Writer<R>, database: Bounded) {
    loop {
        let waiting = writer.next();
        let (rows, callers): (Vec<R>, Vec<_>) = waiting
            .into_iter()
            .map(|Waiting { row, respond }| (row, respond))
            .unzip();
        let answers = match &rows[..] {
            [] => return,
            [only] => {
                let written = database.in_time(only.write(&database.pool)).await;
                vec![Answer::Written(written)]
            }
            several => {
                let written = database
                    .in_time(R::write_all(several, &database.pool))
                    .await;
                answers(rows, written)
            }
        };
        for (respond, answer) in callers.into_iter().zip(answers) {
            // A caller that is gone has its row written all the same, as by a statement of its own.
            let _ = respond.send(answer);
        }
    }
}

/// What the callers are told. What the database refuses of several rows it may refuse of one of them only.
fn answers<R: GroupedRow>(
    rows: Vec<R>,
    written: Result<Vec<Option<R::Written>>>,
) -> Vec<Answer<R>> {
    let written = match written {
        Ok(written) => written,
        Err(Error::Database(_)) => return rows.into_iter().map(Answer::Alone).collect(),
        Err(error) => {
            let errors = rows.iter().map(|_| Answer::Written(Err(copy(&error))));
            return errors.collect();
        }
    };
    let each = rows.into_iter().zip(written);
    each.map(|(row, written)| match written {
        Some(written) => Answer::Written(Ok(written)),
        None => Answer::Alone(row),
    })
    .collect()
}

/// The same error once more, for another caller that it meets.
fn copy(error: &Error) -> Error {
    match error {
        Error::Io(error) => Error::Io(io::Error::new(error.kind(), error.to_string())),
        Error::PoolTimedOut => Error::PoolTimedOut,
        Error::PoolClosed => Error::PoolClosed,
        error => Error::Protocol(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    struct Row(u32);

    impl GroupedRow for Row {
        type Written = u32;

        async fn write(&self, _: &PostgresPool) -> Result<u32> {
            Ok(self.0)
        }

        async fn write_all(rows: &[Self], _: &PostgresPool) -> Result<Vec<Option<u32>>> {
            Ok(rows.iter().map(|row| Some(row.0)).collect())
        }
    }

    fn told(answers: Vec<Answer<Row>>) -> Vec<String> {
        let answers = answers.into_iter().map(|answer| match answer {
            Answer::Written(Ok(number)) => format!("written {number}"),
            Answer::Written(Err(error)) => format!("failed: {error}"),
            Answer::Alone(Row(number)) => format!("alone {number}"),
        });
        answers.collect()
    }

    #[test]
    fn each_caller_is_told_of_its_own_row() {
        let rows = || vec![Row(1), Row(2)];
        assert_eq!(
            told(answers(rows(), Ok(vec![Some(1), None]))),
            ["written 1", "alone 2"]
        );
        let lost = Error::Io(io::ErrorKind::UnexpectedEof.into());
        let failed = told(answers(rows(), Err(lost)));
        assert!(
            failed.iter().all(|answer| answer.contains("end of file")),
            "{failed:?}"
        );
    }

    #[test]
    fn rows_that_come_meanwhile_share_a_statement() {
        let group = Group::<Row>::default();
        let enter = |number| {
            let (respond, response) = oneshot::channel();
            (
                group.enter(Waiting {
                    row: Row(number),
                    respond,
                }),
                response,
            )
        };
        let numbers = |waiting: Vec<Waiting<Row>>| -> Vec<u32> {
            waiting.into_iter().map(|waiting| waiting.row.0).collect()
        };
        assert!(enter(1).0);
        assert!(!enter(2).0);
        let mut writer = Writer::new(&group);
        assert_eq!(numbers(writer.next()), [1, 2]);
        assert!(!enter(3).0);
        assert_eq!(numbers(writer.next()), [3]);
        assert!(numbers(writer.next()).is_empty());
        assert!(enter(4).0);
        // Those that wait behind a statement that panicked are told so, and the next one begins anew.
        drop(Writer::new(&group));
        assert!(lock(&group.0).waiting.is_empty());
        assert!(enter(5).0);
    }
}
