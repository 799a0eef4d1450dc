use domain::reading::{Encoding, NOT_DECODED};
use encoding_rs::{DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes that windows-1252 does not define. The web takes them for control characters, which no
/// table means.
const UNDEFINED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// The most bytes that are decoded at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Decodes the bytes of a text.
pub struct Decoder {
    /// `None` for UTF-8, which is kept as it is.
    decoder: Option<encoding_rs::Decoder>,
    has_undefined: bool,
}

impl Decoder {
    pub fn new(encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(UTF_16LE),
            Encoding::Utf16Be => Some(UTF_16BE),
            Encoding::Windows1252 => Some(WINDOWS_1252),
        };
        Self {
            // A mark is no part of the text.
            decoder: decoder.map(|it| it.new_decoder_with_bom_removal()),
            has_undefined: encoding == Encoding::Windows1252,
        }
    }

    pub fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        let Some(decoder) = &mut self.decoder else {
            out.extend_from_slice(bytes);
            return;
        };
        let undefined = |it: &u8| self.has_undefined && UNDEFINED.contains(it);
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(undefined) {
            decode(decoder, &rest[..at], false, out);
            out.push(NOT_DECODED);
            rest = &rest[at + 1..];
        }
        decode(decoder, rest, last, out);
    }
}

fn decode(decoder: &mut encoding_rs::Decoder, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
    let pieces = bytes.len().div_ceil(PIECE_BYTES).max(1);
    for (at, start) in (0..pieces).map(|it| (it, it * PIECE_BYTES)) {
        let piece = &bytes[start..bytes.len().min(start + PIECE_BYTES)];
        decode_piece(decoder, piece, last && at + 1 == pieces, out);
    }
}

/// What is no character becomes one byte that is none, whatever its length.
fn decode_piece(
    decoder: &mut encoding_rs::Decoder,
    mut bytes: &[u8],
    last: bool,
    out: &mut Vec<u8>,
) {
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        let from = out.len();
        out.resize(from + room.unwrap_or(4 * PIECE_BYTES), 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut out[from..], last);
        out.truncate(from + written);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => out.push(NOT_DECODED),
        }
    }
}
