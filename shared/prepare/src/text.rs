//! Decodes unpacked text to UTF-8.

mod decoder;
mod seen;

use domain::first_look::reasons::looks_like_utf8;
use domain::preparing;
use domain::reading::Encoding;
use domain::reason::Reason;

use decoder::Decoder;
use seen::Seen;

/// As many of the first bytes are looked at: the marks of files, and blanks before them.
const FIRST_BYTES: usize = 4 * 1024;

/// Text, of which the encoding is known once its first bytes are.
pub struct Text {
    said: Option<Encoding>,
    /// Bytes that wait for the encoding to be known.
    first: Vec<u8>,
    known: Option<Known>,
}

struct Known {
    encoding: Encoding,
    decoder: Decoder,
    /// What speaks for UTF-8 where something else was said.
    seen: Option<Seen>,
}

impl Text {
    pub fn new(said: Option<Encoding>) -> Self {
        Self {
            said,
            first: Vec::new(),
            known: None,
        }
    }

    /// The encoding, once it is known.
    pub fn encoding(&self) -> Option<Encoding> {
        self.known.as_ref().map(|it| it.encoding)
    }

    /// Adds what these bytes are as UTF-8; `last` says that nothing follows them.
    pub fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), Reason> {
        if let Some(known) = &mut self.known {
            return known.push(bytes, last, out);
        }
        self.first.extend_from_slice(bytes);
        if self.first.len() < FIRST_BYTES && !last {
            return Ok(());
        }
        let first = std::mem::take(&mut self.first);
        let start = &first[..first.len().min(FIRST_BYTES)];
        let encoding = preparing::encoding(start, self.said)?;
        let mut known = Known {
            encoding,
            decoder: Decoder::new(encoding),
            seen: (encoding == Encoding::Windows1252).then(Seen::default),
        };
        known.push(&first, last, out)?;
        self.known = Some(known);
        Ok(())
    }
}

impl Known {
    fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), Reason> {
        if let Some(seen) = &mut self.seen {
            seen.push(bytes);
            if last && seen.is_utf8() {
                return Err(looks_like_utf8());
            }
        }
        self.decoder.push(bytes, last, out);
        Ok(())
    }
}
