//! The members of a record, most of which are plain: strings without escapes, numbers and words.
//!
//! They are found several times as fast as by serde, which reads byte by byte. What is not plain is left to it, and so is everything
//! that is not valid: it knows what to say about it.

use serde_json::value::RawValue;

use super::object::Members;

/// Reads `record`, which begins with `{`, and calls `members` for each member. Returns none where it is not a valid JSON object, or a
/// key has an escape: then the calls so far do not count.
pub(super) fn read_plain<'t>(record: &'t str, members: &mut impl Members<'t>) -> Option<()> {
    let bytes = record.as_bytes();
    let mut at = skip_spaces(bytes, 1);
    if bytes.get(at) == Some(&b'}') {
        return (at + 1 == bytes.len()).then_some(());
    }
    loop {
        let key_end = string_end(bytes, at)?;
        let index = members.key(&record[at + 1..key_end - 1]);
        at = skip_spaces(bytes, key_end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = skip_spaces(bytes, at + 1);
        let value_end = value_end(record, at)?;
        members.value(index, &record[at..value_end]);
        at = skip_spaces(bytes, value_end);
        match bytes.get(at)? {
            b',' => at = skip_spaces(bytes, at + 1),
            b'}' => return (at + 1 == bytes.len()).then_some(()),
            _ => return None,
        }
    }
}

fn skip_spaces(bytes: &[u8], at: usize) -> usize {
    let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(is_space).count()
}

/// Where the value at `at` ends. What follows a number or a word is not looked at.
fn value_end(record: &str, at: usize) -> Option<usize> {
    let bytes = record.as_bytes();
    let word = |word: &str| record[at..].starts_with(word).then_some(at + word.len());
    match bytes.get(at)? {
        b'"' => string_end(bytes, at).or_else(|| serde_end(record, at)),
        b'{' | b'[' => serde_end(record, at),
        b't' => word("true"),
        b'f' => word("false"),
        b'n' => word("null"),
        _ => number_end(bytes, at),
    }
}

/// Where the object, list or string at `at` ends, if it is valid.
fn serde_end(record: &str, at: usize) -> Option<usize> {
    let rest = serde_json::Deserializer::from_str(&record[at..]);
    let mut values = rest.into_iter::<&RawValue>();
    values.next()?.ok()?;
    Some(at + values.byte_offset())
}

/// Where the number at `at` ends.
fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    let start = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = if bytes.get(start) == Some(&b'0') {
        start + 1
    } else {
        digits_end(bytes, start)?
    };
    if bytes.get(end) == Some(&b'.') {
        end = digits_end(bytes, end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let has_sign = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        end = digits_end(bytes, end + 1 + usize::from(has_sign))?;
    }
    Some(end)
}

/// Where the digits at `at` end, of which there is at least one.
fn digits_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then_some(at + count)
}

/// Where the string at `at` ends, with its quote. None if it has an escape or is not valid.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    while let Some(word) = bytes.get(at..)?.first_chunk() {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            let end = at + special.trailing_zeros() as usize / 8;
            return (bytes[end] == b'"').then_some(end + 1);
        }
        at += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    let end = at + bytes[at..].iter().position(is_special)?;
    (bytes[end] == b'"').then_some(end + 1)
}

/// Has the highest bit of the first byte set, from the lowest on, that is a quote, a backslash or a control character; 0 if none
/// is. Bits behind that mean nothing.
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES * 0x80;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | equal(b'"') | equal(b'\\')
}

#[cfg(test)]
mod tests {
    use super::super::object::read_members;
    use super::*;

    /// All keys and values.
    #[derive(Default)]
    struct Found(Vec<String>);

    impl<'t> Members<'t> for Found {
        fn key(&mut self, key: &str) -> Option<usize> {
            self.0.push(key.to_owned());
            None
        }

        fn value(&mut self, _index: Option<usize>, json: &'t str) {
            self.0.push(json.to_owned());
        }
    }

    /// What is read of a record, and what serde reads.
    fn read(record: &str) -> (Option<Vec<String>>, Option<Vec<String>>) {
        let (mut plain, mut members) = (Found::default(), Found::default());
        let is_plain = read_plain(record, &mut plain).is_some();
        let is_valid = read_members(record, &mut members).is_ok();
        (is_plain.then_some(plain.0), is_valid.then_some(members.0))
    }

    #[test]
    fn plain_records_are_read_as_by_serde() {
        for record in [
            "{}",
            "{ }",
            r#"{"a":1}"#,
            r#"{ "a" : -0.5e+3 ,"b":[1,{"c":"}"}], "d":"x\"y" }"#,
            r#"{"":"","long key of a record":"zürich, a text of several words","c":null}"#,
            r#"{"a":true,"b":false,"a":{"a":[]}}"#,
            r#"{"a":"12345678","b":"1234567","c":"123456789"}"#,
        ] {
            let (plain, members) = read(record);
            assert!(plain.is_some(), "{record}");
            assert_eq!(plain, members, "{record}");
        }
    }

    #[test]
    fn what_serde_refuses_is_not_plain() {
        // Every record that differs from a valid one by one or two bytes.
        let valid = r#"{"a":-1.5e3,"b":"xyz","c":[0,"\n"],"d":true}"#;
        let bytes = [b'"', b'\\', b',', b':', b'}', b'0', b' ', b'-', b'e', 0x1F];
        let changed = |record: &str, at: usize, byte: u8| {
            let mut record = record.as_bytes().to_vec();
            record[at] = byte;
            String::from_utf8(record).expect("all bytes are ASCII")
        };
        for (first, one) in (1..valid.len()).flat_map(|at| bytes.map(|byte| (at, byte))) {
            let once = changed(valid, first, one);
            for (second, two) in (first..valid.len()).flat_map(|at| bytes.map(|byte| (at, byte))) {
                let record = changed(&once, second, two);
                let (plain, members) = read(&record);
                assert!(plain.is_none() || plain == members, "{record}");
            }
        }
    }
}
