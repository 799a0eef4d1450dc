mod archives;
mod text;

use std::io::Write;

use domain::reading::NOT_DECODED;
use domain::reason::BadArchive;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// A member with every part that a header may have.
fn gzip_with_header(bytes: &[u8]) -> Vec<u8> {
    let plain = gzip(bytes);
    let mut all = b"\x1f\x8b\x08\x1e\0\0\0\0\0\x03".to_vec();
    all.extend(b"\x03\0abcname.csv\0a comment\0\x01\x02");
    all.extend(&plain[10..]);
    all
}

/// One file of an archive that is made for a test.
pub struct Made<'m> {
    pub name: &'m str,
    pub bytes: &'m [u8],
    pub deflated: bool,
    pub flags: u16,
}

fn made<'m>(name: &'m str, bytes: &'m [u8]) -> Made<'m> {
    Made {
        name,
        bytes,
        deflated: true,
        flags: 0,
    }
}

/// An archive of these files; `long` writes its numbers in eight bytes.
pub fn zip_of(files: &[Made<'_>], long: bool) -> Vec<u8> {
    let mut all = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let start = all.len() as u64;
        let packed = match file.deflated {
            true => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
                encoder.write_all(file.bytes).unwrap();
                encoder.finish().unwrap()
            }
            false => file.bytes.to_vec(),
        };
        let mut crc = flate2::Crc::new();
        crc.update(file.bytes);
        let method = if file.deflated { 8u16 } else { 0 };
        let short = |it: u64| if long { u32::MAX } else { it as u32 };
        let mut common = Vec::new();
        common.extend([45, 0]);
        common.extend(file.flags.to_le_bytes());
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(crc.sum().to_le_bytes());
        common.extend(short(packed.len() as u64).to_le_bytes());
        common.extend(short(file.bytes.len() as u64).to_le_bytes());
        common.extend((file.name.len() as u16).to_le_bytes());
        all.extend(b"PK\x03\x04");
        all.extend(&common);
        all.extend(2u16.to_le_bytes());
        all.extend(file.name.as_bytes());
        all.extend(b"??");
        all.extend(&packed);
        let mut extra = Vec::new();
        if long {
            extra.extend([9, 0, 1, 0, 7, 1, 0, 24, 0]);
            extra.extend((file.bytes.len() as u64).to_le_bytes());
            extra.extend((packed.len() as u64).to_le_bytes());
            extra.extend(start.to_le_bytes());
        }
        directory.extend(b"PK\x01\x02\x2d\0");
        directory.extend(&common);
        directory.extend((extra.len() as u16).to_le_bytes());
        directory.extend([0; 10]);
        directory.extend(short(start).to_le_bytes());
        directory.extend(file.name.as_bytes());
        directory.extend(&extra);
    }
    let (start, entries) = (all.len() as u64, files.len() as u64);
    all.extend(&directory);
    if long {
        let at = all.len() as u64;
        all.extend(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
        for number in [entries, entries, directory.len() as u64, start] {
            all.extend(number.to_le_bytes());
        }
        all.extend(b"PK\x06\x07\0\0\0\0");
        all.extend(at.to_le_bytes());
        all.extend(1u32.to_le_bytes());
    }
    let short = |it: u64, max: u64| if long { max } else { it };
    all.extend(b"PK\x05\x06\0\0\0\0");
    all.extend((short(entries, 0xFFFF) as u16).to_le_bytes());
    all.extend((short(entries, 0xFFFF) as u16).to_le_bytes());
    all.extend((short(directory.len() as u64, ELSEWHERE) as u32).to_le_bytes());
    all.extend((short(start, ELSEWHERE) as u32).to_le_bytes());
    all.extend(b"\x07\0comment");
    all
}

const ELSEWHERE: u64 = u32::MAX as u64;

/// Finds the file of an archive as a caller does, who at first sees so many bytes of its end.
fn find(archive: &[u8], seen: usize) -> Result<zip::File, Reason> {
    let mut start = archive.len().saturating_sub(seen);
    loop {
        match zip::look(&archive[start..], start as i64)? {
            zip::Look::Found(file) => return Ok(file),
            zip::Look::From(earlier) => {
                assert!((earlier as usize) < start, "looks further back each time");
                start = earlier as usize;
            }
        }
    }
}

