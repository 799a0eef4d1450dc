use std::error::Error;

/// An error with its whole chain of causes, in one line. The driver's own errors are left out,
/// because PostgreSQL's detail may quote cells; the error around them says what may be said.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    aws::chain(error, quotes_cells)
}

#[cfg(feature = "database")]
fn quotes_cells(error: &(dyn Error + 'static)) -> bool {
    error.is::<tokio_postgres::Error>() || error.is::<tokio_postgres::error::DbError>()
}

#[cfg(not(feature = "database"))]
fn quotes_cells(_: &(dyn Error + 'static)) -> bool {
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
