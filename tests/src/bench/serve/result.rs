//! The tables, and what is to be reached.

use std::fmt;

use anyhow::Result;

use super::kind::Kind;
use super::operation::Operation;
use crate::bench::load::Outcome;
use crate::bench::report::{Bound, Output, Report};
use crate::bench::stores::Cpu;
use crate::bench::table::Table;

const REMARKS: &str = "\
PostgreSQL, the S3 server and the program that makes the load share the machine with the service. Medians of the rounds, in
which the services take turns; in parentheses the least and the greatest. Processor time is that of all processes of a server, in
milliseconds for one request (of a cycle: for all of it), and includes what a server still does after the response, such as the
inspection of what was uploaded. FastAPI (two processes of uvicorn with uvloop and httptools) checks requests with pydantic, signs
with boto3, sends requests to S3 by aiobotocore, which was faster than boto3 in threads (`--python-s3 boto3`), and keeps jobs by
asyncpg; axum signs with the AWS SDK and keeps jobs by sqlx. Both look up the hash of a token in PostgreSQL for each request and
insert a job. In the tables of response times, requests come at 80 % of the rate that Restow reached, whether or not earlier ones
have been answered.
";

const COLUMNS: [&str; 7] = [
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU service ms",
    "CPU PostgreSQL ms",
    "CPU S3 ms",
    "CPU load ms",
];

/// What one service has done in one round.
#[derive(Debug)]
pub struct Figures([f64; 7]);

impl Figures {
    /// Of what was answered, and what it took of everyone in seconds of processor time.
    pub fn new(outcome: &Outcome, spent: Cpu) -> Self {
        let each = |seconds: f64| seconds * 1000.0 / outcome.requests();
        Self([
            outcome.rate(),
            outcome.quantile(0.5),
            outcome.quantile(0.99),
            each(spent.service),
            each(spent.postgres),
            each(spent.s3),
            each(spent.client),
        ])
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [rate, middle, last, service, postgres, s3, client] = self.0;
        write!(
            f,
            "{rate:.0}/s, p50 {middle:.2} ms, p99 {last:.2} ms; CPU of service {service:.3}, PostgreSQL {postgres:.3}, \
             S3 {s3:.3}, load {client:.3} ms"
        )
    }
}

/// The tables of each operation.
struct Tables {
    operation: Operation,
    closed: Table,
    open: Table,
}

/// All that was measured.
pub struct Results {
    report: Report,
    tables: Vec<Tables>,
    connections: u32,
}

impl Results {
    /// Nothing yet.
    pub fn new(versions: Vec<String>, connections: u32) -> Self {
        Self {
            report: Report::new("serve", versions, REMARKS),
            tables: Vec::new(),
            connections,
        }
    }

    /// Adds what a service has done.
    pub fn add(&mut self, operation: Operation, kind: Kind, figures: &Figures) {
        let tables = self.of(operation);
        tables.closed.add(&kind.to_string(), &figures.0);
    }

    /// Adds how Restow has answered at a rate below its greatest.
    pub fn add_open(&mut self, operation: Operation, outcome: &Outcome) {
        let (middle, last) = (outcome.quantile(0.5), outcome.quantile(0.99));
        let figures = [outcome.rate(), middle, last, last / middle];
        let tables = self.of(operation);
        tables.open.add(&Kind::Restow.to_string(), &figures);
    }

    /// Requests a second that a service has answered, in the median.
    pub fn rate(&mut self, operation: Operation, kind: Kind) -> f64 {
        self.of(operation).closed.median(&kind.to_string(), 0)
    }

    fn of(&mut self, operation: Operation) -> &mut Tables {
        let known = self
            .tables
            .iter()
            .position(|tables| tables.operation == operation);
        let position = known.unwrap_or_else(|| {
            let title = format!("{operation}, {} connections", self.connections);
            let open = format!("{operation}, at 80 % of that rate");
            self.tables.push(Tables {
                operation,
                closed: Table::new(&title, &COLUMNS).with_baseline(&Kind::Restow.to_string()),
                open: Table::new(&open, &["requests/s", "p50 ms", "p99 ms", "p99 / p50"]),
            });
            self.tables.len() - 1
        });
        &mut self.tables[position]
    }

    /// Prints and writes all of it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn publish(mut self, output: &Output) -> Result<()> {
        for tables in self.tables {
            set_targets(&mut self.report, &tables);
            self.report.add(tables.closed);
            self.report.add(tables.open);
        }
        self.report.publish(output)
    }
}

fn set_targets(report: &mut Report, tables: &Tables) {
    let Tables {
        operation,
        closed,
        open,
    } = tables;
    let restow = Kind::Restow.to_string();
    let compared: &[(Kind, f64)] = match operation {
        Operation::Single => &[(Kind::FastApi, 1.5), (Kind::FastApiCreating, 3.0)],
        Operation::Parts => &[(Kind::FastApiCreating, 200.0)],
        Operation::Read => &[(Kind::FastApiCreating, 3.0)],
        Operation::Cycle => &[(Kind::FastApiCreating, 5.0)],
    };
    for (kind, least) in compared {
        let what = format!("{operation}: times the requests/s of {kind}");
        let ratio = closed.median(&restow, 0) / closed.median(&kind.to_string(), 0);
        report.target(&what, ratio, Bound::AtLeast, *least, "");
    }
    if *operation == Operation::Single {
        let own = closed.median(&restow, 3) + closed.median(&restow, 4);
        let what =
            format!("{operation}: CPU of Restow and PostgreSQL, times that of the S3 server");
        let ratio = own / closed.median(&restow, 5);
        report.target(&what, ratio, Bound::AtMost, 1.0, "");
    }
    let what = format!("{operation}: p99 / p50 at 80 % load");
    report.target(&what, open.median(&restow, 3), Bound::AtMost, 3.0, "");
}
