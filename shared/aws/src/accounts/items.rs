//! Accounts as items of the table: written and read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use uuid::Uuid;

use super::{Account, User};
use crate::Error;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) const COUNTER_KEY: &str = "COUNTER#user";

pub(super) fn username_key(username: &str) -> String {
    format!("USERNAME#{username}")
}

pub(super) fn user_key(id: i64) -> String {
    format!("USER#{id}")
}

pub(super) fn account(account: &Account) -> Item {
    Item::from([
        text("pk", username_key(&account.username)),
        ("user_id".into(), AttributeValue::N(account.id.to_string())),
        text("owner", account.owner.to_string()),
        text("username", account.username.clone()),
        text("email", account.email.clone()),
        text("password_hash", account.password_hash.clone()),
    ])
}

pub(super) fn user(account: &Account) -> Item {
    Item::from([
        text("pk", user_key(account.id)),
        text("owner", account.owner.to_string()),
        text("username", account.username.clone()),
    ])
}

fn text(name: &str, value: String) -> (String, AttributeValue) {
    (name.into(), AttributeValue::S(value))
}

/// An item as it came from the table.
pub(super) struct Stored(pub(super) Item);

impl Stored {
    pub(super) fn account(self) -> Result<Account, Error> {
        Ok(Account {
            id: self.number("user_id")?,
            owner: self.owner()?,
            username: self.text("username")?,
            email: self.text("email")?,
            password_hash: self.text("password_hash")?,
        })
    }

    pub(super) fn user(self, id: i64) -> Result<User, Error> {
        Ok(User {
            id,
            owner: self.owner()?,
            username: self.text("username")?,
        })
    }

    pub(super) fn number(&self, name: &'static str) -> Result<i64, Error> {
        let value = self.0.get(name).and_then(|it| it.as_n().ok());
        value
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| unreadable(name))
    }

    fn text(&self, name: &'static str) -> Result<String, Error> {
        let value = self.0.get(name).and_then(|it| it.as_s().ok());
        value.cloned().ok_or_else(|| unreadable(name))
    }

    fn owner(&self) -> Result<Uuid, Error> {
        self.text("owner")?.parse().map_err(|_| unreadable("owner"))
    }
}

fn unreadable(attribute: &'static str) -> Error {
    let cause = format!("attribute {attribute} is missing or not of its type");
    Error::new("reading an account", std::io::Error::other(cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody() -> Account {
        Account {
            id: 7,
            owner: Uuid::from_u128(42),
            username: "Ada@home".into(),
            email: String::new(),
            password_hash: "$argon2id$…".into(),
        }
    }

    #[test]
    fn an_account_comes_back_as_it_was_written() {
        let back = Stored(account(&somebody())).account().unwrap();
        assert!(back == somebody());
    }

    #[test]
    fn a_user_knows_its_owner_but_no_password() {
        let item = user(&somebody());
        assert!(!item.contains_key("password_hash"));
        let back = Stored(item).user(7).unwrap();
        assert_eq!(back.owner, Uuid::from_u128(42));
        assert_eq!(back.username, "Ada@home");
    }

    #[test]
    fn an_item_of_another_shape_is_an_error() {
        let mut item = account(&somebody());
        item.insert("user_id".into(), AttributeValue::S("7".into()));
        assert!(Stored(item).account().is_err());
        assert!(Stored(Item::new()).user(7).is_err());
    }
}
