//! Any bytes as the body of a form: the result is the fields that are in it, or a refusal. Reading
//! never waits for bytes that do not come.

use futures_util::FutureExt;
use lambda::http::body::{self, Content, Field, FormPart};
use lambda::http::{Body, Request};

/// The first line is the content type, the rest the body.
pub fn check(input: &[u8]) {
    let line = input.iter().position(|&byte| byte == b'\n');
    let (media_type, form) = input.split_at(line.unwrap_or(input.len()));
    let form = form.get(1..).unwrap_or_default();
    let Ok(media_type) = media_type.try_into() else {
        return;
    };
    let mut request = Request::new(Body::Binary(form.to_vec()));
    request.headers_mut().insert("content-type", media_type);
    let read = body::read(request).now_or_never();
    if let Ok(content) = read.expect("all of the body is there") {
        is_sound(&content, form);
    }
}

fn is_sound(content: &Content, form: &[u8]) {
    let Content::Form(parts) = content else {
        return;
    };
    assert!(parts.len() <= 1_000);
    let files = parts.iter().filter_map(|(_, part)| match part {
        FormPart::File(file) => Some(file.bytes.len()),
        FormPart::Text(_) => None,
    });
    assert!(files.sum::<usize>() <= form.len());
    let fields = content.fields().expect("a form has fields");
    for (name, _) in parts {
        assert!(!matches!(fields.get(name), None | Some(Field::Json(_))));
    }
}
