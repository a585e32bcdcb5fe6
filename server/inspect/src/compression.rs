//! Objects that are compressed as a whole, like `data.csv.gz`.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use restow_api::{Compression as StatedCompression, Finding, FindingType, Severity};

use crate::findings::finding;
use crate::limits::Limits;
use crate::object::ObjectReader;

/// Compressed bytes that are read at once.
const BUFFER_BYTES: usize = 128 * 1024;

/// Bytes that an object may decompress to whatever its ratio: beginnings of honest files may be monotonous.
pub(crate) const UNSUSPECTED_BYTES: u64 = 256 * 1024 * 1024;

/// Largest window of zstd in powers of two: a decoder allocates that much.
const MAX_ZSTD_WINDOW_LOG: u32 = 25;

/// How an object is compressed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// The compression that `extension`, in lower case and without the dot, stands for.
    pub(crate) fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "gz" | "gzip" => Some(Self::Gzip),
            "zst" | "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The compression that a caller states; none where the object is not compressed.
    pub(crate) fn of_stated(stated: StatedCompression) -> Option<Self> {
        match stated {
            StatedCompression::None => None,
            StatedCompression::Gzip => Some(Self::Gzip),
            StatedCompression::Zstd => Some(Self::Zstd),
        }
    }

    /// How a caller would state `compression`.
    pub(crate) fn as_stated(compression: Option<Self>) -> StatedCompression {
        match compression {
            None => StatedCompression::None,
            Some(Self::Gzip) => StatedCompression::Gzip,
            Some(Self::Zstd) => StatedCompression::Zstd,
        }
    }

    /// The compression of an object that begins with `head`.
    pub(crate) fn of_magic(head: &[u8]) -> Option<Self> {
        [Self::Gzip, Self::Zstd]
            .into_iter()
            .find(|compression| head.starts_with(compression.magic()))
    }

    /// Bytes with which such an object begins.
    fn magic(self) -> &'static [u8] {
        match self {
            Self::Gzip => b"\x1F\x8B",
            Self::Zstd => b"\x28\xB5\x2F\xFD",
        }
    }

    /// The extension that stands for it.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Zstd => "zst",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

enum Input<'a> {
    Plain(ObjectReader<'a>),
    Gzip(Box<MultiGzDecoder<BufReader<ObjectReader<'a>>>>),
    Zstd(zstd::Decoder<'static, BufReader<ObjectReader<'a>>>),
}

/// The content of an object, decompressed.
///
/// What is wrong with the compression ends it and is a [`Finding`]: only a source that fails is an error.
pub(crate) struct Unpacked<'a> {
    input: Input<'a>,
    max_bytes: u64,
    max_ratio: u64,
    /// Bytes that came out.
    bytes: u64,
    fault: Option<Finding>,
}

impl<'a> Unpacked<'a> {
    pub(crate) fn new(
        object: ObjectReader<'a>,
        compression: Option<Compression>,
        limits: &Limits,
    ) -> io::Result<Self> {
        let buffered = |object| BufReader::with_capacity(BUFFER_BYTES, object);
        let input = match compression {
            None => Input::Plain(object),
            Some(Compression::Gzip) => Input::Gzip(Box::new(MultiGzDecoder::new(buffered(object)))),
            Some(Compression::Zstd) => {
                let mut decoder = zstd::Decoder::with_buffer(buffered(object))?;
                decoder.window_log_max(MAX_ZSTD_WINDOW_LOG)?;
                Input::Zstd(decoder)
            }
        };
        Ok(Self {
            input,
            max_bytes: limits.max_decompressed_bytes,
            max_ratio: limits.max_decompression_ratio,
            bytes: 0,
            fault: None,
        })
    }

    /// Why the content ends before the object does.
    pub(crate) fn fault(&self) -> Option<&Finding> {
        self.fault.as_ref()
    }

    pub(crate) fn set_rows(&mut self, rows: u64) {
        match &mut self.input {
            Input::Plain(object) => object.set_rows(rows),
            Input::Gzip(decoder) => decoder.get_mut().get_mut().set_rows(rows),
            Input::Zstd(decoder) => decoder.get_mut().get_mut().set_rows(rows),
        }
    }

    fn object(&self) -> &ObjectReader<'a> {
        match &self.input {
            Input::Plain(object) => object,
            Input::Gzip(decoder) => decoder.get_ref().get_ref(),
            Input::Zstd(decoder) => decoder.get_ref().get_ref(),
        }
    }

    fn name(&self) -> Option<&'static str> {
        match &self.input {
            Input::Plain(_) => None,
            Input::Gzip(_) => Some(Compression::Gzip.name()),
            Input::Zstd(_) => Some(Compression::Zstd.name()),
        }
    }

    fn check_bounds(&mut self) {
        let ratio = self.bytes / self.object().bytes_read().max(1);
        let msg = if self.bytes > self.max_bytes {
            format!(
                "The object decompresses to more than {} bytes: upload the data in several files.",
                self.max_bytes
            )
        } else if self.bytes > UNSUSPECTED_BYTES && ratio > self.max_ratio {
            format!(
                "The object decompresses to more than {} times its size: upload it uncompressed.",
                self.max_ratio
            )
        } else {
            return;
        };
        let bounded = finding(FindingType::InspectionBounded, Severity::Error, msg);
        self.fault = Some(bounded);
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.fault.is_some() {
            return Ok(0);
        }
        let result = match &mut self.input {
            Input::Plain(object) => return object.read(out),
            Input::Gzip(decoder) => decoder.read(out),
            Input::Zstd(decoder) => decoder.read(out),
        };
        match result {
            Ok(count) => {
                self.bytes += count as u64;
                self.check_bounds();
                Ok(count)
            }
            Err(error) if self.object().has_failed() => Err(error),
            Err(error) => {
                self.fault = Some(damaged(self.name().unwrap_or_default(), self.bytes, &error));
                Ok(0)
            }
        }
    }
}

fn damaged(compression: &str, bytes: u64, error: &io::Error) -> Finding {
    if error.to_string().contains("too much memory") {
        let msg = format!(
            "The {compression} window is larger than {} MiB: compress the file without --ultra or --long.",
            (1_u32 << MAX_ZSTD_WINDOW_LOG) / (1024 * 1024)
        );
        return finding(FindingType::UnsupportedCodec, Severity::Error, msg);
    }
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => "it is truncated, or something else follows it".to_owned(),
        _ => error.to_string(),
    };
    let msg = format!(
        "The {compression} data is damaged behind {bytes} decompressed bytes ({reason}): compress and upload it again."
    );
    finding(FindingType::Damaged, Severity::Error, msg)
}
