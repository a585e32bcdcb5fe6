//! Decodes server-sent events (HTML, section 9.2.6).

use crate::generated::types::Event;

/// Bytes of a line that has not ended, at most; an event of the server is far shorter.
const MAX_LINE: usize = 1024 * 1024;

/// What was received of an event that is not complete.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    line: Vec<u8>,
    data: String,
}

impl Decoder {
    /// The events that a chunk completes. What is no event is ignored, as are fields but the data, which has them all.
    pub fn decode(&mut self, chunk: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for byte in chunk {
            if *byte != b'\n' {
                if self.line.len() < MAX_LINE {
                    self.line.push(*byte);
                }
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(&line);
            let line = line.strip_suffix('\r').unwrap_or(&line);
            if line.is_empty() {
                let data = std::mem::take(&mut self.data);
                events.extend(serde_json::from_str::<Event>(&data).ok());
            } else if let Some(data) = line.strip_prefix("data:") {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "retry: 1000\n\n:\n\nid: 7\nevent: job.ready\ndata: {\"id\": 7, \"time\": \"2026-03-01T08:00:00Z\", \
        \"type\": \"job.ready\",\ndata: \"outcome\": \"done\", \"dataset_id\": null, \"job_id\": null, \"version\": null, \
        \"actor\": null, \"reason\": null, \"before\": null, \"after\": {\"a\": \"\u{e9}\"}}\n\ndata: none\n\n";

    #[test]
    fn events_are_decoded_however_they_are_cut() {
        let endings = [STREAM.to_string(), STREAM.replace('\n', "\r\n")];
        for stream in endings.iter().map(String::as_bytes) {
            for size in [1, 2, 7, stream.len()] {
                let mut decoder = Decoder::default();
                let chunks = stream.chunks(size);
                let events: Vec<_> = chunks.flat_map(|chunk| decoder.decode(chunk)).collect();
                assert_eq!(events.len(), 1, "chunks of {size}");
                assert_eq!((events[0].id, events[0].type_.as_str()), (7, "job.ready"));
            }
        }
    }
}
