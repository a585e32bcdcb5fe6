//! Objects that are made up while they are read, and the memory that it takes.

mod hostile;

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use peak_alloc::PeakAlloc;
use restow_api::{FindingType, ReadOptions};
use restow_inspect::{Inspection, Limits, Source, inspect};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MIB: usize = 1024 * 1024;

/// What narrow rows take at most. How many batches of them wait for the second thread depends on the timing: less than four
/// of one MiB, beside two of text and the statistics.
const ROWS_BYTES: usize = 7 * MIB;

/// A beginning, and then a piece that comes again and again.
struct Endless {
    beginning: &'static [u8],
    piece: Vec<u8>,
    size: u64,
}

impl Endless {
    /// An object of about `size` bytes that ends with a whole piece.
    fn new(beginning: &'static [u8], piece: String, size: usize) -> Self {
        let size = beginning.len() + size / piece.len() * piece.len();
        Self {
            beginning,
            piece: piece.into(),
            size: size as u64,
        }
    }
}

impl Source for Endless {
    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        assert_eq!(offset, 0);
        let piece = self.piece.clone();
        Ok(Box::new(
            self.beginning
                .chain(Repeat { piece, at: 0 })
                .take(self.size),
        ))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes> {
        let mut bytes = Vec::new();
        self.open(offset)?.take(length).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}

struct Repeat {
    piece: Vec<u8>,
    at: usize,
}

impl Read for Repeat {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = (&self.piece[self.at..]).read(out)?;
        self.at = (self.at + count) % self.piece.len();
        Ok(count)
    }
}

/// Inspects, and returns the peak of allocated bytes beyond those of the object.
fn measure(object: Endless, extension: &str) -> (Inspection, usize) {
    let mut bytes_done = 0;
    let source: Arc<dyn Source> = Arc::new(object);
    let started = Instant::now();
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.peak_usage();
    let result = inspect(
        &source,
        &format!("data.{extension}"),
        &ReadOptions::default(),
        &Limits::default(),
        &mut |progress| {
            bytes_done = progress.bytes_done;
            ControlFlow::Continue(())
        },
    );
    let peak = ALLOCATOR.peak_usage() - before;
    let rate = u128::from(bytes_done) / started.elapsed().as_micros().max(1);
    println!("{extension}: {rate} MB/s, peak {} KiB", peak / 1024);
    (result.expect("the source does not fail"), peak)
}

/// One test, since the allocator counts for the whole process.
#[test]
fn memory_does_not_grow_with_the_object() {
    rows_of_csv();
    wide_rows_of_csv();
    lines_of_json();
    records_that_never_end();
}

fn rows_of_csv() {
    let rows = "123456,Some Name,12.75,2024-02-29,2024-02-29T10:00:00Z,true,\"quoted, text\",\n"
        .repeat(1000);
    let object = Endless::new(b"id,name,price,day,at,ok,note,empty\n", rows, 300 * MIB);
    let (found, peak) = measure(object, "csv");
    assert!(found.row_count.unwrap() > 4_000_000);
    assert!(peak < ROWS_BYTES, "{peak} bytes");
}

fn wide_rows_of_csv() {
    let row = format!("{}\n", vec!["12345"; 10_000].join(","));
    let object = Endless::new(row.clone().leak().as_bytes(), row, 30 * MIB);
    let (found, peak) = measure(object, "csv");
    assert_eq!(found.columns.len(), 10_000);
    // Each column has statistics of its own: about 6 KiB.
    assert!(peak < 68 * MIB, "{peak} bytes");
}

fn lines_of_json() {
    let line =
        "{\"id\":123456,\"name\":\"Some Name\",\"tags\":[1,2,3],\"at\":\"2024-02-29T10:00:00Z\"}\n";
    let (found, peak) = measure(Endless::new(b"", line.repeat(1000), 50 * MIB), "ndjson");
    assert!(found.row_count.unwrap() > 600_000);
    assert!(peak < ROWS_BYTES, "{peak} bytes");
}

/// What is kept of them is the limit of 16 MiB, and less of it while the buffer moves.
fn records_that_never_end() {
    let field = Endless::new(b"a,b\n1,\"", "x, y\n".repeat(1000), 200 * MIB);
    let (found, peak) = measure(field, "csv");
    let types: Vec<_> = found
        .findings
        .iter()
        .map(|finding| finding.finding_type)
        .collect();
    assert_eq!(types, [FindingType::UnclosedQuote]);
    assert!(peak < 56 * MIB, "{peak} bytes");
    let line = Endless::new(b"a,b\n1,", "x, y ".repeat(1000), 200 * MIB);
    let (found, peak) = measure(line, "csv");
    let too_long = found.rejection().expect("the record is too long");
    assert_eq!(
        (too_long.finding_type, too_long.line),
        (FindingType::InspectionBounded, Some(2))
    );
    assert!(peak < 56 * MIB, "{peak} bytes");
    let line = Endless {
        size: u64::MAX,
        ..Endless::new(b"{\"a\":[", "[],".repeat(1000), 0)
    };
    let (found, peak) = measure(line, "ndjson");
    let too_long = found.rejection().expect("the line is too long");
    assert_eq!(too_long.finding_type, FindingType::InspectionBounded);
    assert!(peak < 56 * MIB, "{peak} bytes");
}
