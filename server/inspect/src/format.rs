//! How an object is read, by its filename.

use restow_api::{Format as StatedFormat, ReadOptions};

use crate::compression::Compression;

/// How an object is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text, by default with commas.
    Csv,
    /// Delimited text, by default with tabs.
    Tsv,
    /// Text that may be delimited.
    Text,
    /// One JSON object a line.
    Ndjson,
    /// One JSON array of objects.
    Json,
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
            "tsv" | "tab" => Self::Tsv,
            "txt" => Self::Text,
            "ndjson" | "jsonl" => Self::Ndjson,
            "json" => Self::Json,
            "parquet" => Self::Parquet,
            _ => Self::Other,
        }
    }

    /// Name under which the format is published; none where the object goes by its extension.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Csv => Some("csv"),
            Self::Tsv => Some("tsv"),
            Self::Ndjson => Some("ndjson"),
            Self::Json => Some("json"),
            Self::Parquet => Some("parquet"),
            Self::Text | Self::Other => None,
        }
    }

    /// Whether the object is text.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            Self::Csv | Self::Tsv | Self::Text | Self::Ndjson | Self::Json
        )
    }
}

impl From<StatedFormat> for Format {
    fn from(stated: StatedFormat) -> Self {
        match stated {
            StatedFormat::Csv => Self::Csv,
            StatedFormat::Tsv => Self::Tsv,
            StatedFormat::Ndjson => Self::Ndjson,
            StatedFormat::Json => Self::Json,
            StatedFormat::Parquet => Self::Parquet,
        }
    }
}

/// What filename and caller say about an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) format: Format,
    /// Extension in lower case that decides the format: in front of that of a compression that is read.
    pub(crate) extension: Option<String>,
    pub(crate) compression: Option<Compression>,
    /// Whether the caller states the format.
    pub(crate) is_stated: bool,
    /// Whether the caller states the compression, also that there is none.
    pub(crate) is_compression_stated: bool,
}

impl Kind {
    pub(crate) fn new(filename: &str, options: &ReadOptions) -> Self {
        let kind = Self::with_format(filename, options);
        match options.compression {
            Some(stated) if kind.format.is_text() => Self {
                compression: Compression::of_stated(stated),
                is_compression_stated: true,
                ..kind
            },
            _ => kind,
        }
    }

    fn with_format(filename: &str, options: &ReadOptions) -> Self {
        let named = Self::of_filename(filename);
        let Some(stated) = options.format.map(Format::from) else {
            return named;
        };
        let last = filename
            .rsplit_once('.')
            .map(|(_, last)| last.to_ascii_lowercase());
        Self {
            format: stated,
            extension: stated.name().map(str::to_owned),
            compression: last
                .filter(|_| stated.is_text())
                .and_then(|last| Compression::of_extension(&last)),
            is_stated: true,
            is_compression_stated: false,
        }
    }

    fn of_filename(filename: &str) -> Self {
        let Some((stem, extension)) = split_extension(filename) else {
            return Self::of_extension(None);
        };
        let inner = Compression::of_extension(&extension)
            .zip(split_extension(stem))
            .map(|(compression, (_, inner))| (compression, Self::of_extension(Some(inner))))
            .filter(|(_, inner)| inner.format.is_text());
        match inner {
            Some((compression, inner)) => Self {
                compression: Some(compression),
                ..inner
            },
            None => Self::of_extension(Some(extension)),
        }
    }

    fn of_extension(extension: Option<String>) -> Self {
        Self {
            format: extension
                .as_deref()
                .map_or(Format::Other, Format::of_extension),
            extension,
            compression: None,
            is_stated: false,
            is_compression_stated: false,
        }
    }

    /// The name under which the format is published.
    pub(crate) fn published(&self) -> Option<String> {
        let name = self.format.name().map(str::to_owned);
        name.or_else(|| self.extension.clone())
    }
}

/// The longest extension that is one.
const MAX_EXTENSION: usize = 16;

/// The filename in front of its extension, and that in lower case.
fn split_extension(filename: &str) -> Option<(&str, String)> {
    let (stem, extension) = filename.rsplit_once('.')?;
    let is_extension = (1..=MAX_EXTENSION).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_extension && !stem.is_empty()).then(|| (stem, extension.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use restow_api::Compression as StatedCompression;

    use super::*;

    fn kind(filename: &str) -> (Format, Option<Compression>, Option<String>) {
        let kind = Kind::new(filename, &ReadOptions::default());
        (kind.format, kind.compression, kind.published())
    }

    #[test]
    fn filename_decides_format_and_compression() {
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(kind("a.CSV"), (Format::Csv, None, named("csv")));
        assert_eq!(
            kind("a.b.tab.GZ"),
            (Format::Tsv, Some(Compression::Gzip), named("tsv"))
        );
        assert_eq!(
            kind("a.jsonl.zst"),
            (Format::Ndjson, Some(Compression::Zstd), named("ndjson"))
        );
        assert_eq!(kind("a.gz"), (Format::Other, None, named("gz")));
        assert_eq!(kind("a.parquet.gz"), (Format::Other, None, named("gz")));
        assert_eq!(kind(".csv"), (Format::Other, None, None));
        assert_eq!(kind("csv"), (Format::Other, None, None));
    }

    #[test]
    fn stated_format_outweighs_filename() {
        let stated = ReadOptions {
            format: Some(StatedFormat::Csv),
            ..ReadOptions::default()
        };
        let kind = Kind::new("dump.dat.gz", &stated);
        assert_eq!(
            (kind.format, kind.compression, kind.published()),
            (Format::Csv, Some(Compression::Gzip), Some("csv".to_owned()))
        );
    }

    #[test]
    fn stated_compression_outweighs_filename() {
        let compression = |filename: &str, compression| {
            let options = ReadOptions {
                compression: Some(compression),
                ..ReadOptions::default()
            };
            Kind::new(filename, &options).compression
        };
        assert_eq!(compression("a.csv.gz", StatedCompression::None), None);
        assert_eq!(
            compression("a.csv.gz", StatedCompression::Zstd),
            Some(Compression::Zstd)
        );
        assert_eq!(
            compression("a.csv", StatedCompression::Gzip),
            Some(Compression::Gzip)
        );
        // Parquet compresses its pages, not the whole of it.
        assert_eq!(compression("a.parquet", StatedCompression::Gzip), None);
    }
}
