//! Text that is encoded in another way.

use super::*;

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
