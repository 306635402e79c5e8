//! What a server sends: lines with literals (RFC 3501 § 4), read with bounds and parsed into values.

use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use tokio::time::timeout;

use crate::error::{MailError, Result};

/// How long the server may be silent.
pub(super) const SILENCE: Duration = Duration::from_mins(1);
/// Maximum length of a line: `SEARCH` lists numbers of all messages in one.
const MAX_LINE: usize = 4 << 20;
/// Maximum depth of lists.
const MAX_DEPTH: usize = 24;

/// A value of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// An atom or a number, with the section of `BODY[…]`.
    Atom(String),
    /// A quoted string or a literal.
    Bytes(Vec<u8>),
    /// A list in parentheses.
    List(Vec<Value>),
}

impl Value {
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::Atom(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn is_atom(&self, name: &str) -> bool {
        matches!(self, Self::Atom(text) if text.eq_ignore_ascii_case(name))
    }

    /// A string, whichever way it was sent.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Atom(text) => Some(text.clone()),
            Self::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Self::List(_) => None,
        }
    }
}

/// A response: its lines, and the literals between them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Response {
    /// Each ends where a literal begins, without its length; the last one ends the response.
    lines: Vec<Vec<u8>>,
    literals: Vec<Vec<u8>>,
}

impl Response {
    /// Reads a response. Literals may have `max_literal` bytes in all.
    pub(super) async fn read(
        stream: &mut (impl AsyncBufRead + Unpin),
        host: &str,
        max_literal: usize,
        counted: &mut u64,
    ) -> Result<Self> {
        let mut response = Self::default();
        let mut left = max_literal;
        loop {
            let mut line = read_line(stream, host).await?;
            *counted += line.len() as u64;
            let Some((start, length)) = literal(&line) else {
                trim_end(&mut line);
                response.lines.push(line);
                return Ok(response);
            };
            line.truncate(start);
            response.lines.push(line);
            if length > left {
                return Err(MailError::TooLarge);
            }
            left -= length;
            // Grows as bytes arrive, so that a false length costs nothing.
            let mut bytes = Vec::new();
            while bytes.len() < length {
                let mut part = (&mut *stream).take((length - bytes.len()).min(64 << 10) as u64);
                let read = timeout(SILENCE, part.read_to_end(&mut bytes));
                let read = read
                    .await
                    .map_err(|_| MailError::TimedOut(host.to_owned()))?;
                if read.map_err(|error| broke_off(&error))? == 0 {
                    return Err(MailError::BrokeOff("in the middle of a message".into()));
                }
            }
            *counted += bytes.len() as u64;
            response.literals.push(bytes);
        }
    }

    /// The first line as text, for status responses.
    pub(super) fn text(&self) -> String {
        let line = self.lines.first().map_or(&[][..], Vec::as_slice);
        String::from_utf8_lossy(line).into_owned()
    }

    /// All values, after the tag or `*`.
    pub(super) fn values(self) -> Vec<Value> {
        let mut literals = self.literals.into_iter();
        let mut open: Vec<Vec<Value>> = vec![Vec::new()];
        for (at, line) in self.lines.iter().enumerate() {
            if at > 0
                && let (Some(values), Some(bytes)) = (open.last_mut(), literals.next())
            {
                values.push(Value::Bytes(bytes));
            }
            parse_line(line, &mut open);
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().unwrap_or_default()
    }
}

fn close(open: &mut Vec<Vec<Value>>) {
    if open.len() > 1
        && let Some(values) = open.pop()
        && let Some(outer) = open.last_mut()
    {
        outer.push(Value::List(values));
    }
}

fn parse_line(line: &[u8], open: &mut Vec<Vec<Value>>) {
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b' ' => at += 1,
            b'(' => {
                at += 1;
                if open.len() <= MAX_DEPTH {
                    open.push(Vec::new());
                }
            }
            b')' => {
                at += 1;
                close(open);
            }
            b'"' => {
                let mut text = Vec::new();
                at += 1;
                while let Some(byte) = line.get(at).filter(|byte| **byte != b'"') {
                    if *byte == b'\\' {
                        at += 1;
                    }
                    text.extend(line.get(at));
                    at += 1;
                }
                at += 1;
                push(open, Value::Bytes(text));
            }
            _ => {
                let start = at;
                let mut in_section = false;
                while let Some(byte) = line.get(at) {
                    match byte {
                        b'[' => in_section = true,
                        b']' => in_section = false,
                        b' ' | b'(' | b')' if !in_section => break,
                        _ => {}
                    }
                    at += 1;
                }
                let atom = String::from_utf8_lossy(&line[start..at]).into_owned();
                push(open, Value::Atom(atom));
            }
        }
    }
}

