use percent_encoding::percent_decode;

use super::{Content, FIELDS_AT_MOST, FormPart, too_many_fields};
use crate::http::Refusal;

/// The pairs, in order; an empty one (`a=1&&b=2`) is ignored.
pub(super) fn read(bytes: &[u8]) -> Result<Content, Refusal> {
    let mut parts = Vec::new();
    for pair in bytes.split(|&it| it == b'&').filter(|it| !it.is_empty()) {
        if parts.len() == FIELDS_AT_MOST {
            return Err(too_many_fields());
        }
        let equals = pair.iter().position(|&it| it == b'=');
        let (name, value) = pair.split_at(equals.unwrap_or(pair.len()));
        let value = value.strip_prefix(b"=").unwrap_or_default();
        parts.push((decode(name), FormPart::Text(decode(value))));
    }
    Ok(Content::Form(parts))
}

fn decode(bytes: &[u8]) -> String {
    let spaced: Vec<u8> = bytes
        .iter()
        .map(|&it| if it == b'+' { b' ' } else { it })
        .collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}
