//! Tries that are counted: an item for each that they count against, from the first try until they
//! are forgotten (`expires_at` is the table's TTL).
//!
//! A try is counted by one conditional update, so that of those that are made at the same moment no
//! more are let through than one by one.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use domain::throttle::{self, Counted, Tries, Turn};
use jiff::Timestamp;
use serde::Deserialize;

use super::items::{self, Item, number};
use super::writes::written;
use super::{Accounts, Overtaken, TRIES};
use crate::Error;

const WHAT: &str = "counting a try";

/// Who is told apart: the digest of whom tries count against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally(String);

impl Tally {
    /// Of these tries.
    pub fn of(counted: &Counted<'_>) -> Self {
        Self(items::tries_key(&counted.digest()))
    }
}

/// The attributes of an item, as they are stored.
#[derive(Deserialize)]
struct Stored {
    tries: u32,
    /// Milliseconds since the Unix epoch.
    last_try: i64,
    /// Seconds since the Unix epoch.
    expires_at: i64,
}

/// How an update ended.
enum Counting {
    Done,
    /// Its condition did not hold, for this is what is stored.
    Unmet(Option<Tries>),
}

impl Accounts {
    /// Counts a try before it is made, if it may be made at this moment.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or others were first each time.
    pub async fn count_try(&self, tally: &Tally, free: u32, now: Timestamp) -> Result<Turn, Error> {
        let Turn::Try(first) = throttle::turn(None, free, now) else {
            return Err(Error::new(WHAT, Overtaken));
        };
        let mut counting = self.count_free(tally, free, first).await?;
        let mut made = first;
        for _ in 0..TRIES {
            let Counting::Unmet(read) = counting else {
                return Ok(Turn::Try(made));
            };
            made = match throttle::turn(read, free, now) {
                Turn::Try(next) => next,
                wait @ Turn::Wait(_) => return Ok(wait),
            };
            counting = self.count_after(tally, read, made).await?;
        }
        match counting {
            Counting::Done => Ok(Turn::Try(made)),
            Counting::Unmet(_) => Err(Error::new(WHAT, Overtaken)),
        }
    }

    /// One of the free ones, the last of them excepted: nothing need be known of the others.
    async fn count_free(&self, tally: &Tally, free: u32, first: Tries) -> Result<Counting, Error> {
        const SET: &str = "SET tries = if_not_exists(tries, :none) + :one, last_try = :last, \
            expires_at = if_not_exists(expires_at, :expires)";
        let update = self
            .update(tally.0.clone())
            .update_expression(SET)
            .condition_expression(
                "attribute_not_exists(pk) OR (tries < :last_free AND expires_at > :second)",
            )
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":last_free", number(i64::from(free) - 1))
            .expression_attribute_values(":last", number(first.last.as_millisecond()))
            .expression_attribute_values(":second", number(first.last.as_second()))
            .expression_attribute_values(":expires", number(first.forgotten_at.as_second()));
        counted(update).await
    }

    /// A try that follows from what was read of those before it.
    async fn count_after(
        &self,
        tally: &Tally,
        read: Option<Tries>,
        next: Tries,
    ) -> Result<Counting, Error> {
        let update = self
            .update(tally.0.clone())
            .update_expression("SET tries = :tries, last_try = :last, expires_at = :expires")
            .expression_attribute_values(":tries", number(next.count.into()))
            .expression_attribute_values(":last", number(next.last.as_millisecond()))
            .expression_attribute_values(":expires", number(next.forgotten_at.as_second()));
        let update = match read {
            None => update.condition_expression("attribute_not_exists(pk)"),
            Some(read) => update
                .condition_expression(
                    "tries = :read_tries AND last_try = :read_last AND expires_at = :read_expires",
                )
                .expression_attribute_values(":read_tries", number(read.count.into()))
                .expression_attribute_values(":read_last", number(read.last.as_millisecond()))
                .expression_attribute_values(
                    ":read_expires",
                    number(read.forgotten_at.as_second()),
                ),
        };
        counted(update).await
    }

    /// Takes one try back: it was none that counts.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn take_try_back(&self, tally: &Tally) -> Result<(), Error> {
        let update = self
            .update(tally.0.clone())
            .update_expression("SET tries = tries - :one")
            .condition_expression("tries > :none")
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":one", number(1));
        written(WHAT, update).await.map(|_| ())
    }

    /// Forgets all tries.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn forget_tries(&self, tally: &Tally) -> Result<(), Error> {
        let update = self
            .update(tally.0.clone())
            .update_expression("SET tries = :none")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":none", number(0));
        written(WHAT, update).await.map(|_| ())
    }
}

async fn counted(update: UpdateItemFluentBuilder) -> Result<Counting, Error> {
    let all = ReturnValuesOnConditionCheckFailure::AllOld;
    let update = update.return_values_on_condition_check_failure(all);
    match update.send().await.map_err(SdkError::into_service_error) {
        Ok(_) => Ok(Counting::Done),
        Err(UpdateItemError::ConditionalCheckFailedException(unmet)) => {
            unmet.item.map(read).transpose().map(Counting::Unmet)
        }
        Err(error) => Err(Error::new(WHAT, error)),
    }
}

fn read(item: Item) -> Result<Tries, Error> {
    let stored: Stored = items::read(item)?;
    let last = Timestamp::from_millisecond(stored.last_try);
    let forgotten_at = Timestamp::from_second(stored.expires_at);
    Ok(Tries {
        count: stored.tries,
        last: last.map_err(|error| Error::new(WHAT, error))?,
        forgotten_at: forgotten_at.map_err(|error| Error::new(WHAT, error))?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::items::text;
    use super::*;

    #[test]
    fn tries_come_back_as_they_were_stored() {
        let item = Item::from([
            ("pk".to_owned(), text("TRIES#0a")),
            ("tries".to_owned(), number(7)),
            ("last_try".to_owned(), number(1_767_268_800_123)),
            ("expires_at".to_owned(), number(1_767_272_400)),
        ]);
        let expected = Tries {
            count: 7,
            last: "2026-01-01T12:00:00.123Z".parse().unwrap(),
            forgotten_at: "2026-01-01T13:00:00Z".parse().unwrap(),
        };
        assert_eq!(read(item).unwrap(), expected);
        assert!(read(Item::new()).is_err());
    }

    #[test]
    fn a_tally_shows_no_name() {
        let tally = Tally::of(&Counted::PasswordOf("a password in the wrong field"));
        let digest = tally.0.strip_prefix("TRIES#").unwrap();
        assert!(digest.bytes().all(|it| it.is_ascii_hexdigit()), "{digest}");
    }
}
