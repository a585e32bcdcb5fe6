//! Whole objects, read through sources in memory.

mod csv;
mod faults;
mod hostile;
mod magic;
mod ndjson;
mod parquet;
mod parquet_files;
mod sources;
