//! The tables, and what is to be reached.

use anyhow::Result;

use super::arguments::Arguments;
use super::noise::Rates;
use super::reader::Connecting;
use super::served::Served;
use super::silence::Sent;
use crate::bench::report::{Bound, Output, Report};
use crate::bench::serve::operation::Operation;
use crate::bench::table::{Table, figure};

/// How many times as long a request may take beside a noisy principal.
const LIMIT: f64 = 2.0;

/// Part by which the silent connections may be open for longer than they may be silent.
const CLOSING_LIMIT: f64 = 1.5;

const REMARKS: &str = "\
PostgreSQL, the S3 server and the program that makes the load share the machine with the server. Medians of the rounds, in
parentheses the least and the greatest; the ratios are medians of those of each round. Each client that is measured sends one request
after another, 50 a second (`--pace`); a request that has to wait for the one before it counts from when it was due. The noisy principal
sends reads and single-part requests in turn, on each of its connections one as soon as the last one has been answered, whatever the
response is, and begins a second before anything is measured. It comes from another address than the quiet one, and so do the
silent connections, which are opened as fast as possible while the clients send. The server there has its default limits and 1,024
connections at most, 512 of one address: it closes the longest silent one for each new one, and the others after twice the time of a
measurement.
";

const NEIGHBOUR_COLUMNS: [&str; 9] = [
    "p50 ms alone",
    "p50 ms beside",
    "p50 ratio",
    "p99 ms alone",
    "p99 ms beside",
    "p99 ratio",
    "served %",
    "noisy: admitted/s",
    "noisy: refused/s",
];

const READER_COLUMNS: [&str; 7] = [
    "p50 ms alone",
    "p50 ms beside",
    "p50 ratio",
    "p99 ms alone",
    "p99 ms beside",
    "p99 ratio",
    "served %",
];

/// Columns of the ratios and of what was served, in both.
const RATIOS: [(&str, usize); 2] = [("p50", 2), ("p99", 5)];
const SERVED: usize = 6;

const SILENCE_COLUMNS: [&str; 6] = [
    "opened",
    "in s",
    "open at the end",
    "s until all are closed",
    "MiB of the server before",
    "MiB with them",
];

/// The column of the time until all are closed.
const CLOSING: usize = 3;

/// Whether a server has rate limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    Set,
    None,
}

/// What silent connections took.
pub struct Taken {
    /// How many could be opened.
    pub opened: f64,
    /// Seconds in which they were.
    pub opening: f64,
    /// Connections that the server had at the end of the measurement, with those of clients.
    pub open: u32,
    /// Seconds until the server had closed all of them.
    pub closing: f64,
    /// MiB of the server before, and at the end of the measurement.
    pub memory_before: f64,
    pub memory: f64,
}

/// All that was measured.
pub struct Results {
    report: Report,
    neighbours: Vec<(Operation, Table)>,
    readers: Table,
    silence: Table,
    /// Name of the row with limits.
    limits: String,
    connections: u32,
    /// Seconds that a connection may be silent.
    idle_timeout: f64,
}

impl Results {
    /// Nothing yet.
    pub fn new(versions: Vec<String>, arguments: &Arguments) -> Self {
        let number = arguments.silent_connections;
        let readers = format!("GET /datasets/{{id}}, beside {number} silent connections");
        Self {
            report: Report::new("limits", versions, REMARKS),
            neighbours: Vec::new(),
            readers: Table::new(&readers, &READER_COLUMNS).without_ratio(),
            silence: Table::new("Silent connections", &SILENCE_COLUMNS).without_ratio(),
            limits: format!(
                "{} a principal, {} an address",
                arguments.principal_rate, arguments.address_rate
            ),
            connections: arguments.connections,
            idle_timeout: arguments.idle_timeout().as_secs_f64(),
        }
    }

