use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use multer::Multipart;

use super::{Content, FIELDS_AT_MOST, File, FormPart, too_many_fields};
use crate::http::Refusal;

/// Every part, in order. A part with a file name is a file. A file input that was left empty sends
/// a part with an empty file name: it counts as text, as it did in the original.
pub(super) async fn read(media_type: &str, bytes: Bytes) -> Result<Content, Refusal> {
    let boundary = multer::parse_boundary(media_type).map_err(unreadable)?;
    let whole = stream::once(async { Ok::<_, Infallible>(bytes) });
    let mut multipart = Multipart::new(whole, boundary);
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
        if parts.len() == FIELDS_AT_MOST {
            return Err(too_many_fields());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(ToOwned::to_owned);
        let bytes = field.bytes().await.map_err(unreadable)?;
        let part = match file_name.filter(|it| !it.is_empty()) {
            None => FormPart::Text(text(&bytes)),
            Some(name) => FormPart::File(File { name, bytes }),
        };
        parts.push((name, part));
    }
    Ok(Content::Form(parts))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The error's text may quote a field's name, which the client sent; it is cut, because a name may
/// be very long.
fn unreadable(error: multer::Error) -> Refusal {
    let words: String = error.to_string().chars().take(200).collect();
    Refusal::Unreadable(format!("Multipart form parse error - {words}"))
}
