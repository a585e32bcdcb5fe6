//! What happens to requests and statements.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use tokio::time::sleep;

use super::plan;
use super::process::Process;
use super::report::{Report, Section};
use crate::database_proxy::Fault as StatementFault;
use crate::fault_proxy::{Fault, Operation};

/// Operations of S3.
const OPERATIONS: [Operation; 9] = [
    Operation::CreateMultipartUpload,
    Operation::ListParts,
    Operation::CompleteMultipartUpload,
    Operation::AbortMultipartUpload,
    Operation::ListMultipartUploads,
    Operation::HeadObject,
    Operation::GetObject,
    Operation::DeleteObject,
    Operation::PutObject,
];

/// Parts of statements that are worth a fault of their own.
const STATEMENTS: [&str; 12] = [
    "INSERT INTO jobs",
    "SET upload_id",
    "SET status = 'completing'",
    "SET asked_at",
    "SET status = 'inspecting'",
    "SET status = 'ready'",
    "SET status = 'committed'",
    "SET status = 'cancelled'",
    "INSERT INTO versions",
    "INSERT INTO datasets",
    "UPDATE datasets",
    "COMMIT",
];

/// Has some requests of a process meet a fault for a while. It never reports an existing object as missing:
/// S3 may be away, slow or odd, but a report that data is lost has to be believed.
pub async fn of_s3(process: &Process, generator: &mut StdRng, lasting: Duration, report: &Report) {
    let Ok(_alone) = process.lines.try_lock() else {
        return;
    };
    let operation = plan::any(generator, &OPERATIONS)
        .copied()
        .filter(|_| generator.random_bool(0.8));
    let count = generator.random_range(1..=4);
    let kinds = [
        ("503", Fault::Refuse(503, "SlowDown")),
        ("500", Fault::Refuse(500, "InternalError")),
        ("reset", Fault::Reset),
        ("hang", Fault::Hang),
        ("reply lost", Fault::LoseReply),
        ("reply cut", Fault::CutReply),
        ("reply stalls", Fault::StallReply),
        ("belied by 500", Fault::Belie(500, "InternalError")),
        ("belied by 200", Fault::Belie(200, "InternalError")),
        ("empty reply", Fault::EmptyReply),
        (
            "whitespace",
            Fault::Whitespace {
                every: Duration::from_millis(300),
                lasting: Duration::from_secs(4),
            },
        ),
    ];
    let held = match plan::any(generator, &kinds) {
        Some((name, fault)) if generator.random_bool(0.9) => {
            report.count(Section::Sabotage, &format!("fault of S3: {name}"));
            process.s3.inject(operation, 1..=count, fault.clone());
            None
        }
        _ => {
            report.count(Section::Sabotage, "fault of S3: reply held");
            Some(
                process
                    .s3
                    .hold(operation.unwrap_or(Operation::CompleteMultipartUpload)),
            )
        }
    };
    sleep(lasting).await;
    drop(held);
    process.heal();
}

/// Has some statements of a process meet a fault for a while.
pub async fn of_database(
    process: &Process,
    generator: &mut StdRng,
    lasting: Duration,
    report: &Report,
) {
    let Ok(_alone) = process.lines.try_lock() else {
        return;
    };
    let Some(fragment) = plan::any(generator, &STATEMENTS) else {
        return;
    };
    let count = generator.random_range(1..=3);
    let kinds = [
        ("cut", StatementFault::Cut),
        ("reply lost", StatementFault::LoseReply),
        ("hang", StatementFault::Hang),
        ("serialization failure", StatementFault::Refuse("40001")),
        ("too many connections", StatementFault::Refuse("53300")),
        ("shutting down", StatementFault::Refuse("57P01")),
    ];
    let held = match plan::any(generator, &kinds) {
        Some((name, fault)) if generator.random_bool(0.85) => {
            report.count(Section::Sabotage, &format!("fault of the database: {name}"));
            process.database.inject(fragment, 1..=count, fault.clone());
            None
        }
        _ => {
            report.count(Section::Sabotage, "fault of the database: reply held");
            Some(process.database.hold(fragment))
        }
    };
    sleep(lasting).await;
    drop(held);
    process.heal();
}