/// Prepares an object that comes in these pieces.
fn prepare<'p>(
    source: &Source,
    size: usize,
    said: Option<Encoding>,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Result<(Vec<u8>, Preparation), Reason> {
    let mut preparer = Preparer::new(source, size as i64, said);
    let mut text = Vec::new();
    for piece in pieces {
        let mut rest = piece;
        while preparer.step(&mut rest, false, &mut text)? == Step::Again {}
        assert_eq!(rest, b"", "a hungry preparer has used up what it was given");
    }
    while preparer.step(&mut &b""[..], true, &mut text)? != Step::Whole {}
    let preparation = preparer.preparation().expect("the text is whole");
    Ok((text, preparation))
}

fn whole(packing: Packing, said: Option<Encoding>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let source = Source::All(packing);
    Ok(prepare(&source, bytes.len(), said, [bytes])?.0)
}

fn unzipped(archive: &[u8]) -> Result<Vec<u8>, Reason> {
    let file = find(archive, archive.len())?;
    let read = &archive[file.start as usize..file.end as usize];
    Ok(prepare(&Source::File(file), archive.len(), None, [read])?.0)
}

fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    let units = mark.into_iter().chain(text.encode_utf16());
    units
        .flat_map(|it| {
            if big {
                it.to_be_bytes()
            } else {
                it.to_le_bytes()
            }
        })
        .collect()
}

/// A table of many lines that does not pack to nothing.
fn table(lines: u32) -> Vec<u8> {
    let mut table = b"number,square\n".to_vec();
    for line in 0..lines {
        let square = u64::from(line).wrapping_mul(2_654_435_761);
        writeln!(table, "{line},{square}").unwrap();
    }
    table
}

/// What a file may be made of: text, with bytes that no encoding has, in any encoding and packing.
fn contents() -> impl Strategy<Value = (Vec<u8>, Option<Encoding>)> {
    let text = "[a-zé€\u{1F600},\r\n\"]{0,400}";
    let said = proptest::option::of(proptest::sample::select(&Encoding::ALL[..]));
    let bytes = proptest::collection::vec(any::<u8>(), 0..3);
    let shape = (0..3u8, any::<bool>(), bytes, said);
    (text, shape).prop_map(|(text, (shape, mark, odd, said))| {
        let mut bytes = match shape {
            0 => text.into_bytes(),
            1 => utf16(&text, mark, false),
            _ => utf16(&text, mark, true),
        };
        bytes.extend(odd);
        (bytes, said)
    })
}

proptest! {
    #[test]
    fn any_cut_gives_the_whole(
        (bytes, said) in contents(),
        packing in proptest::sample::select(Packing::ALL),
        cuts in proptest::collection::vec(0..2_000usize, 0..8),
    ) {
        let (source, object) = match packing {
            Packing::None => (Source::All(packing), bytes),
            Packing::Gzip => (Source::All(packing), gzip_with_header(&bytes)),
            Packing::Zstd => (Source::All(packing), zstd(&bytes)),
            Packing::Zip => {
                let archive = zip_of(&[made("a.csv", &bytes)], false);
                let file = find(&archive, archive.len()).unwrap();
                let read = archive[file.start as usize..file.end as usize].to_vec();
                (Source::File(file), read)
            }
        };
        let whole = prepare(&source, object.len(), said, [&object[..]]);
        let mut cuts: Vec<usize> = cuts.iter().map(|it| it % (object.len() + 1)).collect();
        cuts.extend([0, object.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|it| &object[it[0]..it[1]]);
        prop_assert_eq!(prepare(&source, object.len(), said, pieces), whole.clone());
        let bytes = object.chunks(1);
        prop_assert_eq!(prepare(&source, object.len(), said, bytes), whole);
    }

    /// Whatever the bytes are, they are refused or prepared, and nothing panics.
    #[test]
    fn any_bytes_are_taken(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        packing in proptest::sample::select(Packing::ALL),
        mark in any::<bool>(),
    ) {
        let start: &[u8] = match packing {
            Packing::Gzip if mark => b"\x1f\x8b\x08\0",
            Packing::Zstd if mark => b"\x28\xb5\x2f\xfd",
            _ => b"",
        };
        let object = [start, &bytes].concat();
        let _ = whole(packing, None, &object);
        if packing == Packing::Zip {
            let _ = unzipped(&[&object[..], &zip_of(&[made("a", &object)], mark)].concat());
        }
    }
}
