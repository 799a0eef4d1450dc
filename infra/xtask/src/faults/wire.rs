//! The part of PostgreSQL's protocol that is read to break a session at the right moment.

use std::io::{Read, Result};

/// Neither the functions nor the server send longer messages.
const LENGTH_AT_MOST: usize = 1 << 26;

/// A message of a client: its bytes as they came, and where its body begins.
pub struct Message {
    pub bytes: Vec<u8>,
    body: usize,
}

impl Message {
    /// The first message has no type; every other begins with one.
    pub fn read(from: &mut impl Read, is_first: bool) -> Result<Self> {
        let head = if is_first { 4 } else { 5 };
        let mut bytes = vec![0; head];
        from.read_exact(&mut bytes)?;
        let length = &bytes[head - 4..];
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        if !(4..=LENGTH_AT_MOST).contains(&length) {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        bytes.resize(head + length - 4, 0);
        from.read_exact(&mut bytes[head..])?;
        Ok(Self { bytes, body: head })
    }

    pub fn is_commit(&self) -> bool {
        self.bytes[0] == b'Q' && self.bytes[self.body..].starts_with(b"COMMIT")
    }

    pub fn is_copy_data(&self) -> bool {
        self.bytes[0] == b'd'
    }

    /// The name in a first message that says who connects.
    pub fn application(&self) -> String {
        let mut words = self.bytes[self.body..].split(|byte| *byte == 0);
        let named = words.any(|word| word == b"application_name");
        let name = words.next().filter(|_| named).unwrap_or_default();
        String::from_utf8_lossy(name).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [kind, &length.to_be_bytes(), body].concat()
    }

    #[test]
    fn messages_are_told_apart() {
        let start = message(
            b"",
            b"\0\x03\0\0user\0collect\0application_name\0import-chunk\0\0",
        );
        let stream = [
            start,
            message(b"Q", b"COMMIT\0"),
            message(b"d", b"COMMIT"),
            message(b"Q", b"BEGIN\0"),
        ];
        let stream = stream.concat();
        let mut stream = stream.as_slice();
        let first = Message::read(&mut stream, true).unwrap();
        assert_eq!(first.application(), "import-chunk");
        let mut next = || Message::read(&mut stream, false).unwrap();
        assert!(next().is_commit());
        let data = next();
        assert!(data.is_copy_data() && !data.is_commit());
        assert!(!next().is_commit());
        assert!(
            Message::read(&mut stream, false).is_err(),
            "nothing is left"
        );
    }
}
