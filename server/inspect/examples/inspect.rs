//! Inspects a file on disk and prints the result as JSON.
//!
//! ```console
//! $ cargo run --release --package restow-inspect --example inspect -- measurements.csv '{"delimiter": ";"}'
//! ```

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use restow_inspect::{Limits, Source, inspect};
use serde_json::json;

/// A file on disk.
struct LocalFile {
    path: PathBuf,
    size: u64,
}

impl Source for LocalFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(Box::new(file))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes> {
        let mut bytes = Vec::new();
        self.open(offset)?.take(length).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments
        .next()
        .ok_or("usage: inspect FILE [READ_OPTIONS]")?;
    let options = match arguments.next() {
        Some(options) => serde_json::from_str(&options)?,
        None => restow_api::ReadOptions::default(),
    };
    let name = Path::new(&path).file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let size = std::fs::metadata(&path)?.len();
    let source: Arc<dyn Source> = Arc::new(LocalFile {
        path: path.into(),
        size,
    });
    let found = inspect(&source, &name, &options, &Limits::default(), &mut |_| {
        ControlFlow::Continue(())
    })?;
    let found = json!({
        "format": found.format,
        "dialect": found.dialect,
        "row_count": found.row_count,
        "columns": found.columns,
        "sample": found.sample,
        "findings": found.findings,
        "findings_total": found.findings_total,
    });
    println!("{found:#}");
    Ok(())
}
