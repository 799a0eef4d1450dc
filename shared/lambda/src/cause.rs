use std::error::Error;

/// An error with its whole chain of causes, in one line.
///
/// A database error ends the chain: it tells all it may tell, and what is below it quotes cells.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut current = error;
    while let Some(cause) = current.source().filter(|_| !tells_all(current)) {
        let told = cause.to_string();
        if !words.ends_with(&told) {
            words.push_str(": ");
            words.push_str(&told);
        }
        current = cause;
    }
    words
}

#[cfg(feature = "database")]
fn tells_all(error: &(dyn Error + 'static)) -> bool {
    error.is::<postgres::Error>()
}

#[cfg(not(feature = "database"))]
fn tells_all(_: &(dyn Error + 'static)) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn every_cause_is_told_once() {
        let error = Outer(std::io::Error::other("inner"));
        assert_eq!(chain(&error), "outer: inner");
        assert_eq!(chain(&std::io::Error::other("alone")), "alone");
    }
}
