use tokio_postgres::error::SqlState;

/// What can go wrong between us and PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server or the connection said no.
    #[error("postgresql: {}", words(.0))]
    Server(#[from] tokio_postgres::Error),
    /// The connection's settings cannot be used.
    #[error("database settings: {0}")]
    Settings(String),
    /// A stored value is none we know.
    #[error("stored value: {0}")]
    Stored(String),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(#[from] refinery::Error),
}

impl Error {
    /// Worth another try: the connection broke, a lock was not to be had, the server is starting
    /// or stopping. 40P01 deadlock, 55P03 lock not available, 40001 serialization, 57P0x and 08xxx
    /// shutdown and connection, 53xxx resources, 25P03 idle in transaction too long.
    pub fn is_transient(&self) -> bool {
        let Error::Server(error) = self else {
            return false;
        };
        match error.code() {
            Some(state) => is_transient_state(state),
            None => true,
        }
    }

    /// Another transaction holds the row (55P03).
    pub fn is_lock_taken(&self) -> bool {
        matches!(self, Error::Server(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE))
    }

    /// The name of the unique index or constraint that was violated, if that is what happened.
    pub fn violated_constraint(&self) -> Option<&str> {
        let Error::Server(error) = self else {
            return None;
        };
        let refused = error.as_db_error()?;
        (refused.code() == &SqlState::UNIQUE_VIOLATION)
            .then(|| refused.constraint())
            .flatten()
    }
}

fn is_transient_state(state: &SqlState) -> bool {
    let code = state.code();
    ["40P01", "55P03", "40001", "25P03"].contains(&code)
        || ["57P0", "08", "53"].iter().any(|it| code.starts_with(it))
}

/// The server's own words without its detail, which may quote a cell.
fn words(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(refused) => format!("{} ({})", refused.message(), refused.code().code()),
        None => {
            let mut words = error.to_string();
            if let Some(cause) = std::error::Error::source(error) {
                words.push_str(": ");
                words.push_str(&cause.to_string());
            }
            words
        }
    }
}
