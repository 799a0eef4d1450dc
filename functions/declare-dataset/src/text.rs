//! The text of a sample: unpacked and decoded, as an object would be that is imported.

use domain::first_look;
use domain::limits::{FIRST_LOOK_BYTES, SAMPLE_BYTES_LOOKED_AT};
use domain::preparing::{self, Packing};
use domain::reading::Encoding;
use domain::reason::{BadArchive, Reason};
use prepare::{Preparer, Source, Step, zip};

/// UTF-8 text, as much of it as is looked at.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, with its byte order mark if it has one.
    pub bytes: Vec<u8>,
    /// What it was decoded from; `None` if it came as it is.
    pub encoding: Option<Encoding>,
    /// False if more of it follows.
    pub whole: bool,
}

impl Text {
    /// The text of a sample, of whose encoding this was said.
    ///
    /// # Errors
    /// It is no text, or cannot be unpacked.
    pub fn of(sample: &[u8], said: Option<Encoding>) -> Result<Self, Reason> {
        let first = &sample[..sample.len().min(FIRST_LOOK_BYTES)];
        let needed = match preparing::is_needed(first, said) {
            // The look at its heading says more of what cannot be read, unless it was said what it is.
            Err(_) if said.is_none() => false,
            needed => needed?,
        };
        match needed {
            true => prepared(sample, first, said),
            false => Ok(Self {
                bytes: sample[..sample.len().min(SAMPLE_BYTES_LOOKED_AT)].to_vec(),
                encoding: None,
                whole: sample.len() <= SAMPLE_BYTES_LOOKED_AT,
            }),
        }
    }

    /// Bytes of its byte order mark.
    ///
    /// # Errors
    /// It is no text.
    pub fn mark(&self) -> Result<usize, Reason> {
        match self.encoding {
            None => first_look::text_mark(&self.bytes),
            Some(_) => Ok(first_look::mark_of(&self.bytes)),
        }
    }
}

fn prepared(sample: &[u8], first: &[u8], said: Option<Encoding>) -> Result<Text, Reason> {
    let (source, mut input) = source(sample, first)?;
    let packed_bytes = i64::try_from(sample.len()).unwrap_or(i64::MAX);
    let mut preparer = Preparer::new(&source, packed_bytes, said);
    let mut bytes = Vec::new();
    let mut whole = false;
    while !whole && bytes.len() <= SAMPLE_BYTES_LOOKED_AT {
        whole = preparer.step(&mut input, true, &mut bytes)? == Step::Whole;
    }
    whole &= bytes.len() <= SAMPLE_BYTES_LOOKED_AT;
    bytes.truncate(SAMPLE_BYTES_LOOKED_AT);
    Ok(Text {
        bytes,
        encoding: preparer.preparation().map(|it| it.encoding),
        whole,
    })
}

/// What is unpacked of the sample.
fn source<'s>(sample: &'s [u8], first: &[u8]) -> Result<(Source, &'s [u8]), Reason> {
    let packing = preparing::packing(first)?;
    if packing != Packing::Zip {
        return Ok((Source::All(packing), sample));
    }
    match zip::look(sample, 0)? {
        zip::Look::Found(file) => {
            let place = |at: i64| usize::try_from(at).unwrap_or(usize::MAX).min(sample.len());
            let packed = &sample[place(file.start)..place(file.end)];
            Ok((Source::File(file), packed))
        }
        // All of it was given, so no more can be asked for.
        zip::Look::From(_) => Err(Reason::BadArchive(BadArchive::Cut)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_taken_as_it_is_up_to_what_is_looked_at() {
        let text = Text::of(b"a,b\n1,2\n", None).unwrap();
        assert_eq!(&text.bytes[..], b"a,b\n1,2\n");
        assert!(text.whole && text.encoding.is_none());
        let long = vec![b'x'; SAMPLE_BYTES_LOOKED_AT + 1];
        let text = Text::of(&long, None).unwrap();
        assert!(!text.whole && text.bytes.len() == SAMPLE_BYTES_LOOKED_AT);
    }

    #[test]
    fn text_in_another_encoding_is_decoded() {
        let latin = Text::of(b"a\n\xe9\n", Some(Encoding::Windows1252)).unwrap();
        assert_eq!(latin.bytes, "a\né\n".as_bytes());
        assert_eq!(latin.encoding, Some(Encoding::Windows1252));
        let wide: Vec<u8> = "\u{feff}a,b\n1,é\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let text = Text::of(&wide, None).unwrap();
        assert_eq!(text.encoding, Some(Encoding::Utf16Le));
        assert!(text.bytes.ends_with("a,b\n1,é\n".as_bytes()) && text.whole);
        assert!(text.mark().is_ok());
    }
}
