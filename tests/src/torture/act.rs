//! What is done to the deployment, and when.

use rand::rngs::StdRng;
use restow_server::crash::Point;

use super::plan;
use super::process::Role;

/// Something that is done to the deployment.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// A server is killed and comes back.
    KillServer,
    /// A worker is killed and comes back.
    KillWorker,
    /// A process is killed and comes back as one that dies at a point.
    DieSomewhere,
    /// A worker stops in the middle of whatever it does for longer than its lease.
    Suspend,
    /// Requests of a process to S3 meet a fault.
    FaultS3,
    /// Statements of a process meet a fault.
    FaultDatabase,
    /// A process does not reach the database.
    CutOne,
    /// No process reaches the database.
    CutAll,
    /// No process receives data from the database, and no connection is closed.
    StallAll,
    /// PostgreSQL crashes and comes back.
    RestartPostgres,
    /// S3 crashes and comes back.
    RestartS3,
    /// The clock of a process jumps by minutes or hours, and back.
    JumpClock,
    /// A process works for a while in a wrong place for objects: which one, by its number.
    WrongPlace(usize),
    /// A server works for a while on a copy of the last backup, by its number.
    OutdatedCopy(usize),
}

const ACTS: [(u32, Act); 12] = [
    (10, Act::KillServer),
    (7, Act::KillWorker),
    (10, Act::DieSomewhere),
    (4, Act::Suspend),
    (18, Act::FaultS3),
    (10, Act::FaultDatabase),
    (3, Act::CutOne),
    (2, Act::CutAll),
    (1, Act::StallAll),
    (2, Act::RestartPostgres),
    (2, Act::RestartS3),
    (5, Act::JumpClock),
];

/// Something that is done to the whole deployment, while nothing else is done to it.
#[derive(Clone, Copy, Debug)]
pub enum Whole {
    /// A backup of the database is taken.
    BackUp,
    /// The last backup is restored.
    Restore,
    /// Everything stops, and time passes.
    PassDowntime,
}

/// In turn, so that a backup is restored right after it was taken, and after a downtime.
const WHOLE: [Whole; 6] = [
    Whole::BackUp,
    Whole::PassDowntime,
    Whole::Restore,
    Whole::BackUp,
    Whole::Restore,
    Whole::PassDowntime,
];

/// Each of so many acts is of a kind that even a short run is to have.
const ROUND: u64 = 10;

impl Act {
    /// The act of a number.
    pub fn of(number: u64, generator: &mut StdRng) -> Self {
        let round = usize::try_from(number / ROUND).unwrap_or_default();
        match number % ROUND {
            3 => Self::WrongPlace(round),
            6 => Self::OutdatedCopy(round),
            8 => Self::JumpClock,
            _ => plan::choose(generator, &ACTS).unwrap_or(Self::KillServer),
        }
    }
}

impl Whole {
    /// The act of a number.
    pub fn of(number: u64) -> Self {
        WHOLE[usize::try_from(number).unwrap_or_default() % WHOLE.len()]
    }
}

/// A point that a process of the role may come to.
pub fn point(generator: &mut StdRng, role: Role) -> Option<Point> {
    let of_worker = |point: &Point| {
        ["inspect:", "resume:", "complete:", "refuse:"]
            .iter()
            .any(|of| point.name().starts_with(of))
    };
    let of_server = |point: &Point| {
        !point.name().starts_with("inspect:") && !point.name().starts_with("resume:")
    };
    let points: Vec<Point> = match role {
        Role::Server => Point::ALL.iter().copied().filter(of_server).collect(),
        Role::Worker => Point::ALL.iter().copied().filter(of_worker).collect(),
    };
    plan::any(generator, &points).copied()
}
