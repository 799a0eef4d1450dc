/// Whether bytes are UTF-8, and have a character above ASCII.
#[derive(Default)]
pub struct Seen {
    /// A character that is cut at the end of what was seen: its first bytes.
    cut: Vec<u8>,
    above_ascii: bool,
    invalid: bool,
}

impl Seen {
    pub fn push(&mut self, bytes: &[u8]) {
        if self.invalid {
            return;
        }
        let mut rest = bytes;
        while !self.cut.is_empty() && !rest.is_empty() {
            self.cut.push(rest[0]);
            rest = &rest[1..];
            let cut = std::mem::take(&mut self.cut);
            self.see(&cut);
        }
        self.see(rest);
    }

    fn see(&mut self, bytes: &[u8]) {
        self.above_ascii |= !bytes.is_ascii();
        if let Err(error) = std::str::from_utf8(bytes) {
            match error.error_len() {
                None => self.cut = bytes[error.valid_up_to()..].to_vec(),
                Some(_) => self.invalid = true,
            }
        }
    }

    /// True of all that was seen.
    pub fn is_utf8(&self) -> bool {
        self.above_ascii && !self.invalid && self.cut.is_empty()
    }
}
