//! gzip (RFC 1952), of one member or several.

use domain::reason::BadArchive;

use super::inflate::{Inflate, Inflated};
use super::{fill, hungry, take, u16_at, u32_at};
use crate::Step;

const FIXED_BYTES: usize = 10;
const TRAILER_BYTES: usize = 8;
const MARK: &[u8] = b"\x1f\x8b\x08";

const HAS_HEADER_CRC: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;

#[derive(Default)]
pub struct Gzip {
    at: At,
    /// The bytes so far of what has a fixed length.
    held: Vec<u8>,
    flags: u8,
    inflate: Inflate,
    members: u64,
}

/// What comes next.
#[derive(Clone, Copy, Default)]
enum At {
    /// The first bytes of a member, or its end.
    #[default]
    Start,
    ExtraLength,
    Extra(usize),
    Name,
    Comment,
    HeaderCrc,
    Body,
    Trailer,
}

impl Gzip {
    pub fn step(
        &mut self,
        input: &mut &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<Step, BadArchive> {
        loop {
            let at = self.at;
            match at {
                At::Start if self.members > 0 && self.is_over(input) => {
                    return Ok(if last { Step::Whole } else { Step::Hungry });
                }
                At::Body => match self.inflate.step(input, out)? {
                    Inflated::Going => return Ok(Step::Again),
                    Inflated::Hungry => return hungry(last),
                    Inflated::Ended => self.at = At::Trailer,
                },
                _ if self.header(input)? => {}
                _ => return hungry(last),
            }
        }
    }

    /// True if no member follows in what was given. Zeros may follow the last one, as tape and disk
    /// pad their blocks.
    fn is_over(&mut self, input: &mut &[u8]) -> bool {
        if self.held.is_empty() {
            let zeros = input.iter().take_while(|it| **it == 0).count();
            take(input, zeros);
        }
        input.is_empty() && self.held.is_empty()
    }

    /// Reads one part of what stands around a body; false if it needs more bytes.
    fn header(&mut self, input: &mut &[u8]) -> Result<bool, BadArchive> {
        match self.at {
            At::Start => return self.start(input),
            At::ExtraLength if self.flags & HAS_EXTRA == 0 => self.at = At::Name,
            At::ExtraLength => match fill(&mut self.held, 2, input) {
                true => {
                    self.at = At::Extra(u16_at(&self.held, 0).into());
                    self.held.clear();
                }
                false => return Ok(false),
            },
            At::Extra(left) => match left - take(input, left).len() {
                0 => self.at = At::Name,
                left => {
                    self.at = At::Extra(left);
                    return Ok(false);
                }
            },
            At::Name if self.skip_text(HAS_NAME, input) => self.at = At::Comment,
            At::Comment if self.skip_text(HAS_COMMENT, input) => self.at = At::HeaderCrc,
            At::HeaderCrc if self.flags & HAS_HEADER_CRC == 0 => self.at = At::Body,
            At::HeaderCrc if fill(&mut self.held, 2, input) => {
                self.held.clear();
                self.at = At::Body;
            }
            At::Trailer => return self.trailer(input),
            At::Name | At::Comment | At::HeaderCrc | At::Body => return Ok(false),
        }
        Ok(true)
    }

    fn start(&mut self, input: &mut &[u8]) -> Result<bool, BadArchive> {
        let enough = fill(&mut self.held, FIXED_BYTES, input);
        let known = self.held.len().min(MARK.len());
        if self.held[..known] != MARK[..known] {
            return Err(match self.members {
                0 => BadArchive::Damaged,
                _ => BadArchive::Trailing,
            });
        }
        if enough {
            self.flags = self.held[3];
            self.held.clear();
            self.at = At::ExtraLength;
        }
        Ok(enough)
    }

    /// Skips a text that ends with a zero, if the flags say that there is one.
    fn skip_text(&self, flag: u8, input: &mut &[u8]) -> bool {
        if self.flags & flag == 0 {
            return true;
        }
        let end = input.iter().position(|it| *it == 0);
        take(input, end.map_or(input.len(), |it| it + 1));
        end.is_some()
    }

    fn trailer(&mut self, input: &mut &[u8]) -> Result<bool, BadArchive> {
        if !fill(&mut self.held, TRAILER_BYTES, input) {
            return Ok(false);
        }
        let same = u32_at(&self.held, 0) == self.inflate.crc()
            && u32_at(&self.held, 4) == self.inflate.bytes() as u32;
        if !same {
            return Err(BadArchive::Damaged);
        }
        self.held.clear();
        self.inflate.reset();
        self.members += 1;
        self.at = At::Start;
        Ok(true)
    }
}
