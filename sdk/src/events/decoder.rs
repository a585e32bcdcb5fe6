//! Decodes server-sent events (HTML, section 9.2.6).

use crate::generated::types::Event;

/// Bytes of a line that has not ended, at most; an event of the server is far shorter.
const MAX_LINE: usize = 1024 * 1024;

/// What a stream consists of.
#[derive(Debug)]
pub(super) enum Decoded {
    /// An event.
    Event(Box<Event>),
    /// Behind which number a new connection is to begin: that of an event without data, or of one that cannot be read.
    Position(i64),
    /// A comment, which says that the connection works.
    Heartbeat,
}

/// What was received of an event that is not complete.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    line: Vec<u8>,
    id: Option<i64>,
    data: String,
}

impl Decoder {
    /// What a chunk completes. Other fields than the number and the data, which has all of them, are ignored.
    pub fn decode(&mut self, chunk: &[u8]) -> Vec<Decoded> {
        let mut decoded = Vec::new();
        for byte in chunk {
            if *byte != b'\n' {
                if self.line.len() < MAX_LINE {
                    self.line.push(*byte);
                }
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(&line);
            decoded.extend(self.take(line.strip_suffix('\r').unwrap_or(&line)));
        }
        decoded
    }

    /// Takes a line.
    fn take(&mut self, line: &str) -> Option<Decoded> {
        if line.is_empty() {
            return self.end();
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" => return Some(Decoded::Heartbeat),
            "id" => self.id = value.parse().ok(),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            _ => {}
        }
        None
    }

    /// What ends with an empty line.
    fn end(&mut self) -> Option<Decoded> {
        let (id, data) = (self.id.take(), std::mem::take(&mut self.data));
        let event = serde_json::from_str(&data).ok();
        let event = event.map(|event| Decoded::Event(Box::new(event)));
        event.or(id.map(Decoded::Position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "retry: 1000\nid: 6\n\n:\n\nid: 7\nevent: job.ready\ndata: {\"id\": 7, \"time\": \"2026-03-01T08:00:00Z\", \
        \"type\": \"job.ready\",\ndata: \"outcome\": \"done\", \"dataset_id\": null, \"job_id\": null, \"version\": null, \
        \"actor\": null, \"reason\": null, \"before\": null, \"after\": {\"a\": \"\u{e9}\"}}\n\ndata: none\n\n\
        id: 8\ndata: none\n\nid: none\n\nid: 9\n";

    #[test]
    fn events_are_decoded_however_they_are_cut() {
        let endings = [STREAM.to_string(), STREAM.replace('\n', "\r\n")];
        for stream in endings.iter().map(String::as_bytes) {
            for size in [1, 2, 7, stream.len()] {
                let mut decoder = Decoder::default();
                let chunks = stream.chunks(size);
                let parts: Vec<_> = chunks.flat_map(|chunk| decoder.decode(chunk)).collect();
                let [first, second, third, fourth] = &parts[..] else {
                    panic!("{parts:?} in chunks of {size}");
                };
                assert!(matches!(first, Decoded::Position(6)), "{first:?}");
                assert!(matches!(second, Decoded::Heartbeat), "{second:?}");
                let Decoded::Event(event) = third else {
                    panic!("{third:?} in chunks of {size}");
                };
                assert_eq!((event.id, event.type_.as_str()), (7, "job.ready"));
                assert!(matches!(fourth, Decoded::Position(8)), "{fourth:?}");
            }
        }
    }
}
