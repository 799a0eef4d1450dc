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

#[test]
fn packed_tables_are_unpacked() {
    let table = table(50_000);
    let two = [gzip(&table[..1000]), gzip_with_header(&table[1000..])].concat();
    let padded = [gzip(&table), vec![0; 512]].concat();
    for packed in [gzip(&table), gzip_with_header(&table), two, padded] {
        assert_eq!(whole(Packing::Gzip, None, &packed).unwrap(), table);
    }
    let skipped = b"\x53\x2a\x4d\x18\x05\0\0\0other";
    let two = [
        &zstd(&table[..70_000]),
        &skipped[..],
        &zstd(&table[70_000..]),
        skipped,
    ]
    .concat();
    for packed in [zstd(&table), two] {
        assert_eq!(whole(Packing::Zstd, None, &packed).unwrap(), table);
    }
    assert_eq!(whole(Packing::None, None, &table).unwrap(), table);
}

#[test]
fn a_zip_of_one_file_is_unpacked_whatever_else_a_desktop_added() {
    let table = table(20_000);
    let stored = Made {
        deflated: false,
        flags: 1 << 3,
        ..made("folder/table.csv", &table)
    };
    let added = [
        made("folder/", b""),
        stored,
        made("__MACOSX/folder/._table.csv", b"?"),
        made("folder/.DS_Store", b"?"),
    ];
    for long in [false, true] {
        let archive = zip_of(&added, long);
        assert_eq!(unzipped(&archive).unwrap(), table, "long: {long}");
        let archive = zip_of(&[made("table.csv", &table)], long);
        assert_eq!(unzipped(&archive).unwrap(), table, "long: {long}");
        let known = find(&archive, archive.len());
        for seen in 29..400 {
            let found = find(&archive, seen);
            // The locator stands before what was seen at first: a caller sees more than that.
            let refused = long && seen < 49;
            assert!(found == known || refused, "{seen} bytes: {found:?}");
        }
    }
}

#[test]
fn archives_that_cannot_be_meant_say_why() {
    let two = [made("a.csv", b"a\n1\n"), made("b.csv", b"b\n")];
    let secret = Made {
        flags: 1,
        ..made("a.csv", b"a\n")
    };
    let cases = [
        (zip_of(&two, false), BadArchive::SeveralFiles(2)),
        (zip_of(&[made("folder/", b"")], true), BadArchive::NoFile),
        (zip_of(&[], false), BadArchive::NoFile),
        (zip_of(&[secret], false), BadArchive::Encrypted),
    ];
    for (archive, expected) in cases {
        assert_eq!(unzipped(&archive), Err(Reason::BadArchive(expected)));
    }
    let mut other = zip_of(&[made("a.csv", b"a\n")], false);
    let at = other.windows(4).position(|it| it == b"PK\x01\x02").unwrap();
    other[at + 10] = 12;
    assert_eq!(
        unzipped(&other),
        Err(Reason::BadArchive(BadArchive::Method(12)))
    );
    let parts = ["[Content_Types].xml", "xl/workbook.xml"];
    let workbook = zip_of(&parts.map(|it| made(it, b"<")), false);
    let told = unzipped(&workbook).unwrap_err().to_string();
    assert!(told.contains("Excel workbook"), "{told}");
}

