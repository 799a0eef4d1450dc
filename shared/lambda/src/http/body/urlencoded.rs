use super::{Content, FIELDS_AT_MOST, FormPart, too_many_fields};
use crate::http::Refusal;

/// The pairs, in order; an empty one (`a=1&&b=2`) is ignored.
pub(super) fn read(bytes: &[u8]) -> Result<Content, Refusal> {
    let mut parts = Vec::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        if parts.len() == FIELDS_AT_MOST {
            return Err(too_many_fields());
        }
        parts.push((name.into_owned(), FormPart::Text(value.into_owned())));
    }
    Ok(Content::Form(parts))
}
