//! Bounds on what is read and kept.

/// Bounds that keep the memory of an inspection constant; each is checked before anything of that size is allocated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest record in bytes: a row of `csv` or `tsv` with its quotes, a line of `ndjson`. A longer `csv` record is
    /// refused at the latest 256 KiB past the limit. Default: 16 MiB.
    pub max_record_bytes: usize,
    /// Longest header row of `csv` and `tsv`, and most that all column names of any format may take together, in
    /// bytes. Default: 1 MiB.
    pub max_header_bytes: usize,
    /// Most columns. Default: 10,000.
    pub max_columns: usize,
    /// Most bytes that a compressed object (`.csv.gz`) may decompress to. Default: 1 TiB.
    pub max_decompressed_bytes: u64,
    /// Most that a compressed object may decompress to, as a multiple of the bytes that were read of it, and most that the
    /// long values (over 1 KiB) of a Parquet column may take together, as a multiple of the object: one value of a
    /// dictionary can stand in any number of rows. Not looked at before 256 MiB. Default: 1,000.
    pub max_decompression_ratio: u64,
    /// Longest Parquet footer in bytes. Decoded it takes several times as much memory. Default: 64 MiB.
    pub max_footer_bytes: usize,
    /// Most that the Parquet pages of one column that are in memory at once may take, in bytes: a dictionary, and a page
    /// packed and unpacked. Default: 64 MiB.
    pub max_page_bytes: usize,
    /// Most rows of the sample. Default: 20.
    pub sample_rows: usize,
    /// Longest value of the sample in bytes; of a longer one the beginning is kept, with an ellipsis. Default: 1,024.
    pub max_sample_value_bytes: usize,
    /// Most bytes that the values of the sample take together: the sample ends before the row that goes beyond.
    /// Default: 1 MiB.
    pub max_sample_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            max_record_bytes: 16 * MIB,
            max_header_bytes: MIB,
            max_columns: 10_000,
            max_decompressed_bytes: 1 << 40,
            max_decompression_ratio: 1000,
            max_footer_bytes: 64 * MIB,
            max_page_bytes: 64 * MIB,
            sample_rows: 20,
            max_sample_value_bytes: 1024,
            max_sample_bytes: MIB,
        }
    }
}
