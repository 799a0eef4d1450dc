//! Files that are packed.

use super::*;

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