fn push(open: &mut [Vec<Value>], value: Value) {
    if let Some(values) = open.last_mut() {
        values.push(value);
    }
}

/// Where the length of a literal begins at the end of a line, and that length.
fn literal(line: &[u8]) -> Option<(usize, usize)> {
    let line = line.trim_ascii_end();
    let start = line
        .strip_suffix(b"}")?
        .iter()
        .rposition(|byte| *byte == b'{')?;
    let digits = std::str::from_utf8(&line[start + 1..line.len() - 1]).ok()?;
    let length = digits.trim_end_matches('+').parse().ok()?;
    Some((start, length))
}

fn trim_end(line: &mut Vec<u8>) {
    while line
        .last()
        .is_some_and(|byte| matches!(byte, b'\r' | b'\n'))
    {
        line.pop();
    }
}

async fn read_line(stream: &mut (impl AsyncBufRead + Unpin), host: &str) -> Result<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let filled = timeout(SILENCE, stream.fill_buf()).await;
        let filled = filled.map_err(|_| MailError::TimedOut(host.to_owned()))?;
        let buffer = filled.map_err(|error| broke_off(&error))?;
        if buffer.is_empty() {
            return Err(MailError::BrokeOff("the server closed it".into()));
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |at| at + 1);
        line.extend_from_slice(&buffer[..taken]);
        stream.consume(taken);
        if line.len() > MAX_LINE {
            return Err(MailError::TooLarge);
        }
        if end.is_some() {
            return Ok(line);
        }
    }
}

pub(super) fn broke_off(error: &std::io::Error) -> MailError {
    MailError::BrokeOff(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::BufReader;

    async fn read(bytes: &[u8], max_literal: usize) -> Result<Vec<Value>> {
        let mut stream = BufReader::new(bytes);
        let read = Response::read(&mut stream, "surat.example", max_literal, &mut 0).await;
        read.map(Response::values)
    }

    fn atom(text: &str) -> Value {
        Value::Atom(text.into())
    }

    #[tokio::test]
    async fn values_are_read_with_their_literals() {
        let sent = b"* 3 FETCH (UID 7 FLAGS (\\Seen) BODY[HEADER.FIELDS (FROM)] {6}\r\nA: b\r\n X \"a\\\"b\" NIL)\r\n";
        let values = read(sent, 100).await.unwrap();
        assert_eq!(values[..3], [atom("*"), atom("3"), atom("FETCH")]);
        let Value::List(items) = &values[3] else {
            panic!("{values:?}")
        };
        assert_eq!(items[1].number(), Some(7));
        assert_eq!(items[3], Value::List(vec![atom("\\Seen")]));
        assert_eq!(items[4], atom("BODY[HEADER.FIELDS (FROM)]"));
        assert_eq!(items[5], Value::Bytes(b"A: b\r\n".to_vec()));
        assert_eq!(items[7], Value::Bytes(b"a\"b".to_vec()));
    }

    #[tokio::test]
    async fn what_is_sent_is_bounded() {
        let big = b"* 1 FETCH (BODY[] {999999999999}\r\nx";
        assert_eq!(read(big, 1000).await, Err(MailError::TooLarge));
        let two = b"* 1 FETCH (A {3}\r\nabc B {3}\r\nabc)\r\n";
        assert_eq!(read(two, 5).await, Err(MailError::TooLarge));
        let endless = vec![b'x'; MAX_LINE + 2];
        assert_eq!(read(&endless, 5).await, Err(MailError::TooLarge));
        let cut = read(b"* 1 FETCH (A {30}\r\nabc", 100).await;
        assert!(matches!(cut, Err(MailError::BrokeOff(_))), "{cut:?}");
        let deep = format!("* {}\r\n", "(".repeat(100_000));
        assert!(read(deep.as_bytes(), 5).await.is_ok());
    }

    proptest! {
        #[test]
        fn no_response_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let _ = runtime.block_on(read(&bytes, 200));
            let mut line = b"* 1 FETCH (".to_vec();
            line.extend(&bytes);
            line.extend(b"\r\n");
            let _ = runtime.block_on(read(&line, 200));
        }
    }
}
