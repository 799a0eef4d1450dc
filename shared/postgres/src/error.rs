mod barrier;
mod outage;

use domain::limits::OPENED_WITHIN;
use domain::paging::cursor::RowPosition;
use tokio_postgres::error::SqlState;

pub use barrier::Barrier;
pub use outage::Outage;

/// The driver's error, hidden: its own text and its Debug form quote the server's DETAIL, which may
/// quote a cell. For the same reason it is not the source of any error.
pub struct ServerError(tokio_postgres::Error);

impl std::fmt::Debug for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&words(self))
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Error::Server(ServerError(error))
    }
}

/// What can go wrong between us and PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused, or the connection failed.
    #[error("postgresql: {}", words(.0))]
    Server(ServerError),
    /// Neither the network nor the server has said anything.
    #[error("postgresql: no session within {} s", OPENED_WITHIN.as_secs())]
    NoSession,
    /// The connection's settings cannot be used.
    #[error("database settings: {0}")]
    Settings(String),
    /// A stored value is not one that this code knows.
    #[error("stored value: {0}")]
    Stored(String),
    /// What was asked for is more than an answer may have.
    #[error("the answer is too large: {fitting} rows or groups have their place in it")]
    TooLarge {
        /// How many of them have their place in it.
        fitting: usize,
        /// The row that has none; none if groups were asked for.
        row: Option<RowPosition>,
    },
    /// As many requests of the owner are answered at this moment as may be.
    #[error("{at_once} requests of the owner are answered at this moment")]
    TooManyReads {
        /// So many may be.
        at_once: i64,
    },
    /// Others held a lock that a step of the schema needs, at each of so many tries.
    #[error(
        "a step of the schema could not have its lock at {tries} tries: a query or transaction \
         that runs for long holds it. Look for it (SELECT pid, xact_start, query FROM \
         pg_stat_activity ORDER BY xact_start), wait for its end or end it with \
         pg_terminate_backend(pid), and deploy again"
    )]
    Locked {
        /// How many.
        tries: u32,
    },
    /// A role beside the owner cannot be let in.
    #[error("{0}")]
    Role(String),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(#[from] refinery::Error),
}

impl Error {
    /// Another try may succeed: the connection broke, a lock was not available, the server is
    /// starting or stopping. 40P01 deadlock, 55P03 lock not available, 40001 serialization, 57P0x
    /// and 08xxx shutdown and connection, 53xxx resources, 58xxx the server's own system, 25P03
    /// idle in transaction too long, 57014 cancelled by an operator.
    pub fn is_transient(&self) -> bool {
        let error = match self {
            Error::Server(error) => error,
            other => return matches!(other, Error::NoSession),
        };
        match error.0.code() {
            Some(state) => is_transient_state(state),
            None => !is_conversion(&error.0),
        }
    }

    /// A value that the server does not take (class 22, data exception).
    pub fn is_about_data(&self) -> bool {
        let Error::Server(error) = self else {
            return false;
        };
        error.0.code().is_some_and(|it| it.code().starts_with("22"))
    }

    /// The server does not take the password (28P01) or the role (28000).
    pub fn is_sign_in_refused(&self) -> bool {
        let Error::Server(error) = self else {
            return false;
        };
        let code = error.0.code();
        code == Some(&SqlState::INVALID_PASSWORD)
            || code == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
    }

    /// The statement (57014) or its transaction (25P04) took longer than it may.
    pub fn is_out_of_time(&self) -> bool {
        let Error::Server(error) = self else {
            return false;
        };
        let code = error.0.code().map(SqlState::code);
        matches!(code, Some("57014" | "25P04"))
    }

    /// Another transaction holds the row (55P03).
    pub fn is_lock_taken(&self) -> bool {
        matches!(self, Error::Server(error) if error.0.code() == Some(&SqlState::LOCK_NOT_AVAILABLE))
    }

    /// A statement asks a table (42P01) or a column (42703) that is not there: the dataset that it
    /// was made for was dropped or declared anew in the meantime.
    pub fn is_other_table(&self) -> bool {
        let Error::Server(error) = self else {
            return false;
        };
        let code = error.0.code();
        code == Some(&SqlState::UNDEFINED_TABLE) || code == Some(&SqlState::UNDEFINED_COLUMN)
    }

    /// The name of the unique index or constraint that was violated, if that is what happened (23505,
    /// and 23503 for what a trigger demands of the row that another one names).
    pub fn violated_constraint(&self) -> Option<&str> {
        let Error::Server(error) = self else {
            return None;
        };
        let refused = error.0.as_db_error()?;
        [SqlState::UNIQUE_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION]
            .contains(refused.code())
            .then(|| refused.constraint())
            .flatten()
    }
}

/// A value that was not what the code expects. By its words, for want of a better sign: the driver
/// keeps the kind of an error to itself (`is_closed` and the SQLSTATE are all it tells), and gives
/// neither kind nor cause of a column that is not there. What these words stand for is held by
/// `tests/faults/fault.rs`.
fn is_conversion(error: &tokio_postgres::Error) -> bool {
    let words = error.to_string();
    ["error serializing", "error deserializing", "invalid column"]
        .iter()
        .any(|it| words.starts_with(it))
}

fn is_transient_state(state: &SqlState) -> bool {
    let code = state.code();
    ["40P01", "55P03", "40001", "25P03", "57014"].contains(&code)
        || ["57P0", "08", "53", "58"]
            .iter()
            .any(|it| code.starts_with(it))
}

/// The server's own words without its detail, which may quote a cell.
fn words(ServerError(error): &ServerError) -> String {
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