#[test]
fn what_is_cut_or_damaged_is_refused_wherever_it_is() {
    let table = table(300);
    let archive = zip_of(&[made("table.csv", &table)], false);
    let file = find(&archive, archive.len()).unwrap();
    let read = &archive[file.start as usize..file.end as usize];
    let packed = [
        (Source::All(Packing::Gzip), gzip(&table)),
        (Source::All(Packing::Zstd), zstd(&table)),
        (Source::File(file), read.to_vec()),
    ];
    for (source, bytes) in packed {
        let outcome = |bytes: &[u8]| prepare(&source, bytes.len(), None, [bytes]).map(|it| it.0);
        for cut in 0..bytes.len() {
            let refused = outcome(&bytes[..cut]).unwrap_err();
            assert_eq!(refused.code(), "bad_archive", "cut at {cut}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            // Names and times may be anything; the text may not.
            if let Ok(text) = outcome(&damaged) {
                assert!(text == table, "byte {at} of {source:?} was not missed");
            }
        }
        if matches!(source, Source::All(_)) {
            let more = [&bytes[..], b"more than that"].concat();
            let trailing = Err(Reason::BadArchive(BadArchive::Trailing));
            assert_eq!(outcome(&more), trailing);
        }
    }
}

#[test]
fn text_is_decoded_and_its_mark_is_gone() {
    let text = "team,manager\r\nÅland,\u{1F600}\r\n\"two\nlines\",€\r\n";
    for (mark, big) in [(true, false), (true, true), (false, false), (false, true)] {
        let bytes = utf16(text, mark, big);
        // Without a mark it shows by its zeros.
        let decoded = whole(Packing::None, None, &bytes).unwrap();
        assert_eq!(decoded, text.as_bytes(), "mark {mark}, big {big}");
        let packed = whole(Packing::Gzip, None, &gzip(&bytes)).unwrap();
        assert_eq!(packed, text.as_bytes(), "packed, mark {mark}, big {big}");
    }
    let latin = Some(Encoding::Windows1252);
    let decoded = whole(Packing::None, latin, b"C\xf4te,\x80,\xa0\n").unwrap();
    assert_eq!(decoded, "Côte,€,\u{a0}\n".as_bytes());
}

#[test]
fn what_is_no_character_is_one_byte_that_is_none() {
    let latin = Some(Encoding::Windows1252);
    let undefined = b"\x81,\x8d,\x8f,\x90,\x9d,\xe9\n";
    let decoded = whole(Packing::None, latin, undefined).unwrap();
    assert_eq!(decoded, b"\xff,\xff,\xff,\xff,\xff,\xc3\xa9\n");
    let wide = Some(Encoding::Utf16Le);
    let high_alone = b"a\0\x3d\xd8b\0\x00\xdec\0";
    let decoded = whole(Packing::None, wide, high_alone).unwrap();
    assert_eq!(decoded, [b'a', NOT_DECODED, b'b', NOT_DECODED, b'c']);
    let cut = b"a\0b";
    let decoded = whole(Packing::None, wide, cut).unwrap();
    assert_eq!(decoded, [b'a', NOT_DECODED]);
    let half = b"a\0\x3d\xd8";
    let decoded = whole(Packing::None, wide, half).unwrap();
    assert_eq!(decoded, [b'a', NOT_DECODED]);
}

#[test]
fn utf8_that_was_said_to_be_something_else_is_told() {
    let latin = Some(Encoding::Windows1252);
    let code = |bytes: &[u8]| match whole(Packing::None, latin, bytes) {
        Ok(_) => "",
        Err(reason) => reason.code(),
    };
    assert_eq!(code("a,b\nCôte,€\n".as_bytes()), "looks_like_utf8");
    assert_eq!(code(b"\xef\xbb\xbfa,b\n"), "looks_like_utf8");
    assert_eq!(code(b"a,b\n1,2\n"), "");
    assert_eq!(code(b"C\xf4te \xc3\xb4\n"), "");
    assert_eq!(code(b"cut at the end \xc3"), "");
}

#[test]
fn an_archive_in_an_archive_is_refused() {
    let twice = gzip(&gzip(b"a,b\n"));
    let reason = whole(Packing::Gzip, None, &twice).unwrap_err();
    assert_eq!(reason.code(), "not_text");
    let reason = whole(Packing::Gzip, None, &gzip(b"%PDF-1.7 ...")).unwrap_err();
    assert_eq!(reason.code(), "not_text");
}

#[test]
fn a_small_file_is_unpacked_to_a_quarter_of_a_gib_and_no_more() {
    let line = vec![b'x'; 1 << 20];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    for _ in 0..257 {
        encoder.write_all(&line).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let mut preparer = Preparer::new(&Source::All(Packing::Gzip), bomb.len() as i64, None);
    let (mut rest, mut text) = (&bomb[..], Vec::new());
    let mut bytes = 0;
    let refused = loop {
        text.clear();
        match preparer.step(&mut rest, true, &mut text) {
            Ok(Step::Whole) => panic!("{bytes} bytes were taken"),
            Ok(_) => bytes += text.len(),
            Err(reason) => break reason,
        }
        assert!(text.len() < 1 << 20, "a step is small");
    };
    assert_eq!(refused, Reason::UnpackedTooLarge(TooLarge::ForItsSize));
    assert!(bytes <= 256 << 20, "{bytes}");
}

#[test]
fn limits_grow_with_the_file() {
    let at_most = |packed| unpacked_at_most(Packing::Zip, packed);
    assert_eq!(at_most(1), 256 << 20);
    assert_eq!(at_most(10_000_000), 2_000_000_000);
    assert_eq!(at_most(5_000_000_000), PREPARED_BYTES_AT_MOST);
    assert_eq!(unpacked_at_most(Packing::None, 1), PREPARED_BYTES_AT_MOST);
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

/// Everything from the directory on is read at once, so it must not begin anywhere.
#[test]
fn a_directory_far_from_the_end_is_not_looked_for() {
    let start = 2_i64 << 30;
    let mut tail = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    tail.extend(46u32.to_le_bytes());
    tail.extend(0u32.to_le_bytes());
    tail.extend(b"\0\0");
    let code = |start| zip::look(&tail, start).map_err(|it| it.code());
    assert_eq!(code(start), Err("bad_archive"));
    assert_eq!(code(100), Ok(zip::Look::From(0)));
}