    /// Adds how a quiet principal was served alone and beside a noisy one, and what became of that one's requests.
    pub fn add_neighbour(
        &mut self,
        (operation, limits): (Operation, Limits),
        served: [&Served; 2],
        rates: Rates,
    ) {
        let row = match limits {
            Limits::Set => self.limits.clone(),
            Limits::None => "no limits".to_string(),
        };
        let rates = [rates.admitted, rates.refused];
        let figures = [&compared(served)[..], &rates].concat();
        progress(&format!("{operation}, {row}"), &figures);
        self.of(operation).add(&row, &figures);
    }

    /// Adds how a client was served alone and beside silent connections.
    pub fn add_reader(&mut self, (sent, connecting): (Sent, Connecting), served: [&Served; 2]) {
        let (row, figures) = (reader_row(sent, connecting), compared(served));
        progress(&row, &figures);
        self.readers.add(&row, &figures);
    }

    /// Adds what silent connections took.
    pub fn add_silence(&mut self, sent: Sent, taken: &Taken) {
        let figures = [
            taken.opened,
            taken.opening,
            taken.open.into(),
            taken.closing,
            taken.memory_before,
            taken.memory,
        ];
        progress(&sent.to_string(), &figures);
        self.silence.add(&sent.to_string(), &figures);
    }

    fn of(&mut self, operation: Operation) -> &mut Table {
        let known = self.neighbours.iter().position(|(of, _)| *of == operation);
        let position = known.unwrap_or_else(|| {
            let title = format!(
                "{operation}, beside {} connections of a noisy principal",
                self.connections
            );
            let table = Table::new(&title, &NEIGHBOUR_COLUMNS).with_baseline(&self.limits);
            self.neighbours.push((operation, table.without_ratio()));
            self.neighbours.len() - 1
        });
        &mut self.neighbours[position].1
    }

    /// Prints and writes all of it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn publish(mut self, output: &Output) -> Result<()> {
        self.set_targets();
        for (_, table) in self.neighbours {
            self.report.add(table);
        }
        self.report.add(self.readers);
        self.report.add(self.silence);
        self.report.publish(output)
    }

    fn set_targets(&mut self) {
        let report = &mut self.report;
        for (operation, table) in &self.neighbours {
            for (quantile, column) in RATIOS {
                let what =
                    format!("{operation}: {quantile} beside a noisy principal, times that alone");
                let ratio = table.median(&self.limits, column);
                report.target(&what, ratio, Bound::AtMost, LIMIT, "");
            }
            let served = table.median(&self.limits, SERVED);
            let what = format!("{operation}: requests that are served beside a noisy principal");
            report.target(&what, served, Bound::AtLeast, 100.0, "%");
        }
        for sent in Sent::ALL {
            for connecting in Connecting::ALL {
                let row = reader_row(sent, connecting);
                let served = self.readers.median(&row, SERVED);
                let what = format!("{row}: requests that are served");
                report.target(&what, served, Bound::AtLeast, 100.0, "%");
            }
            let closing = self.silence.median(&sent.to_string(), CLOSING);
            let limit = CLOSING_LIMIT * self.idle_timeout;
            let what = format!("{sent}: until all silent connections are closed");
            report.target(&what, closing, Bound::AtMost, limit, "s");
        }
    }
}

fn reader_row(sent: Sent, connecting: Connecting) -> String {
    format!("{sent}; {connecting}")
}

/// Milliseconds within which half of the requests and 99 of a hundred were answered, alone and beside, with their ratios, and the
/// percentage of those beside that were served.
fn compared(served: [&Served; 2]) -> [f64; 7] {
    let [middle, middle_beside] = served.map(|served| served.outcome.quantile(0.5));
    let [last, last_beside] = served.map(|served| served.outcome.quantile(0.99));
    [
        middle,
        middle_beside,
        middle_beside / middle,
        last,
        last_beside,
        last_beside / last,
        served[1].percentage(),
    ]
}

/// Prints how far it is.
fn progress(row: &str, figures: &[f64]) {
    let figures: Vec<String> = figures.iter().copied().map(figure).collect();
    eprintln!("{row}: {}", figures.join(", "));
}
