//! The text of an object: decompressed, as UTF-8, in one buffer.

mod lines;

use std::io::{self, BufRead, Read};

use encoding_rs::Encoding;
use restow_api::{Finding, FindingType, ReadOptions, Severity};

use self::lines::Lines;
use crate::compression::{Compression, Unpacked};
use crate::encoding::{Decoder, Guess, Invalid, Reason};
use crate::findings::{Findings, finding};
use crate::limits::Limits;
use crate::object::ObjectReader;
use crate::progress::Reporter;
use crate::source::Source;

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Bytes in which encoding and dialect are detected.
const HEAD_BYTES: usize = 1024 * 1024;

/// First bytes that are kept as they are.
const MAGIC_BYTES: usize = 8 * 1024;

/// The text of an object behind its byte order mark.
///
/// What comes out is valid UTF-8, with U+FFFD in place of what is not, and a character is never cut. What is wrong with
/// the bytes is counted, and becomes findings in [`Stream::finish`].
pub(crate) struct Stream<'a> {
    input: Unpacked<'a>,
    decoder: Decoder,
    guess: Guess,
    /// Bytes that are not decoded yet, of which the first `raw_len` are read.
    raw: Vec<u8>,
    raw_len: usize,
    /// The first bytes before they were decoded.
    magic: Vec<u8>,
    has_ended: bool,
    /// Whether all text so far is ASCII.
    is_ascii: bool,
    text: Vec<u8>,
    /// Where in `text` is what is not consumed.
    start: usize,
    /// Bytes of text before `text`.
    offset: u64,
    lines: Lines,
    findings: Findings,
    /// Rows so far, for the progress.
    pub(crate) rows: u64,
}

impl<'a> Stream<'a> {
    /// Opens `source` and reads the head of it, in which the encoding is detected unless `options` state it.
    pub(crate) fn open(
        source: &dyn Source,
        compression: Option<Compression>,
        options: &ReadOptions,
        limits: &Limits,
        reporter: Reporter<'a>,
    ) -> io::Result<Self> {
        let object = ObjectReader::open(source, reporter)?;
        // One byte more than there are shows that there are no more.
        let most = match compression {
            None => usize::try_from(source.size().saturating_add(1)).unwrap_or(HEAD_BYTES),
            Some(_) => HEAD_BYTES,
        };
        let mut stream = Self {
            input: Unpacked::new(object, compression, limits)?,
            decoder: Decoder::new(encoding_rs::UTF_8),
            guess: Guess::of(b""),
            raw: vec![0; HEAD_BYTES.min(most)],
            raw_len: 0,
            magic: Vec::new(),
            has_ended: false,
            is_ascii: true,
            text: Vec::new(),
            start: 0,
            offset: 0,
            lines: Lines::default(),
            findings: Findings::default(),
            rows: 0,
        };
        if let Some(compression) = compression {
            let msg = format!("The object is compressed with {}.", compression.name());
            stream
                .findings
                .push(finding(FindingType::EncodingDetected, Severity::Info, msg));
        }
        stream.read_head(options)?;
        Ok(stream)
    }

    fn read_head(&mut self, options: &ReadOptions) -> io::Result<()> {
        self.read_raw()?;
        self.magic = self.raw[..self.raw_len.min(MAGIC_BYTES)].to_vec();
        self.choose_encoding(options);
        self.decode();
        self.raw.truncate(BUFFER_BYTES.max(self.raw_len));
        self.raw.shrink_to_fit();
        Ok(())
    }

    /// What is read and not consumed: whole characters.
    pub(crate) fn available(&self) -> &[u8] {
        &self.text[self.start..]
    }

    /// The first bytes of the object, decompressed and not decoded.
    pub(crate) fn magic(&self) -> &[u8] {
        &self.magic
    }

    /// Whether the text is UTF-16.
    pub(crate) fn is_wide(&self) -> bool {
        !self.guess.encoding.is_ascii_compatible()
    }

    /// Whether nothing follows what is available.
    pub(crate) fn is_at_end(&self) -> bool {
        self.has_ended
    }

