//! zstd (RFC 8878), of one frame or several.

use std::io::Read;

use domain::limits::ZSTD_WINDOW_BYTES_AT_MOST;
use domain::reason::BadArchive;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{STEP_BYTES, fill, hungry, take, u32_at};
use crate::Step;

const MARK: u32 = 0xFD2F_B528;
const SKIPPED_MARKS: std::ops::RangeInclusive<u32> = 0x184D_2A50..=0x184D_2A5F;
const MARK_BYTES: usize = 4;
/// The longest header of a frame, its mark included.
const HEADER_BYTES: usize = 18;
const BLOCK_HEADER_BYTES: usize = 3;
const CHECKSUM_BYTES: usize = 4;
const HAS_CHECKSUM: u8 = 1 << 2;

pub struct Zstd {
    at: At,
    /// The bytes so far of what is decoded at once: a header or a block.
    held: Vec<u8>,
    decoder: FrameDecoder,
    has_checksum: bool,
    frames: u64,
}

/// What comes next.
#[derive(Clone, Copy)]
enum At {
    /// A frame, or the end.
    Start,
    /// As many bytes of a frame that holds no data.
    Skip(u64),
    Block,
    /// What was decoded and is not handed on yet; `true` after the last block.
    Output(bool),
}

impl Default for Zstd {
    fn default() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(ZSTD_WINDOW_BYTES_AT_MOST);
        Self {
            at: At::Start,
            held: Vec::new(),
            decoder,
            has_checksum: false,
            frames: 0,
        }
    }
}

impl Zstd {
    pub fn step(
        &mut self,
        input: &mut &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<Step, BadArchive> {
        loop {
            let at = self.at;
            match at {
                At::Start if self.frames > 0 && input.is_empty() && self.held.is_empty() => {
                    return Ok(if last { Step::Whole } else { Step::Hungry });
                }
                At::Start if self.start(input, last)? => {}
                At::Skip(left) => match left - take(input, left as usize).len() as u64 {
                    0 => self.at = At::Start,
                    left => {
                        self.at = At::Skip(left);
                        return hungry(last);
                    }
                },
                At::Block if self.block(input)? => {}
                At::Start | At::Block => return hungry(last),
                At::Output(_) if self.output(out)? => return Ok(Step::Again),
                At::Output(false) => self.at = At::Block,
                At::Output(true) => self.end_frame()?,
            }
        }
    }

    /// Reads the header of a frame; false if it needs more bytes.
    fn start(&mut self, input: &mut &[u8], last: bool) -> Result<bool, BadArchive> {
        if !fill(&mut self.held, MARK_BYTES, input) {
            return Ok(false);
        }
        let mark = u32_at(&self.held, 0);
        if SKIPPED_MARKS.contains(&mark) {
            return Ok(self.skipped(input));
        }
        if mark != MARK {
            return Err(match self.frames {
                0 => BadArchive::Damaged,
                _ => BadArchive::Trailing,
            });
        }
        // The shortest frame is shorter than the longest header, but then it is the end.
        if !fill(&mut self.held, HEADER_BYTES, input) && !last {
            return Ok(false);
        }
        let mut rest = &self.held[..];
        self.decoder.reset(&mut rest).map_err(|it| bad(&it))?;
        self.has_checksum = self.held[MARK_BYTES] & HAS_CHECKSUM != 0;
        self.forget_but(rest.len());
        self.at = At::Block;
        Ok(true)
    }

    fn skipped(&mut self, input: &mut &[u8]) -> bool {
        if !fill(&mut self.held, 2 * MARK_BYTES, input) {
            return false;
        }
        let length = u32_at(&self.held, MARK_BYTES) as usize;
        self.held.drain(..2 * MARK_BYTES);
        let held = length.min(self.held.len());
        self.held.drain(..held);
        self.at = At::Skip((length - held) as u64);
        true
    }

    /// Decodes one block; false if it needs more bytes.
    fn block(&mut self, input: &mut &[u8]) -> Result<bool, BadArchive> {
        if !fill(&mut self.held, BLOCK_HEADER_BYTES, input) {
            return Ok(false);
        }
        let header = u32_at(&[self.held[0], self.held[1], self.held[2], 0], 0);
        let (is_last, kind, size) = (header & 1 == 1, header >> 1 & 3, header as usize >> 3);
        let body = if kind == REPEATED { 1 } else { size };
        if body > STEP_BYTES {
            return Err(BadArchive::Damaged);
        }
        let checksum = match is_last && self.has_checksum {
            true => CHECKSUM_BYTES,
            false => 0,
        };
        if !fill(&mut self.held, BLOCK_HEADER_BYTES + body + checksum, input) {
            return Ok(false);
        }
        let mut rest = &self.held[..];
        self.decoder
            .decode_blocks(&mut rest, BlockDecodingStrategy::UptoBlocks(1))
            .map_err(|it| bad(&it))?;
        self.forget_but(rest.len());
        self.at = At::Output(is_last);
        Ok(true)
    }

    /// Hands on what was decoded; false if nothing is left of it.
    fn output(&mut self, out: &mut Vec<u8>) -> Result<bool, BadArchive> {
        let ready = self.decoder.can_collect().min(STEP_BYTES);
        let from = out.len();
        out.resize(from + ready, 0);
        let read = self.decoder.read(&mut out[from..]);
        let read = read.map_err(|_| BadArchive::Damaged)?;
        out.truncate(from + read);
        Ok(read > 0)
    }

    fn end_frame(&mut self) -> Result<(), BadArchive> {
        let stored = self.decoder.get_checksum_from_data();
        let made = self.decoder.get_calculated_checksum();
        if stored.is_some() && stored != made {
            return Err(BadArchive::Damaged);
        }
        self.frames += 1;
        self.at = At::Start;
        Ok(())
    }

    /// Of the bytes that are held, only so many at the end are not used.
    fn forget_but(&mut self, unused: usize) {
        let used = self.held.len() - unused;
        self.held.drain(..used);
    }
}

/// A block that is one byte, over and over.
const REPEATED: u32 = 1;

fn bad(error: &FrameDecoderError) -> BadArchive {
    match error {
        FrameDecoderError::WindowSizeTooBig { .. } => BadArchive::Window,
        FrameDecoderError::DictNotProvided { .. } => BadArchive::Dictionary,
        FrameDecoderError::ReadFrameHeaderError(
            ReadFrameHeaderError::WindowDescriptorReadError(_)
            | ReadFrameHeaderError::DictionaryIdReadError(_)
            | ReadFrameHeaderError::FrameContentSizeReadError(_)
            | ReadFrameHeaderError::FrameDescriptorReadError(_),
        ) => BadArchive::Cut,
        _ => BadArchive::Damaged,
    }
}
