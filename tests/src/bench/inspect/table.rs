//! The files: one table of 14 columns in three formats, the same in every run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bytesize::ByteSize;

use crate::bench::measurement::measure;

/// The columns: numbers, texts of few and of many values, dates, nulls, leading zeros, and text that has to be quoted.
const COLUMNS: &str = "\
    i AS id, \
    printf('%08x-%04x', hash(i) % 4294967296, hash(i + 1) % 65536) AS device, \
    ['north', 'south', 'east', 'west', 'centre'][(1 + hash(i + 2) % 5)::INTEGER] AS region, \
    printf('%05d', hash(i + 3) % 100000) AS postcode, \
    (hash(i + 4) % 1000000) / 100.0 AS price, \
    hash(i + 5) % 1000 AS quantity, \
    (hash(i + 6) % 1000000007) / 1000000007.0 AS ratio, \
    hash(i + 7) % 2 = 0 AS active, \
    DATE '2020-01-01' + (hash(i + 8) % 2000)::INTEGER AS day, \
    TIMESTAMP '2020-01-01 00:00:00' + to_seconds((hash(i + 9) % 172800000)::BIGINT) AS seen_at, \
    CASE WHEN hash(i + 10) % 4 > 0 THEN hash(i + 10) % 100000 END AS score, \
    'order ' || hash(i + 11) % 500000 AS label, \
    CASE WHEN hash(i + 12) % 3 = 0 THEN 'late, damaged' ELSE 'delivered' END AS note, \
    (hash(i + 13) % 2000000)::BIGINT - 1000000 AS balance";

/// The formats, with the options that DuckDB writes them with.
const FORMATS: [(&str, &str); 3] = [
    ("csv", "FORMAT csv, HEADER"),
    ("ndjson", "FORMAT json"),
    ("parquet", "FORMAT parquet"),
];

/// A file in one of the formats.
#[derive(Debug)]
pub(super) struct Table {
    path: PathBuf,
    format: &'static str,
    size: u64,
}

impl Table {
    /// Has DuckDB write so many rows in every format.
    pub(super) async fn create(
        duckdb: &Path,
        rows: u64,
        directory: &Path,
        logs: &Path,
    ) -> Result<Vec<Self>> {
        let mut tables = Vec::new();
        for (format, options) in FORMATS {
            let path = directory.join(format!("table.{format}"));
            let sql = format!(
                "COPY (SELECT {COLUMNS} FROM range({rows}) AS t(i)) TO '{}' ({options});",
                path.display()
            );
            eprintln!("writing {}", path.display());
            measure((duckdb, &["-c".to_owned(), sql]), &[], directory, logs)
                .await
                .with_context(|| format!("writing the {format} file"))?;
            let size = std::fs::metadata(&path)?.len();
            tables.push(Self { path, format, size });
        }
        Ok(tables)
    }

    /// What the report calls it.
    pub(super) fn title(&self) -> String {
        format!("{}, {}", self.format, ByteSize(self.size))
    }

    pub(super) fn path(&self) -> String {
        self.path.display().to_string()
    }

    /// The file as DuckDB reads it.
    pub(super) fn relation(&self) -> String {
        format!("'{}'", self.path.display())
    }
}
