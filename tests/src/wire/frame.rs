//! The frames of the NATS client protocol, as far as one must know them to tell where a message begins and ends.

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// One line, with its payload if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) bytes: Vec<u8>,
    /// Whether it carries a message, rather than holding the connection together.
    pub(super) is_payload: bool,
}

/// Reads frames from one direction of a connection.
pub(super) struct Frames<R> {
    from: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, buffer: Vec::new() }
    }

    /// The next frame; `None` when the connection is gone, or speaks another language.
    pub(super) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(length) = whole(&self.buffer)? {
                let rest = self.buffer.split_off(length.bytes);
                let bytes = std::mem::replace(&mut self.buffer, rest);
                return Some(Frame { bytes, is_payload: length.is_payload });
            }
            if self.from.read_buf(&mut self.buffer).await.ok()? == 0 {
                return None;
            }
        }
    }
}

struct Length {
    bytes: usize,
    is_payload: bool,
}

/// How long the first frame is: `Some(None)` if it is not all there yet, `None` if it cannot be read.
#[expect(clippy::option_option, reason = "not yet and never are two answers")]
fn whole(buffer: &[u8]) -> Option<Option<Length>> {
    let Some(end) = buffer.windows(2).position(|pair| pair == b"\r\n") else { return Some(None) };
    let line = std::str::from_utf8(&buffer[..end]).ok()?;
    let mut words = line.split_ascii_whitespace();
    let verb = words.next().unwrap_or_default().to_ascii_uppercase();
    if !matches!(verb.as_str(), "PUB" | "HPUB" | "MSG" | "HMSG") {
        return Some(Some(Length { bytes: end + 2, is_payload: false }));
    }
    // The last word is the length of what follows, headers and all.
    let payload: usize = words.last()?.parse().ok()?;
    let bytes = end + 2 + payload + 2;
    Some((buffer.len() >= bytes).then_some(Length { bytes, is_payload: true }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_are_told_from_what_holds_the_connection_together() {
        let sent: &[&[u8]] = &[
            b"INFO {\"version\":\"2.12.0\"}\r\n",
            b"PING\r\n",
            b"PUB a.b _INBOX.1 11\r\nhello\r\nyou!\r\n",
            b"HMSG a.b 1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
            b"-ERR 'no'\r\n",
        ];
        let mut frames = Frames::new(std::io::Cursor::new(sent.concat()));
        for (bytes, is_payload) in sent.iter().zip([false, false, true, true, false]) {
            assert_eq!(frames.next().await, Some(Frame { bytes: bytes.to_vec(), is_payload }));
        }
        assert_eq!(frames.next().await, None);
    }
}
