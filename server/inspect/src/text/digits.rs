//! Digits of numbers and times.

pub(super) fn split_digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let count = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    bytes.split_at(count)
}

pub(super) fn within(tens: u8, ones: u8, max: u8) -> Option<u8> {
    two_digits(tens, ones).filter(|value| *value <= max)
}

pub(super) fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}
