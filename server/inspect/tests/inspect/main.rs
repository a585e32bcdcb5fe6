//! Whole objects, read through sources in memory.

mod csv;
mod csv_limits;
mod faults;
mod hostile;
mod magic;
mod ndjson;
mod parquet;
mod parquet_files;
mod parquet_limits;
mod sources;
