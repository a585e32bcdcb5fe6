//! Finds where the values of a JSON text begin and end, without looking into them.

/// The end of the value that is being read.
#[derive(Debug, Default)]
pub(super) struct Scan {
    depth: usize,
    is_string: bool,
    is_escaped: bool,
    form: Form,
}

/// What the value is, by its first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Unknown,
    /// An object, a list or a string, which end by themselves.
    Closed,
    /// A number or a word, which only what follows ends.
    Bare,
}

impl Scan {
    /// Bytes of `chunk` that belong to the value, and whether it ends there. The first chunk starts with the value.
    pub(super) fn push(&mut self, chunk: &[u8]) -> (usize, bool) {
        // The first byte always belongs to the value, so that reading proceeds even if none begins here.
        let first = usize::from(self.form == Form::Unknown);
        if self.form == Form::Unknown {
            self.form = match chunk.first() {
                Some(b'{' | b'[' | b'"') => Form::Closed,
                _ => Form::Bare,
            };
        }
        if self.form == Form::Bare {
            let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
            return match chunk[first..].iter().position(ends) {
                Some(end) => (first + end, true),
                None => (chunk.len(), false),
            };
        }
        for (index, byte) in chunk.iter().enumerate() {
            if self.is_string {
                self.in_string(*byte);
            } else {
                match byte {
                    b'"' => self.is_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth -= 1,
                    _ => continue,
                }
            }
            if self.depth == 0 && !self.is_string {
                return (index + 1, true);
            }
        }
        (chunk.len(), false)
    }

    fn in_string(&mut self, byte: u8) {
        if self.is_escaped {
            self.is_escaped = false;
        } else if byte == b'\\' {
            self.is_escaped = true;
        } else if byte == b'"' {
            self.is_string = false;
        }
    }

    /// Whether the end of the text ends the value.
    pub(super) fn is_complete_at_end(&self) -> bool {
        self.form == Form::Bare
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        for (value, rest) in [
            (r#"{"a":[1,"]}\"\\"]}"#, ",{}"),
            ("[[],{}]", "]"),
            (r#""a\"b""#, ","),
            ("-1.5", " ,"),
            ("null", "]"),
            ("}", "}"),
            (",", ","),
        ] {
            let text = format!("{value}{rest}");
            assert_eq!(
                Scan::default().push(text.as_bytes()),
                (value.len(), true),
                "{value}"
            );
            // In pieces of one byte.
            let mut scan = Scan::default();
            let mut length = 0;
            for byte in text.bytes() {
                let (count, is_end) = scan.push(&[byte]);
                length += count;
                if is_end {
                    break;
                }
            }
            assert_eq!(length, value.len(), "{value}");
        }
    }
}
