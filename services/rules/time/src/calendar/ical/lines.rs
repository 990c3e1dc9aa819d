//! The lines of an iCalendar file: folded ones put together, names and values taken apart, each with its place.

use kit_core::Text;

/// A content line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Of its first physical line, counted from 1.
    pub(super) number: u64,
    /// In capitals, without parameters.
    pub(super) name: String,
    pub(super) value: String,
}

/// The content lines of a file, or where one cannot be read. Lines are joined as bytes and decoded afterwards, since
/// RFC 5545 counts octets and many programs fold in the middle of a character.
pub(super) fn unfold(text: &[u8]) -> Vec<Result<Line, (u64, Text)>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut joined: Vec<(u64, Vec<u8>)> = Vec::new();
    for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.split_first(), joined.last_mut()) {
            (Some((b' ' | b'\t', rest)), Some((_, before))) => before.extend_from_slice(rest),
            _ => joined.push((number, line.to_vec())),
        }
    }
    let filled = joined.into_iter().filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace));
    filled.map(|(number, line)| read(number, &line)).collect()
}

fn read(number: u64, line: &[u8]) -> Result<Line, (u64, Text)> {
    let line =
        std::str::from_utf8(line).map_err(|_| (number, Text::new("此行不是 UTF-8", "this line is not UTF-8")))?;
    let colon = colon(line).and_then(|at| Some((line.get(..at)?, line.get(at + 1..)?)));
    let (head, value) = colon.ok_or_else(|| {
        (number, Text::new("此行缺少冒号，应如 SUMMARY:春节 休", "this line lacks a colon, as in `SUMMARY:春节 休`"))
    })?;
    let name = head.split(';').next().unwrap_or(head).trim().to_ascii_uppercase();
    Ok(Line { number, name, value: value.to_owned() })
}

/// Where the value begins: the first colon outside of quotes, for a parameter may hold one.
fn colon(line: &str) -> Option<usize> {
    let mut is_quoted = false;
    line.char_indices().find_map(|(at, c)| {
        is_quoted ^= c == '"';
        (c == ':' && !is_quoted).then_some(at)
    })
}

/// A text without its escapes.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            (other, false) => plain.push(other),
        }
    }
    plain
}

/// A text with its escapes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A content line folded at 75 octets, never inside a character.
pub(super) fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out + "\r\n"
}
