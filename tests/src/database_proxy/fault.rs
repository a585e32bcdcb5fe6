//! What can happen to a statement.

use crate::gate::Gate;

/// What happens to a statement.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It does not reach the database, and its connection ends.
    Cut,
    /// The database does it, and the connection ends without the reply.
    LoseReply,
    /// It does not reach the database and gets no response; its connection stays open.
    Hang,
    /// It does not reach the database, which refuses with this SQLSTATE instead.
    Refuse(&'static str),
    /// The database does it, and the reply waits.
    Hold(Gate),
}
