use std::error::Error;

/// An error with its whole chain of causes, each told once, in one line; up to the first cause that
/// is `secret`.
pub fn chain(
    error: &(dyn Error + 'static),
    secret: impl Fn(&(dyn Error + 'static)) -> bool,
) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next.filter(|it| !secret(*it)) {
        let told = cause.to_string();
        if !words.ends_with(&told) {
            words.push_str(": ");
            words.push_str(&told);
        }
        next = cause.source();
    }
    words
}