    /// Reads on until twice as much is available, or `most` bytes, or all that there are, and keeps what is available.
    ///
    /// The buffer grows to what that takes and no further: `most` may be the longest record.
    pub(crate) fn grow(&mut self, most: usize) -> io::Result<()> {
        let left = self.available().len();
        // The last step is the largest, so that less is held while the buffer moves.
        let wanted = if left < most / 4 { left * 2 } else { most };
        let wanted = wanted.max(left + 1);
        self.drop_consumed();
        if wanted + BUFFER_BYTES > self.text.capacity() {
            self.text.reserve_exact(wanted + BUFFER_BYTES - left);
        }
        self.fill(wanted)
    }

    /// Reads on until `wanted` bytes are available or all that there are.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while self.available().len() < wanted && !self.has_ended {
            self.drop_consumed();
            self.input.set_rows(self.rows);
            self.read_raw()?;
            self.decode();
        }
        Ok(())
    }

    fn drop_consumed(&mut self) {
        self.text.drain(..self.start);
        self.offset += self.start as u64;
        self.start = 0;
    }

    /// Name of the encoding, as in [`ReadOptions::encoding`]; none where the text reads the same in every encoding that
    /// contains ASCII.
    pub(crate) fn encoding(&self) -> Option<String> {
        let is_any = self.is_ascii && self.guess.encoding.is_ascii_compatible();
        (!is_any).then(|| self.guess.name())
    }

    /// Whether the text ends before the object does, so that counts are not those of the whole object.
    pub(crate) fn is_cut(&self) -> bool {
        self.input.fault().is_some()
    }

    /// What there is to say about the bytes.
    pub(crate) fn finish(mut self) -> Findings {
        self.findings.extend(self.input.fault().cloned());
        self.findings.extend(self.lines.findings(&self.guess));
        self.findings
    }

    fn read_raw(&mut self) -> io::Result<()> {
        while self.raw_len < self.raw.len() && !self.has_ended {
            let count = self.input.read(&mut self.raw[self.raw_len..])?;
            self.raw_len += count;
            self.has_ended = count == 0;
        }
        Ok(())
    }

    fn choose_encoding(&mut self, options: &ReadOptions) {
        let head = &self.raw[..self.raw_len];
        let label = options.encoding.as_deref();
        let stated = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        if let (Some(label), None) = (label, stated) {
            self.findings.push(unknown_encoding(label));
        }
        self.guess =
            stated.map_or_else(|| Guess::of(head), |encoding| Guess::stated(encoding, head));
        self.findings.extend(detected(&self.guess));
        self.decoder = Decoder::new(self.guess.encoding);
        self.raw.copy_within(self.guess.mark..self.raw_len, 0);
        self.raw_len -= self.guess.mark;
    }

    fn decode(&mut self) {
        let before = self.text.len();
        let raw = &self.raw[..self.raw_len];
        let (used, invalid) = self.decoder.decode(raw, self.has_ended, &mut self.text);
        self.is_ascii &= self.text[before..].is_ascii();
        if invalid.count > 0 {
            self.lines.note_likely(raw);
        }
        self.raw.copy_within(used..self.raw_len, 0);
        self.raw_len -= used;
        let invalid = Invalid {
            first: invalid.first.map(|at| at - before),
            ..invalid
        };
        let position = self.offset + before as u64;
        self.lines.push(&self.text[before..], position, invalid);
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill(1)?;
        Ok(self.available())
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
    }
}

fn unknown_encoding(label: &str) -> Finding {
    let msg =
        format!("The encoding {label} is not known: use a name of the WHATWG Encoding Standard.");
    let mut unknown = finding(FindingType::InvalidEncoding, Severity::Error, msg);
    unknown.suggestion = Some("encoding=utf-8".to_owned());
    unknown
}

/// What there is to say about how the encoding was found.
fn detected(guess: &Guess) -> Option<Finding> {
    let name = guess.name();
    let (severity, msg) = match guess.reason {
        Reason::Stated | Reason::Valid => return None,
        Reason::Mark => (
            Severity::Info,
            format!("The text is {name} with a byte order mark."),
        ),
        Reason::Nuls => (
            Severity::Info,
            format!("The text is {name} without a byte order mark."),
        ),
        Reason::Statistics => (
            Severity::Warning,
            format!(
                "The text is not UTF-8 and was read as {name}, which is a guess: state the encoding if it is another."
            ),
        ),
    };
    let mut detected = finding(FindingType::EncodingDetected, severity, msg);
    detected.suggestion = Some(format!("encoding={name}"));
    Some(detected)
}
