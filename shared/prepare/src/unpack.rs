//! Unpacks the bytes of an object, a step at a time.

mod gzip;
mod inflate;
mod zip_file;
mod zstd;

use domain::preparing::Packing;
use domain::reason::BadArchive;

use crate::Step;
use crate::zip::File;

use gzip::Gzip;
use zip_file::ZipFile;
use zstd::Zstd;

/// The most bytes that one step unpacks.
const STEP_BYTES: usize = 128 * 1024;

/// What unpacks an object.
pub enum Unpacker {
    /// It is not packed.
    Plain,
    Gzip(Box<Gzip>),
    ZipFile(Box<ZipFile>),
    Zstd(Box<Zstd>),
}

impl Unpacker {
    /// For an object that is packed like this; of an archive, see [`Unpacker::file`].
    pub fn of(packing: Packing) -> Self {
        match packing {
            Packing::None | Packing::Zip => Self::Plain,
            Packing::Gzip => Self::Gzip(Box::default()),
            Packing::Zstd => Self::Zstd(Box::default()),
        }
    }

    /// For the bytes of one file in an archive, from its own header on.
    pub fn file(file: &File) -> Self {
        Self::ZipFile(Box::new(ZipFile::new(file)))
    }

    /// Takes bytes from the front of `input` and adds what they unpack to, at most [`STEP_BYTES`].
    pub fn step(
        &mut self,
        input: &mut &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<Step, BadArchive> {
        match self {
            Self::Plain => Ok(plain(input, last, out)),
            Self::Gzip(gzip) => gzip.step(input, last, out),
            Self::ZipFile(file) => file.step(input, last, out),
            Self::Zstd(zstd) => zstd.step(input, last, out),
        }
    }
}

fn plain(input: &mut &[u8], last: bool, out: &mut Vec<u8>) -> Step {
    out.extend_from_slice(take(input, STEP_BYTES));
    match (input.is_empty(), last) {
        (false, _) => Step::Again,
        (true, false) => Step::Hungry,
        (true, true) => Step::Whole,
    }
}

/// Takes up to `at_most` bytes from the front.
fn take<'i>(input: &mut &'i [u8], at_most: usize) -> &'i [u8] {
    let (taken, rest) = input.split_at(at_most.min(input.len()));
    *input = rest;
    taken
}

/// Fills `held` up to `wanted` bytes. False if there are not enough.
fn fill(held: &mut Vec<u8>, wanted: usize, input: &mut &[u8]) -> bool {
    let missing = wanted.saturating_sub(held.len());
    held.extend_from_slice(take(input, missing));
    held.len() >= wanted
}

/// There are not enough bytes: more are needed, or the file is cut.
fn hungry(last: bool) -> Result<Step, BadArchive> {
    match last {
        false => Ok(Step::Hungry),
        true => Err(BadArchive::Cut),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let found = bytes.get(at..at + 2).and_then(|it| it.try_into().ok());
    found.map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let found = bytes.get(at..at + 4).and_then(|it| it.try_into().ok());
    found.map_or(0, u32::from_le_bytes)
}
