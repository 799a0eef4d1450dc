//! Makes UTF-8 text of an object that is packed, or encoded in another way: the bytes of the object
//! go in, in pieces of any size, and the bytes of the text come out, in pieces that are small.
//!
//! Nothing here reads or waits. The text follows from the object's bytes and from what was said of
//! its encoding alone, so whoever prepares an object again comes to the same text.

#![deny(missing_docs)]

mod text;
mod unpack;
pub mod zip;

use domain::limits::{PREPARED_BYTES_AT_MOST, UNPACKED_BYTES_ALWAYS_TAKEN, UNPACKED_TIMES_AT_MOST};
use domain::preparing::{Packing, Preparation};
use domain::reading::Encoding;
use domain::reason::{Reason, TooLarge};

use text::Text;
use unpack::Unpacker;

/// What becomes of the bytes of an object.
pub struct Preparer {
    packing: Packing,
    unpacker: Unpacker,
    /// What the last step unpacked.
    unpacked: Vec<u8>,
    unpacked_bytes: i64,
    unpacked_at_most: i64,
    text: Text,
    text_bytes: i64,
}

/// Whether a step has left something to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There may be more text before the next piece of the object is needed.
    Again,
    /// All that was given is used up: the next piece is needed.
    Hungry,
    /// The text is whole.
    Whole,
}

/// How an object is read that is to be prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// From its first byte to its last.
    All(Packing),
    /// The bytes of one file in an archive.
    File(zip::File),
}

impl Preparer {
    /// For an object of this size, of whose text this encoding was said.
    pub fn new(source: &Source, packed_bytes: i64, said: Option<Encoding>) -> Self {
        let (packing, unpacker) = match source {
            Source::All(packing) => (*packing, Unpacker::of(*packing)),
            Source::File(file) => (Packing::Zip, Unpacker::file(file)),
        };
        Self {
            packing,
            unpacker,
            unpacked: Vec::new(),
            unpacked_bytes: 0,
            unpacked_at_most: unpacked_at_most(packing, packed_bytes),
            text: Text::new(said),
            text_bytes: 0,
        }
    }

    /// Takes bytes from the front of `input`, and adds what they become to `text`: less than a MiB
    /// in one step. `last` says that nothing follows `input`.
    ///
    /// # Errors
    /// The object cannot be prepared.
    pub fn step(
        &mut self,
        input: &mut &[u8],
        last: bool,
        text: &mut Vec<u8>,
    ) -> Result<Step, Reason> {
        self.unpacked.clear();
        // What came out before the damage is looked at first, as it would have been in smaller
        // pieces: the reason depends on the object alone.
        let unpacked = self.unpacker.step(input, last, &mut self.unpacked);
        self.unpacked_bytes += self.unpacked.len() as i64;
        if self.unpacked_bytes > self.unpacked_at_most {
            return Err(Reason::UnpackedTooLarge(self.too_large()));
        }
        let before = text.len();
        let whole = unpacked == Ok(Step::Whole);
        self.text.push(&self.unpacked, whole, text)?;
        self.text_bytes += (text.len() - before) as i64;
        if self.text_bytes > PREPARED_BYTES_AT_MOST {
            return Err(Reason::UnpackedTooLarge(TooLarge::ForUs));
        }
        unpacked.map_err(Reason::BadArchive)
    }

    /// How the object was packed and encoded; `None` until so much of the text is known.
    pub fn preparation(&self) -> Option<Preparation> {
        let packing = self.packing;
        let encoding = self.text.encoding()?;
        Some(Preparation { packing, encoding })
    }

    fn too_large(&self) -> TooLarge {
        match self.unpacked_at_most < PREPARED_BYTES_AT_MOST {
            true => TooLarge::ForItsSize,
            false => TooLarge::ForUs,
        }
    }
}

/// The most bytes that are taken out of an object of this size.
fn unpacked_at_most(packing: Packing, packed_bytes: i64) -> i64 {
    match packing {
        Packing::None => PREPARED_BYTES_AT_MOST,
        Packing::Gzip | Packing::Zip | Packing::Zstd => packed_bytes
            .saturating_mul(UNPACKED_TIMES_AT_MOST)
            .clamp(UNPACKED_BYTES_ALWAYS_TAKEN, PREPARED_BYTES_AT_MOST),
    }
}

#[cfg(test)]
mod tests;
