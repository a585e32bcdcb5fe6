//! The formats that are read, by extension.

/// How an object is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Comma-separated text with a header row.
    Csv,
    /// Tab-separated text with a header row.
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
    /// Anything else: only its first bytes are looked at.
    Other,
}

impl Format {
    /// The format that `extension`, in lower case and without the dot, stands for.
    pub(crate) fn of_extension(extension: &str) -> Self {
        match extension {
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "ndjson" | "jsonl" => Self::Ndjson,
            "parquet" => Self::Parquet,
            _ => Self::Other,
        }
    }

    /// Name under which the format is published; none for [`Format::Other`], which goes by its extension.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Csv => Some("csv"),
            Self::Tsv => Some("tsv"),
            Self::Ndjson => Some("ndjson"),
            Self::Parquet => Some("parquet"),
            Self::Other => None,
        }
    }

    /// Whether the object is text.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Ndjson)
    }
}
