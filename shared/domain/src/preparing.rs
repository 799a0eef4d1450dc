//! Whether an object is prepared before it is planned: unpacked, or decoded to UTF-8.
//!
//! What cannot be decoded stands in the prepared text as [`NOT_DECODED`](crate::reading::NOT_DECODED).
//! The cell that has it is rejected, and the records around it are read.

use crate::first_look::{FileKind, kind};
use crate::reading::Encoding;
use crate::reason::{NotText, Reason};

/// How an object is packed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Packing {
    /// It is not.
    None,
    /// With gzip.
    Gzip,
    /// In an archive of one file.
    Zip,
    /// With zstd.
    Zstd,
}

/// How an object that was prepared was packed, and what its text was encoded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// How it was packed.
    pub packing: Packing,
    /// How its text was encoded.
    pub encoding: Encoding,
}

impl Packing {
    /// Every packing, in the order of declaration.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word in SQL.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// How an object that begins with these bytes is packed.
///
/// # Errors
/// `not_text` for what is no text and cannot be unpacked.
pub fn packing(first: &[u8]) -> Result<Packing, Reason> {
    Ok(match kind(first)? {
        FileKind::Gzip => Packing::Gzip,
        FileKind::Zip => Packing::Zip,
        FileKind::Zstd => Packing::Zstd,
        FileKind::Text { .. } | FileKind::Encoded(_) => Packing::None,
    })
}

/// The encoding of unpacked text, by its first bytes and by what was said of it.
///
/// # Errors
/// `not_text` for what is no text, for a packed file within another one, and for bytes that show
/// another encoding than the one that was said.
pub fn encoding(first: &[u8], said: Option<Encoding>) -> Result<Encoding, Reason> {
    let shown = kind(first)?;
    Ok(match (shown, said) {
        (FileKind::Gzip | FileKind::Zip | FileKind::Zstd, _) => return Err(packed_twice()),
        (FileKind::Encoded(encoding), None) => encoding,
        // Of UTF-16, what is said of its order gives way to what the bytes show.
        (FileKind::Encoded(encoding), Some(said)) if is_wide(said) => encoding,
        (FileKind::Encoded(_), Some(_)) => return Err(said_wrongly("UTF-16 text")),
        (FileKind::Text { mark: 1.. }, Some(said)) if is_wide(said) => {
            return Err(said_wrongly("UTF-8 text"));
        }
        (FileKind::Text { .. }, said) => said.unwrap_or_default(),
    })
}

/// True if an object that begins with these bytes is prepared before it is planned.
///
/// # Errors
/// `not_text` for what can be neither read nor prepared.
pub fn is_needed(first: &[u8], said: Option<Encoding>) -> Result<bool, Reason> {
    if packing(first)? != Packing::None {
        return Ok(true);
    }
    Ok(encoding(first, said)? != Encoding::Utf8)
}

fn is_wide(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be)
}

fn packed_twice() -> Reason {
    Reason::NotText(NotText::Other {
        name: "a packed file that holds another packed file",
        advice: "Unpack it, and upload the CSV file in it, as it is or packed once.",
    })
}

fn said_wrongly(name: &'static str) -> Reason {
    Reason::NotText(NotText::Other {
        name,
        advice: "Another encoding was said with the upload: upload it without that.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKED: &[u8] = b"\xff\xfea\0,\0b\0";
    const WIDE: &[u8] = b"a\0,\0b\0,\0c\0,\0d\0,\0";
    const GZIP: &[u8] = b"\x1f\x8b\x08\0";

    #[test]
    fn only_what_is_no_utf8_text_is_prepared() {
        let utf8 = Some(Encoding::Utf8);
        let latin = Some(Encoding::Windows1252);
        let wide = Some(Encoding::Utf16Be);
        for (first, said, needed) in [
            (&b"a,b\n"[..], None, false),
            (b"a,b\n", utf8, false),
            (b"", None, false),
            (b"\xef\xbb\xbfa,b\n", None, false),
            (b"a,b\n", latin, true),
            (b"a,b\n", wide, true),
            (MARKED, None, true),
            (WIDE, None, true),
            (WIDE, wide, true),
            (GZIP, utf8, true),
            (b"PK\x03\x04", None, true),
            (b"\x28\xb5\x2f\xfd", None, true),
        ] {
            assert_eq!(is_needed(first, said), Ok(needed), "{first:?} {said:?}");
        }
    }

    #[test]
    fn what_bytes_show_decides_the_order_of_utf16() {
        let found = encoding(MARKED, Some(Encoding::Utf16Be));
        assert_eq!(found, Ok(Encoding::Utf16Le));
        let found = encoding(b"a,b\n", Some(Encoding::Utf16Be));
        assert_eq!(found, Ok(Encoding::Utf16Be));
    }

    #[test]
    fn what_bytes_show_against_what_was_said_is_refused() {
        let mark = b"\xef\xbb\xbfa,b\n";
        let refused = [
            (MARKED, Some(Encoding::Windows1252)),
            (WIDE, Some(Encoding::Utf8)),
            (mark, Some(Encoding::Utf16Le)),
            (GZIP, None),
        ];
        for (first, said) in refused {
            let reason = encoding(first, said).unwrap_err();
            assert_eq!(reason.code(), "not_text", "{first:?}");
        }
        assert!(is_needed(b"%PDF-1.7", None).is_err());
        // The mark counts as a character above ASCII: preparing fails with `looks_like_utf8`.
        let latin = Some(Encoding::Windows1252);
        assert_eq!(encoding(mark, latin), Ok(Encoding::Windows1252));
    }

    #[test]
    fn the_words_are_those_that_are_stored() {
        let words = Packing::ALL.iter().map(|it| it.as_str());
        assert!(words.eq(["none", "gzip", "zip", "zstd"]));
        for packing in Packing::ALL {
            assert_eq!(packing.as_str().parse::<Packing>().unwrap(), *packing);
        }
    }
}
