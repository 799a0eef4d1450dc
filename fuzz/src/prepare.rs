//! Any bytes as an object that is prepared: it is refused in printable words, or becomes text, the
//! same in whatever pieces it comes. What was decoded is UTF-8 but for what could not be.

use domain::preparing::{Packing, Preparation};
use domain::reading::{Encoding, NOT_DECODED};
use domain::reason::{Reason, StoredReason};
use prepare::{Preparer, Source, Step, zip};

/// The first byte chooses how the object is packed, the second what was said of its encoding, the
/// third the length of its pieces.
pub fn check(input: &[u8]) {
    let [packing, said, piece, object @ ..] = input else {
        return;
    };
    let packing = Packing::ALL[usize::from(*packing) % Packing::ALL.len()];
    let said = Encoding::ALL.get(usize::from(*said) % (Encoding::ALL.len() + 1));
    let said = said.copied();
    let (source, object) = match packing {
        Packing::Zip => match find(object) {
            Ok(file) => {
                let (start, end) = (file.start as usize, file.end as usize);
                let read = object.get(start..end).unwrap_or_default();
                (Source::File(file), read)
            }
            Err(reason) => return is_tellable((&reason).into()),
        },
        packing => (Source::All(packing), object),
    };
    let whole = prepare(&source, said, object.len(), [object]);
    let pieces = object.chunks(usize::from(*piece).max(1));
    assert_eq!(prepare(&source, said, object.len(), pieces), whole);
    match whole {
        Err(reason) => is_tellable((&reason).into()),
        Ok((text, preparation)) => is_sound(&text, preparation),
    }
}

/// Looks further back each time, as a caller does that reads as little as it can.
fn find(object: &[u8]) -> Result<zip::File, Reason> {
    let mut start = zip::first_look(object.len() as i64);
    loop {
        match zip::look(&object[start as usize..], start)? {
            zip::Look::Found(file) => return Ok(file),
            zip::Look::From(earlier) => {
                assert!((0..start).contains(&earlier), "{earlier} after {start}");
                start = earlier;
            }
        }
    }
}

fn prepare<'p>(
    source: &Source,
    said: Option<Encoding>,
    size: usize,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Result<(Vec<u8>, Preparation), Reason> {
    let mut preparer = Preparer::new(source, size as i64, said);
    let mut text = Vec::new();
    for mut piece in pieces {
        loop {
            let before = text.len();
            let step = preparer.step(&mut piece, false, &mut text)?;
            assert!(text.len() - before < 1 << 20, "a step is small");
            if step != Step::Again {
                break;
            }
        }
        assert!(piece.is_empty());
    }
    while preparer.step(&mut &b""[..], true, &mut text)? != Step::Whole {}
    Ok((text, preparer.preparation().expect("the text is whole")))
}

fn is_sound(text: &[u8], preparation: Preparation) {
    if preparation.encoding != Encoding::Utf8 {
        for decoded in text.split(|it| *it == NOT_DECODED) {
            assert!(std::str::from_utf8(decoded).is_ok());
        }
    }
}

fn is_tellable(reason: StoredReason) {
    assert!(!reason.detail.contains(char::is_control), "{reason:?}");
    assert!(reason.detail.ends_with('.'), "{reason:?}");
}
