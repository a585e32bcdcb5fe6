//! A table of hostile objects: what the inspection finds in each, in how much time and memory.

use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use restow_api::ReadOptions;
use restow_inspect::{Limits, Source, inspect};

use super::{ALLOCATOR, Endless, MIB};

/// Most memory that any of them takes: that of a worker with everything else it does is 150 MiB.
const MAX_BYTES: usize = 110 * MIB;

/// An object in memory, which does not count.
struct Held(Bytes);

impl Source for Held {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let start = usize::try_from(offset).unwrap();
        Ok(Box::new(io::Cursor::new(self.0.slice(start..))))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes> {
        let start = usize::try_from(offset).unwrap();
        let end = start + usize::try_from(length).unwrap();
        Ok(self.0.slice(start..end))
    }
}

fn held(bytes: impl Into<Bytes>) -> Arc<dyn Source> {
    Arc::new(Held(bytes.into()))
}

fn endless(beginning: &'static str, piece: impl Into<String>, size: usize) -> Arc<dyn Source> {
    Arc::new(Endless::new(beginning.as_bytes(), piece.into(), size))
}

#[test]
#[ignore = "takes a minute; run alone: cargo test --release -p restow-inspect --test memory -- --ignored --nocapture"]
fn hostile_objects_are_bounded() {
    println!("| object | findings | seconds | peak MiB |\n|---|---|---|---|");
    for (what, extension, source) in texts().into_iter().chain(values()).chain(binaries()) {
        row(what, extension, &source);
    }
}

fn row(what: &str, extension: &str, source: &Arc<dyn Source>) {
    let started = Instant::now();
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.peak_usage();
    let found = inspect(
        source,
        &format!("data.{extension}"),
        &ReadOptions::default(),
        &Limits::default(),
        &mut |_| ControlFlow::Continue(()),
    );
    let peak = ALLOCATOR.peak_usage() - before;
    let seconds = started.elapsed().as_secs_f64();
    let found = found.expect("the source does not fail");
    let mut types: Vec<&str> = Vec::new();
    for finding in &found.findings {
        let name = finding.finding_type.as_str();
        if !types.contains(&name) {
            types.push(name);
        }
    }
    let types = types.join(", ");
    println!("| {what} | {types} | {seconds:.1} | {} |", peak / MIB);
    assert!(peak < MAX_BYTES, "{what}: {peak} bytes");
}

type Objects = Vec<(&'static str, &'static str, Arc<dyn Source>)>;

/// Text that never ends or never fits.
fn texts() -> Objects {
    let columns: Vec<_> = (0..1_000_000).map(|index| format!("c{index},")).collect();
    let columns = columns.concat();
    vec![
        ("gzip, 1 GiB of zeros", "csv.gz", held(gzip(1024 * MIB))),
        ("zstd, 4 GiB of zeros", "csv.zst", held(zstd(4096 * MIB))),
        (
            "a CSV line of 1 GiB",
            "csv",
            endless("a,b\n1,", "x, y ".repeat(1000), 1024 * MIB),
        ),
        (
            "a JSON line of 1 GiB",
            "ndjson",
            endless("{\"a\":[", "[],".repeat(1000), 1024 * MIB),
        ),
        ("a header of 1,000,000 names", "csv", held(columns)),
        (
            "a quote that is never closed, 256 MiB",
            "csv",
            endless("a,b\n1,\"", "x,y\n".repeat(1000), 256 * MIB),
        ),
        (
            "a stray quote in each of 20,000,000 lines",
            "csv",
            endless("a,b\n", "\"x\"y,1\n".repeat(1000), 160 * MIB),
        ),
        (
            "a quote that is opened in every line, 64 MiB",
            "csv",
            endless("a,b\n", "\"x,1\n\n".repeat(1000), 64 * MIB),
        ),
        (
            "256 MiB of NULs",
            "csv",
            endless("a,b\n1,2\n", "\0".repeat(1000), 256 * MIB),
        ),
        (
            "carriage returns as line ends, 100 MiB",
            "csv",
            endless("a,b\r", "1,2\r".repeat(1000), 100 * MIB),
        ),
        (
            "rows of other lengths, 100 MiB",
            "csv",
            endless("a,b\n", "1\n1,2,3\n".repeat(1000), 100 * MIB),
        ),
    ]
}

