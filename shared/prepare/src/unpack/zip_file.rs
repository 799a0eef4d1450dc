//! One file in a zip archive, from its own header on. What its entry in the directory says counts.

use domain::reason::BadArchive;
use flate2::Crc;

use super::inflate::{Inflate, Inflated};
use super::{STEP_BYTES, fill, hungry, take, u16_at};
use crate::Step;
use crate::zip::{FILE_MARK, File, Method};

const HEADER_BYTES: usize = 30;

pub struct ZipFile {
    at: At,
    held: Vec<u8>,
    /// Packed bytes that were not taken yet.
    left: u64,
    bytes: u64,
    crc: u32,
    body: Body,
}

/// What comes next.
#[derive(Clone, Copy)]
enum At {
    Header,
    /// As many bytes of names and other things.
    Names(usize),
    Body,
    /// What stands between the file and the end of what is read.
    Rest,
}

enum Body {
    Stored(Crc, u64),
    Deflated(Box<Inflate>),
}

impl ZipFile {
    pub fn new(file: &File) -> Self {
        Self {
            at: At::Header,
            held: Vec::new(),
            left: file.packed,
            bytes: file.bytes,
            crc: file.crc,
            body: match file.method {
                Method::Stored => Body::Stored(Crc::new(), 0),
                Method::Deflated => Body::Deflated(Box::default()),
            },
        }
    }

    pub fn step(
        &mut self,
        input: &mut &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<Step, BadArchive> {
        loop {
            let at = self.at;
            match at {
                At::Header if self.header(input)? => {}
                At::Names(left) => match left - take(input, left).len() {
                    0 => self.at = At::Body,
                    left => {
                        self.at = At::Names(left);
                        return hungry(last);
                    }
                },
                At::Header => return hungry(last),
                At::Body => match self.body(input, out)? {
                    Inflated::Going => return Ok(Step::Again),
                    Inflated::Hungry => return hungry(last),
                    Inflated::Ended => {
                        self.check()?;
                        self.at = At::Rest;
                        return Ok(Step::Again);
                    }
                },
                At::Rest => {
                    take(input, input.len());
                    return Ok(if last { Step::Whole } else { Step::Hungry });
                }
            }
        }
    }

    fn header(&mut self, input: &mut &[u8]) -> Result<bool, BadArchive> {
        if !fill(&mut self.held, HEADER_BYTES, input) {
            return Ok(false);
        }
        if !self.held.starts_with(FILE_MARK) {
            return Err(BadArchive::Damaged);
        }
        let (name, extra) = (u16_at(&self.held, 26), u16_at(&self.held, 28));
        self.at = At::Names(usize::from(name) + usize::from(extra));
        Ok(true)
    }

    fn body(&mut self, input: &mut &[u8], out: &mut Vec<u8>) -> Result<Inflated, BadArchive> {
        let mut ours = &input[..input.len().min(self.left as usize)];
        let before = ours.len();
        let step = match &mut self.body {
            Body::Stored(crc, bytes) => {
                let taken = take(&mut ours, STEP_BYTES);
                crc.update(taken);
                *bytes += taken.len() as u64;
                out.extend_from_slice(taken);
                Inflated::Hungry
            }
            Body::Deflated(inflate) => inflate.step(&mut ours, out)?,
        };
        let taken = before - ours.len();
        take(input, taken);
        self.left -= taken as u64;
        let stored = matches!(self.body, Body::Stored(..));
        Ok(match step {
            Inflated::Hungry if stored && self.left == 0 => Inflated::Ended,
            Inflated::Hungry if self.left == 0 => return Err(BadArchive::Damaged),
            Inflated::Hungry if !input.is_empty() => Inflated::Going,
            other => other,
        })
    }

    fn check(&self) -> Result<(), BadArchive> {
        let (crc, bytes) = match &self.body {
            Body::Stored(crc, bytes) => (crc.sum(), *bytes),
            Body::Deflated(inflate) => (inflate.crc(), inflate.bytes()),
        };
        match (crc, bytes) == (self.crc, self.bytes) {
            true => Ok(()),
            false => Err(BadArchive::Damaged),
        }
    }
}
