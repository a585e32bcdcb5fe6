//! What a value looks like, to tell a header from data and one delimiter from another.

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Empty,
    /// A number; with the decimal mark that it has, if it has one.
    Number(Option<u8>),
    /// A date or a time.
    Moment,
    Boolean,
    /// A UUID, a web address or a mail address.
    Identifier,
    Text,
}

impl Look {
    pub(super) fn of(value: &str) -> Self {
        let value = value.trim();
        if value.is_empty() {
            Self::Empty
        } else if matches!(value.to_ascii_lowercase().as_str(), "true" | "false") {
            Self::Boolean
        } else if let Some(number) = number(value) {
            number
        } else if is_moment(value) {
            Self::Moment
        } else if is_identifier(value) {
            Self::Identifier
        } else {
            Self::Text
        }
    }

    /// Whether it is a value that no header has.
    pub(super) fn is_typed(self) -> bool {
        !matches!(self, Self::Empty | Self::Text)
    }

    /// The same without what distinguishes numbers from each other.
    pub(super) fn kind(self) -> Self {
        match self {
            Self::Number(_) => Self::Number(None),
            other => other,
        }
    }
}

/// What `value` looks like if it is a number.
fn number(value: &str) -> Option<Look> {
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let (mantissa, exponent) =
        unsigned
            .split_once(['e', 'E'])
            .map_or((unsigned, "0"), |(mantissa, exponent)| {
                (
                    mantissa,
                    exponent.strip_prefix(['-', '+']).unwrap_or(exponent),
                )
            });
    if exponent.is_empty() || digits(exponent) != exponent.len() || digits(mantissa) == 0 {
        return None;
    }
    let Some(at) = mantissa.rfind(['.', ',']) else {
        return (digits(mantissa) == mantissa.len()).then_some(Look::Number(None));
    };
    let mark = mantissa.as_bytes()[at];
    let (whole, fraction) = (&mantissa[..at], &mantissa[at + 1..]);
    let is_number = digits(fraction) == fraction.len() && is_grouped(whole, mark);
    is_number.then_some(Look::Number(Some(mark)))
}

/// Whether `whole` is digits, or groups of three of them separated by the mark that is not `decimal`.
fn is_grouped(whole: &str, decimal: u8) -> bool {
    let separator = if decimal == b',' { '.' } else { ',' };
    whole.split(separator).enumerate().all(|(index, group)| {
        group.bytes().all(|byte| byte.is_ascii_digit()) && (index == 0 || group.len() == 3)
    })
}

/// Whether `value` begins with a date or is a time of day.
fn is_moment(value: &str) -> bool {
    let date = value.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let are_digits = |parts: &[&str]| {
        parts.iter().all(|part| {
            matches!(part.len(), 1..=4) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let is_date = parts.len() == 3
        && are_digits(&parts)
        && (parts[0].len() == 4 || parts[2].len() == 4 || date.len() == 8);
    let times: Vec<&str> = value.split([':', '.']).collect();
    is_date
        || (value.contains(':') && times.len() >= 2 && are_digits(&times[..2]) && times.len() <= 4)
}

/// Whether `value` is a UUID, a web address or a mail address.
fn is_identifier(value: &str) -> bool {
    let is_uuid = value.len() == 36
        && value.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let is_mail = value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !value.contains([' ', '/'])
    });
    is_uuid || is_mail || value.starts_with("https://") || value.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_distinguished() {
        for (value, look) in [
            ("", Look::Empty),
            ("7", Look::Number(None)),
            ("-7.5", Look::Number(Some(b'.'))),
            ("3,50", Look::Number(Some(b','))),
            ("1.234.567,50", Look::Number(Some(b','))),
            ("1e9", Look::Number(None)),
            ("1.5e-3", Look::Number(Some(b'.'))),
            ("e9", Look::Text),
            ("-", Look::Text),
            (".", Look::Text),
            ("1.2.3", Look::Text),
            ("2024-01-01", Look::Moment),
            ("31/12/2024 10:00", Look::Moment),
            ("12:30:00", Look::Moment),
            ("True", Look::Boolean),
            ("a:b", Look::Text),
            ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", Look::Identifier),
            ("ann@x.org", Look::Identifier),
            ("https://x.org/a", Look::Identifier),
            ("a@b", Look::Text),
            ("id", Look::Text),
        ] {
            assert_eq!(Look::of(value), look, "{value}");
        }
    }
}
