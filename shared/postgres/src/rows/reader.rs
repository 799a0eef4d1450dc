//! Who reads or counts rows, and how many of their requests are answered at the same moment.

use tokio_postgres::{Client, GenericClient, Transaction};
use uuid::Uuid;

use crate::Error;
use crate::imports::a_moment_in_time;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The account's uuid.
    pub owner: Uuid,
    /// How many requests of theirs may be answered at the same moment; `None`: any number.
    pub at_once: Option<i64>,
}

impl From<Uuid> for Reader {
    fn from(owner: Uuid) -> Self {
        let at_once = None;
        Self { owner, at_once }
    }
}

/// SQL: takes the first place of the owner that is free, until the transaction ends, however it ends.
/// Locks of two numbers are these alone.
const TAKE_PLACE: &str = "SELECT place FROM generate_series(1, $2::integer) AS place \
     WHERE pg_try_advisory_xact_lock(hashtext($1::uuid::text), place) LIMIT 1";

/// A moment at which the reader reads, which has its time: a filter may look at every row.
pub(super) async fn begin(client: &mut Client, reader: Reader) -> Result<Transaction<'_>, Error> {
    let moment = a_moment_in_time(client).await?;
    match take_place(&moment, reader).await {
        Err(refused @ Error::TooManyReads { .. }) => {
            moment.rollback().await?;
            Err(refused)
        }
        taken => taken.map(|()| moment),
    }
}

/// Takes a place of the reader's until the transaction ends.
///
/// # Errors
/// [`Error::TooManyReads`] if there is none, whereupon the transaction can go on. The server or the
/// connection is at fault.
pub(crate) async fn take_place(moment: &Transaction<'_>, reader: Reader) -> Result<(), Error> {
    let Some(at_once) = reader.at_once else {
        return Ok(());
    };
    let places = i32::try_from(at_once).unwrap_or(i32::MAX);
    let taken = moment
        .query_opt(TAKE_PLACE, &[&reader.owner, &places])
        .await?;
    match taken {
        Some(_) => Ok(()),
        None => Err(Error::TooManyReads { at_once }),
    }
}

/// How many requests of the owner are answered at this moment.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn reading(client: &impl GenericClient, owner: Uuid) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND classid = hashtext($1::uuid::text)::oid";
    Ok(client.query_one(sql, &[&owner]).await?.try_get(0)?)
}
