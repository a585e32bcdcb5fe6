//! The period in which a certificate is valid (RFC 5280, section 4.1). The TLS library reads it of other sides' certificates only.

use chrono::{DateTime, NaiveDateTime, Utc};

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// Tag of the version, which is left out of certificates of the first one.
const VERSION: u8 = 0xa0;

/// Elements in the distinguished encoding (X.690) that have not been read yet.
struct Elements<'a>(&'a [u8]);

/// The first and the last second at which a certificate in DER form is valid; `None` if it is damaged.
pub(super) fn validity(certificate: &[u8]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let mut certificate = Elements(certificate).inside(SEQUENCE)?;
    let mut content = certificate.inside(SEQUENCE)?;
    if content.0.first() == Some(&VERSION) {
        content.inside(VERSION)?;
    }
    content.inside(INTEGER)?;
    let _signature_algorithm = content.inside(SEQUENCE)?;
    let _issuer = content.inside(SEQUENCE)?;
    let mut validity = content.inside(SEQUENCE)?;
    Some((validity.time()?, validity.time()?))
}

impl<'a> Elements<'a> {
    /// Reads the next element: its tag and its content.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            // So many bytes of a length follow; no certificate needs more than four.
            0x81..=0x84 => {
                let (length, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
                let length = length
                    .iter()
                    .fold(0, |length, byte| (length << 8) | usize::from(*byte));
                (length, rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The elements inside of the next one, which has to have this tag.
    fn inside(&mut self, tag: u8) -> Option<Self> {
        let (found, content) = self.next()?;
        (found == tag).then_some(Self(content))
    }

    fn time(&mut self) -> Option<DateTime<Utc>> {
        let (tag, content) = self.next()?;
        let text = std::str::from_utf8(content).ok()?;
        let text = match (tag, text.as_bytes().first()?) {
            (UTC_TIME, b'5'..) => format!("19{text}"),
            (UTC_TIME, _) => format!("20{text}"),
            (GENERALIZED_TIME, _) => text.to_string(),
            _ => return None,
        };
        let time = NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%SZ").ok()?;
        Some(time.and_utc())
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(begin: i32, end: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["restow.example".to_string()]).unwrap();
        params.not_before = date_time_ymd(begin, 2, 3);
        params.not_after = date_time_ymd(end, 4, 5);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn validity_has_both_forms_of_time() {
        for (begin, end) in [(1951, 1999), (2001, 2049), (2026, 2050), (2060, 9999)] {
            let (found_begin, found_end) = validity(&certificate(begin, end)).unwrap();
            assert_eq!(
                found_begin.to_string(),
                format!("{begin}-02-03 00:00:00 UTC")
            );
            assert_eq!(found_end.to_string(), format!("{end}-04-05 00:00:00 UTC"));
        }
    }

    #[test]
    fn damaged_certificates_have_no_validity() {
        let whole = certificate(2026, 2050);
        for length in 0..whole.len() {
            assert!(validity(&whole[..length]).is_none(), "{length} bytes");
        }
        for index in 0..whole.len().min(200) {
            for byte in [0, 0x7f, 0x80, 0x84, 0x88, 0xff] {
                let mut damaged = whole.clone();
                damaged[index] = byte;
                // No damage makes it panic.
                let _ = validity(&damaged);
            }
        }
    }
}
