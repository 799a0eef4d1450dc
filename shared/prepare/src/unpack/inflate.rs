use domain::reason::BadArchive;
use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::STEP_BYTES;

/// Inflates one stream, with its checksum.
pub struct Inflate {
    stream: Decompress,
    crc: Crc,
}

/// Where a stream is after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inflated {
    /// It goes on, and may have more output before it needs input.
    Going,
    /// It needs input.
    Hungry,
    /// It has ended.
    Ended,
}

impl Default for Inflate {
    fn default() -> Self {
        Self {
            stream: Decompress::new(false),
            crc: Crc::new(),
        }
    }
}

impl Inflate {
    /// Takes from the front of `input` and adds at most [`STEP_BYTES`] to `out`.
    pub fn step(&mut self, input: &mut &[u8], out: &mut Vec<u8>) -> Result<Inflated, BadArchive> {
        out.reserve_exact(STEP_BYTES);
        let (before, from) = (self.stream.total_in(), out.len());
        let status = self
            .stream
            .decompress_vec(input, out, FlushDecompress::None)
            .map_err(|_| BadArchive::Damaged)?;
        let taken = self.stream.total_in() - before;
        *input = input.get(taken as usize..).unwrap_or_default();
        let made = &out[from..];
        self.crc.update(made);
        Ok(match status {
            Status::StreamEnd => Inflated::Ended,
            Status::Ok | Status::BufError if input.is_empty() && made.len() < STEP_BYTES => {
                Inflated::Hungry
            }
            // Neither bytes taken nor made, with room for both: nothing will come of it.
            _ if taken == 0 && made.is_empty() => return Err(BadArchive::Damaged),
            _ => Inflated::Going,
        })
    }

    /// The checksum of what was inflated.
    pub fn crc(&self) -> u32 {
        self.crc.sum()
    }

    /// The number of bytes that were inflated.
    pub fn bytes(&self) -> u64 {
        self.stream.total_out()
    }

    /// Begins another stream.
    pub fn reset(&mut self) {
        self.stream.reset(false);
        self.crc.reset();
    }
}