/// Values that are too many, too deep or too different.
fn values() -> Objects {
    let depth = 1_000_000;
    let deep = format!("{{\"a\":{}{}}}\n", "[".repeat(depth), "]".repeat(depth));
    let keys: Vec<_> = (0..1_000_000)
        .map(|index| format!("{{\"key{index}\":1}}\n"))
        .collect();
    let keys = keys.concat();
    let members: Vec<String> = (0..500_000)
        .map(|index| format!("\"key{index}\":1"))
        .collect();
    let object = format!("{{{}}}\n", members.join(","));
    let distinct: Vec<_> = (0..1_000_000)
        .map(|index| format!("{index:0>100},{index:0>90}x\n"))
        .collect();
    let distinct = distinct.concat();
    let wide = format!("{}\n", vec!["12345"; 10_000].join(","));
    vec![
        ("JSON, 1,000,000 levels deep", "ndjson", held(deep)),
        (
            "JSON, a key of its own in each of 1,000,000 lines",
            "ndjson",
            held(keys),
        ),
        ("JSON, an object with 500,000 keys", "ndjson", held(object)),
        (
            "1,000,000 different texts of 100 bytes, twice",
            "csv",
            held(format!("a,b\n{distinct}")),
        ),
        ("10,000 columns, 30 MiB", "csv", endless("", wide, 30 * MIB)),
        (
            "UTF-16 of random units, 32 MiB",
            "csv",
            held(noise(32 * MIB)),
        ),
    ]
}

/// Parquet that declares more than it has, or has more than is read.
fn binaries() -> Objects {
    let zeros = vec![0_u8; 128 * MIB];
    vec![
        (
            "Parquet, a footer of 128 MiB",
            "parquet",
            held(with_footer(&zeros)),
        ),
        (
            "Parquet, a footer of 32 MiB of lists",
            "parquet",
            held(with_footer(&vec![0x49; 32 * MIB])),
        ),
        (
            "Parquet, 100,001 row groups",
            "parquet",
            held(row_groups(100_001)),
        ),
        ("Parquet, 20,000 columns", "parquet", held(columns(20_000))),
        (
            "Parquet, a page of 1 GiB",
            "parquet",
            held(page(1024 * MIB)),
        ),
        (
            "Parquet, 10,000 rows of one text of 1 MiB in the dictionary",
            "parquet",
            held(dictionary(10_000, MIB)),
        ),
    ]
}

fn gzip(size: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    write_zeros(&mut encoder, size);
    encoder.finish().unwrap()
}

fn zstd(size: usize) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    write_zeros(&mut encoder, size);
    encoder.finish().unwrap()
}

fn write_zeros(writer: &mut impl Write, size: usize) {
    let piece = "0,0\n".repeat(MIB / 4);
    for _ in 0..size / MIB {
        writer.write_all(piece.as_bytes()).unwrap();
    }
}

/// A byte order mark, and units by a linear congruential generator.
fn noise(size: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend((0..size).map(|_| next()));
    bytes
}

fn with_footer(footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1", footer, &length, b"PAR1"].concat()
}

fn row_groups(count: usize) -> Vec<u8> {
    written("message rows { REQUIRED INT32 a; }", count)
}

fn columns(count: usize) -> Vec<u8> {
    let fields: Vec<_> = (0..count)
        .map(|index| format!("REQUIRED INT32 c{index};"))
        .collect();
    let fields = fields.concat();
    written(&format!("message rows {{ {fields} }}"), 1)
}

/// A file whose only page has so many zeros, compressed.
fn page(size: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_data_page_size_limit(2 * size)
        .set_data_page_row_count_limit(usize::MAX)
        .set_write_batch_size(usize::MAX);
    let zeros = vec![0; size / 8];
    single_column::<Int64Type>("REQUIRED INT64 a;", properties, &zeros)
}

/// A file of rows that all have the one text of its dictionary.
fn dictionary(rows: usize, size: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_page_size_limit(2 * size);
    let text = ByteArray::from(vec![b'x'; size]);
    single_column::<ByteArrayType>(
        "REQUIRED BYTE_ARRAY a (UTF8);",
        properties,
        &vec![text; rows],
    )
}

fn single_column<T: DataType>(
    column: &str,
    properties: WriterPropertiesBuilder,
    values: &[T::T],
) -> Vec<u8> {
    let schema = format!("message rows {{ {column} }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let properties = Arc::new(properties.set_compression(zstd).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(values, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// A file of empty row groups.
fn written(schema: &str, row_groups: usize) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::default());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    for _ in 0..row_groups {
        let mut group = writer.next_row_group().unwrap();
        while let Some(column) = group.next_column().unwrap() {
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}
