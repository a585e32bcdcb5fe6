//! Whole objects, read through sources in memory.

mod cases;
mod corpus;
mod csv;
mod csv_limits;
mod dialects;
mod encodings;
mod faults;
mod fuzz;
mod hostile;
mod json_array;
mod json_cases;
mod json_lines;
mod magic;
mod parquet;
mod parquet_cases;
mod parquet_files;
mod parquet_footers;
mod parquet_limits;
mod parquet_values;
mod sniffers;
mod sources;
mod variations;
mod verdict;
