//! The fields of a record.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::syntax::{Record, Syntax};

/// The fields of one record.
pub(crate) struct Row<'t> {
    pub(super) text: &'t str,
    /// Where in `text` the fields are that are kept.
    pub(super) bounds: &'t [(usize, usize)],
    /// Number of fields, also of those that are not kept.
    pub(crate) count: usize,
}

impl<'t> Row<'t> {
    /// The texts of the fields that are kept.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let text = self.text;
        self.bounds
            .iter()
            .map(move |(start, end)| &text[*start..*end])
    }
}

/// Splits records into fields, in buffers that are used again and again.
pub(crate) struct Splitter {
    syntax: Syntax,
    reader: Reader,
    /// Most fields that are kept of a record.
    max_fields: usize,
    bounds: Vec<(usize, usize)>,
    /// A quoted record without the spaces that do not belong to it.
    compact: Vec<u8>,
    unquoted: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    pub(crate) fn new(syntax: Syntax, max_fields: usize) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(syntax.delimiter).escape(syntax.escape);
        match syntax.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        Self {
            syntax,
            reader: builder.build(),
            max_fields,
            bounds: Vec::new(),
            compact: Vec::new(),
            unquoted: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Keeps `max_fields` fields of a record from now on.
    pub(crate) fn set_max_fields(&mut self, max_fields: usize) {
        self.max_fields = max_fields;
    }

    /// Splits `content`, the record without its line end.
    pub(crate) fn split<'t>(&'t mut self, content: &'t str, record: &Record) -> Row<'t> {
        if record.is_quoted {
            self.split_quoted(content)
        } else {
            self.split_plain(content)
        }
    }

    fn split_plain<'t>(&'t mut self, content: &'t str) -> Row<'t> {
        let bytes = content.as_bytes();
        self.bounds.clear();
        let mut start = 0;
        let mut count = 1;
        for end in memchr::memchr_iter(self.syntax.delimiter, bytes) {
            if count > self.max_fields {
                count += self.syntax.count_plain(&bytes[end..]) - 1;
                return self.row(content, count);
            }
            self.bounds.push((start, end));
            start = end + 1;
            count += 1;
        }
        if count <= self.max_fields {
            self.bounds.push((start, bytes.len()));
        }
        if self.syntax.skips_spaces {
            for (start, end) in &mut self.bounds {
                while start < end && bytes[*start] == b' ' {
                    *start += 1;
                }
            }
        }
        self.row(content, count)
    }

    fn row<'t>(&'t self, text: &'t str, count: usize) -> Row<'t> {
        Row {
            text,
            bounds: &self.bounds,
            count,
        }
    }

    fn split_quoted<'t>(&'t mut self, content: &'t str) -> Row<'t> {
        if let Some(count) = self.split_enclosed(content.as_bytes()) {
            return self.row(content, count);
        }
        let count = self.syntax.count_fields(content.as_bytes());
        self.bounds.clear();
        if count > self.max_fields || !self.unquote(content.as_bytes(), count) {
            return self.row("", count);
        }
        let mut start = 0;
        for end in &self.ends[..count] {
            self.bounds.push((start, *end));
            start = *end;
        }
        // Quotes and escapes are ASCII, so that what is left of valid text is valid.
        let text = std::str::from_utf8(&self.unquoted).unwrap_or_default();
        Row {
            text,
            bounds: if text.is_empty() && start > 0 {
                &[]
            } else {
                &self.bounds
            },
            count,
        }
    }

    /// Splits a record in which quotes enclose whole fields, and nothing within them is escaped; returns the number of fields. Of
    /// any other record nothing.
    fn split_enclosed(&mut self, content: &[u8]) -> Option<usize> {
        self.bounds.clear();
        let syntax = self.syntax;
        let (mut at, mut count) = (0, 0);
        loop {
            let (start, end, next) = syntax.enclosed_field(content, at)?;
            count += 1;
            if count <= self.max_fields {
                self.bounds.push((start, end));
            }
            if next >= content.len() {
                break;
            }
            at = next + 1;
        }
        Some(count)
    }

    /// Takes the quotes away; false where that gives another number of fields than `count`.
    fn unquote(&mut self, content: &[u8], count: usize) -> bool {
        self.compact.clear();
        if self.syntax.skips_spaces {
            compact(self.syntax, content, &mut self.compact);
        } else {
            self.compact.extend_from_slice(content);
        }
        self.compact.push(b'\n');
        self.unquoted.resize(self.compact.len(), 0);
        self.ends.resize(count + 1, 0);
        let (result, _, written, fields) =
            self.reader
                .read_record(&self.compact, &mut self.unquoted, &mut self.ends);
        self.unquoted.truncate(written);
        let is_whole = matches!(result, ReadRecordResult::Record);
        if !is_whole {
            self.reader.reset();
        }
        is_whole && fields == count
    }
}

/// Appends `content` without the spaces at the beginning of fields and behind closing quotes.
fn compact(syntax: Syntax, content: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    loop {
        let spaces = |from: usize| {
            content[from..]
                .iter()
                .take_while(|byte| **byte == b' ')
                .count()
        };
        at += spaces(at);
        if let Some(close) = syntax
            .opening(content, at)
            .and_then(|open| syntax.closing(content, open, true))
        {
            out.extend_from_slice(&content[at..close]);
            at = close + spaces(close);
        }
        let rest = &content[at..];
        let end = memchr::memchr(syntax.delimiter, rest);
        out.extend_from_slice(&rest[..end.map_or(rest.len(), |end| end + 1)]);
        match end {
            Some(end) => at += end + 1,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::Scan;
    use super::*;

    /// Every text of up to so many characters of those that mean something.
    fn texts(length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut begun = 0;
        for _ in 0..length {
            let end = texts.len();
            for index in begun..end {
                let text = texts[index].clone();
                texts.extend(['a', ',', '"', '\\', ' '].map(|next| format!("{text}{next}")));
            }
            begun = end;
        }
        texts
    }

    #[test]
    fn enclosed_fields_are_those_of_csv_core() {
        let texts = texts(7);
        for (escape, skips_spaces) in [
            (None, false),
            (None, true),
            (Some(b'\\'), false),
            (Some(b'\\'), true),
        ] {
            let syntax = Syntax {
                delimiter: b',',
                quote: Some(b'"'),
                escape,
                skips_spaces,
            };
            let mut splitter = Splitter::new(syntax, usize::MAX);
            let mut compared = 0;
            for text in texts.iter().filter(|text| !text.is_empty()) {
                let Scan::Record(record) = syntax.scan(text.as_bytes(), true) else {
                    continue;
                };
                let enclosed = splitter.split_enclosed(text.as_bytes());
                if !record.is_quoted || record.stray.is_some() || enclosed.is_none() {
                    continue;
                }
                let found: Vec<String> = splitter
                    .split_quoted(text)
                    .texts()
                    .map(str::to_owned)
                    .collect();
                let count = syntax.count_fields(text.as_bytes());
                assert!(splitter.unquote(text.as_bytes(), count), "{text}");
                let mut start = 0;
                let expected = splitter.ends[..count].iter().map(|end| {
                    let field = &splitter.unquoted[start..*end];
                    start = *end;
                    String::from_utf8_lossy(field).into_owned()
                });
                assert_eq!(found, expected.collect::<Vec<_>>(), "{text}");
                compared += 1;
            }
            assert!(compared > 1000);
        }
    }
}
