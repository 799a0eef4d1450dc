//! The end of all tokens of a user, alone or with their password: `tokens_valid_from` is raised.
//! Every request reads it with its user, so nothing else has to be looked up.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use jiff::Timestamp;

use super::items::{self, number, text};
use super::writes::{conflicts, refused, written};
use super::{Account, Accounts, Overtaken, TRIES, User};
use crate::Error;

/// What a password is to become.
pub struct NewPassword<'a> {
    /// The account as it was read: its hash is the one that the current password was checked with.
    pub account: &'a Account,
    /// PHC string of the argon2id hash of the new one.
    pub hash: &'a str,
}

/// How a change of password ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The new password is the account's, and all tokens are ended.
    Done,
    /// Meanwhile the account has got another password. Nothing was written.
    Outdated,
    /// The account is not there any more.
    Gone,
}

/// A raise that is conditional on what was read.
struct Raise {
    key: String,
    condition: &'static str,
    /// What was read; 0: nothing.
    read: i64,
    to: i64,
}

const SET: &str = "SET tokens_valid_from = :to";

impl Raise {
    /// To the next whole second, and above what it is: tokens that were issued within the second of
    /// the last raise carry that one.
    fn of(user: &User, now: i64) -> Self {
        Self {
            key: items::user_key(user.id),
            // An account that is deleted stays so.
            condition: match user.tokens_valid_from {
                0 => "attribute_exists(pk) AND attribute_not_exists(tokens_valid_from)",
                _ => "attribute_exists(pk) AND tokens_valid_from = :read",
            },
            read: user.tokens_valid_from,
            to: user.tokens_valid_from.max(now) + 1,
        }
    }

    /// Whether it is above every token that was issued before it was written, which is known at this
    /// second. A write that was begun in an earlier one may have come after a token of this one.
    fn is_above(&self, second: i64) -> bool {
        self.to > second
    }

    fn alone(&self, update: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        let update = update
            .update_expression(SET)
            .condition_expression(self.condition)
            .expression_attribute_values(":to", number(self.to));
        match self.read {
            0 => update,
            read => update.expression_attribute_values(":read", number(read)),
        }
    }

    fn in_transaction(&self, table: &str) -> TransactWriteItem {
        let update = Update::builder()
            .table_name(table)
            .key("pk", text(&self.key))
            .update_expression(SET)
            .condition_expression(self.condition)
            .expression_attribute_values(":to", number(self.to));
        let update = match self.read {
            0 => update,
            read => update.expression_attribute_values(":read", number(read)),
        };
        whole(update)
    }
}

impl Accounts {
    /// Ends all tokens of the user that were issued until now. False: the account is not there any
    /// more.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or each try met another raise.
    pub async fn end_all_tokens(&self, mut user: User) -> Result<bool, Error> {
        const WHAT: &str = "ending all tokens";
        for _ in 0..TRIES {
            let now = second();
            let raise = Raise::of(&user, now);
            let update = raise.alone(self.update(raise.key.clone()));
            if written(WHAT, update).await? {
                if raise.is_above(second()) {
                    return Ok(true);
                }
                user.tokens_valid_from = raise.to;
                continue;
            }
            match self.by_id(user.id).await? {
                None => return Ok(false),
                // Another request has done it, to the same second or a later one.
                Some(read) if read.tokens_valid_from > now => return Ok(true),
                Some(read) => user = read,
            }
        }
        Err(Error::new(WHAT, Overtaken))
    }

    /// Gives the account another password and ends all tokens of the user, both or neither.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or each try met another write.
    pub async fn change_password(&self, new: &NewPassword<'_>) -> Result<Changed, Error> {
        const WHAT: &str = "changing a password";
        for _ in 0..TRIES {
            let Some(user) = self.by_id(new.account.id).await? else {
                return Ok(Changed::Gone);
            };
            let raise = Raise::of(&user, second());
            let writes = [self.new_hash(new), raise.in_transaction(&self.table)];
            match self.write_all(writes).await {
                Ok(()) => return self.above_all(user, &raise).await,
                Err(error) if refused(&error, 0) => return Ok(Changed::Outdated),
                // The user is gone, or was changed by another request: that is read again.
                Err(error) if refused(&error, 1) || conflicts(&error) => {}
                Err(error) => return Err(Error::new(WHAT, error)),
            }
        }
        Err(Error::new(WHAT, Overtaken))
    }

    /// Raises once more what was written too late to be above every token.
    async fn above_all(&self, user: User, raise: &Raise) -> Result<Changed, Error> {
        let user = User {
            tokens_valid_from: raise.to,
            ..user
        };
        match raise.is_above(second()) || self.end_all_tokens(user).await? {
            true => Ok(Changed::Done),
            false => Ok(Changed::Gone),
        }
    }

    fn new_hash(&self, new: &NewPassword<'_>) -> TransactWriteItem {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", text(&items::username_key(&new.account.username)))
            .update_expression("SET password_hash = :new")
            .condition_expression("password_hash = :read")
            .expression_attribute_values(":new", text(new.hash))
            .expression_attribute_values(":read", text(&new.account.password_hash));
        whole(update)
    }
}

/// This second, since the Unix epoch.
fn second() -> i64 {
    Timestamp::now().as_second()
}

pub(super) fn whole(update: UpdateBuilder) -> TransactWriteItem {
    let update = update.build();
    let update = update.expect("an update with table, key and expression is whole");
    TransactWriteItem::builder().update(update).build()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn raised(tokens_valid_from: i64, now: i64) -> Raise {
        let user = User {
            id: 7,
            owner: Uuid::from_u128(42),
            username: "ada".into(),
            tokens_valid_from,
            api_keys: std::collections::BTreeMap::new(),
        };
        Raise::of(&user, now)
    }

    #[test]
    fn a_raise_is_above_every_second_that_a_token_carries() {
        for (read, now, to) in [
            (0, 100, 101),
            (90, 100, 101),
            (101, 100, 102),
            (105, 100, 106),
        ] {
            assert_eq!(raised(read, now).to, to, "{read}, {now}");
        }
    }

    /// One that was written in the second that it names, or later, spares tokens of that second.
    #[test]
    fn a_raise_that_came_late_is_not_above_every_token() {
        let raise = raised(0, 100);
        assert!(raise.is_above(100));
        assert!(!raise.is_above(101) && !raise.is_above(105));
    }

    #[test]
    fn a_raise_names_what_was_read() {
        assert!(
            raised(0, 5)
                .condition
                .ends_with("attribute_not_exists(tokens_valid_from)")
        );
        assert!(
            raised(3, 5)
                .condition
                .ends_with("tokens_valid_from = :read")
        );
    }
}
