//! DynamoDB: the accounts of users.
//!
//! One table, key `pk`: `USERNAME#{username}` holds the account and makes the username unique,
//! `USER#{id}` is what a token's user id leads to and holds the user's API keys, `COUNTER#user` is
//! the last id handed out, `FAMILY#{id}` is what is known of a family of refresh tokens,
//! `TRIES#{digest}` counts tries of passwords and new accounts, `KEY#ring` is the key ring,
//! `LEAVING#users` names the users whose accounts were deleted until they are taken up, and
//! `REPORT#{digest}` says what became of such an account.

mod api_keys;
mod ending;
mod families;
mod items;
mod leaving;
mod remembered;
mod ring;
mod tries;
mod writes;

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Put, ReturnValue, TransactWriteItem};
use domain::api_key::KeptKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;
pub use ending::{Changed, NewPassword};
pub use families::Exchange;
use items::{Counter, Item};
pub use leaving::{Leaver, Left, Report};
pub use ring::Revision;
pub use tries::Tally;
use writes::{conflicts, refused};

/// A write is tried at most this many times while others of the same items are under way.
const TRIES: u32 = 5;

/// Every try met another write.
#[derive(Debug, thiserror::Error)]
#[error("others were first, {TRIES} times")]
struct Overtaken;

/// A user who may sign in: its item, without the key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What tokens carry and the API shows; handed out from 1.
    #[serde(rename = "user_id")]
    pub id: i64,
    /// Random; what imports are owned by. Never shown.
    pub owner: Uuid,
    /// Unique, case-sensitive.
    pub username: String,
    /// May be empty.
    pub email: String,
    /// PHC string of the argon2id hash; never logged.
    pub password_hash: String,
    /// Where it was signed in from last, as keyed digests; the latest at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

/// What a token's user id leads to: its item, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id in the token, and in the key.
    #[serde(skip)]
    pub id: i64,
    /// Random; what imports are owned by. Never shown.
    pub owner: Uuid,
    /// Unique, case-sensitive.
    pub username: String,
    /// Tokens that were issued before this second are good no more; 0 until the user has ended them
    /// for the first time. Seconds since the Unix epoch.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens_valid_from: i64,
    /// Their API keys, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub api_keys: BTreeMap<i64, KeptKey>,
}

impl User {
    /// Whether the tokens that were issued at this second are ended.
    pub fn has_ended(&self, issued_at: i64) -> bool {
        issued_at < self.tokens_valid_from
    }

    /// When a token is issued that the user gets at this moment: within the second in which the
    /// others were ended, the next one, so that it is not taken for one of them.
    ///
    /// `now` is read before the user is: then tokens that end in between take this one with them.
    pub fn issued_at(&self, now: Timestamp) -> Timestamp {
        let from = Timestamp::from_second(self.tokens_valid_from);
        from.map_or(now, |from| from.max(now))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// An account to be created.
pub struct NewAccount {
    /// Unique, case-sensitive.
    pub username: String,
    /// May be empty.
    pub email: String,
    /// PHC string of the argon2id hash.
    pub password_hash: String,
}

/// How a registration ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Registered {
    /// The account exists now.
    Created {
        /// Its id.
        id: i64,
        /// Its owner.
        owner: Uuid,
    },
    /// Another user has the username; nothing was written.
    UsernameTaken,
}

/// The table of accounts.
#[derive(Clone, Debug)]
pub struct Accounts {
    client: Client,
    table: String,
}

impl Accounts {
    /// The accounts in this table.
    pub fn new(config: &SdkConfig, table: String) -> Self {
        let client = Client::new(config);
        Self { client, table }
    }

    /// Writes a new account with the next id and a random owner. An id whose account was refused
    /// is not used again.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or each try met another registration of the username.
    pub async fn create(&self, new: NewAccount) -> Result<Registered, Error> {
        let account = Account {
            id: self.next_id().await?,
            owner: Uuid::new_v4(),
            username: new.username,
            email: new.email,
            password_hash: new.password_hash,
            addresses: Vec::new(),
        };
        let items = [items::account(&account)?, items::user(&account)?];
        let mut tries = 1;
        loop {
            let puts = items.clone().map(|it| self.put_new(it));
            match self.write_all(puts).await {
                Ok(()) => {
                    let (id, owner) = (account.id, account.owner);
                    return Ok(Registered::Created { id, owner });
                }
                // The id of the other item is new, because the counter gave it; if it ever is not,
                // that is an error and not a taken username.
                Err(error) if refused(&error, 0) => return Ok(Registered::UsernameTaken),
                // Another registration of the username is under way: the next try shows which was
                // first.
                Err(error) if conflicts(&error) && tries < TRIES => tries += 1,
                Err(error) => return Err(Error::new("writing an account", error)),
            }
        }
    }

    /// The account of this username, exactly as it is written. One that is deleted is none, though its
    /// name is not free yet.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item lacks what [`Accounts::create`] writes.
    pub async fn by_username(&self, username: &str) -> Result<Option<Account>, Error> {
        let item = self.get(items::username_key(username)).await?;
        let item = item.filter(|it| !leaving::is_leaving(it));
        item.map(items::read).transpose()
    }

    /// The user a token's id leads to; none from the moment that the account is deleted.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item lacks what [`Accounts::create`] writes.
    pub async fn by_id(&self, id: i64) -> Result<Option<User>, Error> {
        let item = self.get(items::user_key(id)).await?;
        let item = item.filter(|it| !leaving::is_leaving(it));
        let user = item.map(items::read::<User>).transpose()?;
        Ok(user.map(|user| User { id, ..user }))
    }

    async fn next_id(&self) -> Result<i64, Error> {
        const WHAT: &str = "counting accounts";
        let counted = self
            .update(items::COUNTER_KEY.to_owned())
            .update_expression("ADD #last :one")
            .expression_attribute_names("#last", "last")
            .expression_attribute_values(":one", items::number(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| Error::new(WHAT, error))?;
        let counter: Counter = items::read(counted.attributes.unwrap_or_default())?;
        Ok(counter.last)
    }

    fn put_new(&self, item: Item) -> TransactWriteItem {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .expect("a put with table and item is whole");
        TransactWriteItem::builder().put(put).build()
    }

    async fn get(&self, key: String) -> Result<Option<Item>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", items::text(&key))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::new("reading an account", error))?;
        Ok(answer.item)
    }
}
