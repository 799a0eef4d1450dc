//! Accounts as items of the table: written and read.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Account, User};
use crate::Error;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) const COUNTER_KEY: &str = "COUNTER#user";

/// What the counter holds.
#[derive(Deserialize)]
pub(super) struct Counter {
    /// The last id handed out.
    pub(super) last: i64,
}

pub(super) fn username_key(username: &str) -> String {
    format!("USERNAME#{username}")
}

pub(super) fn user_key(id: i64) -> String {
    format!("USER#{id}")
}

pub(super) fn family_key(id: &str) -> String {
    format!("FAMILY#{id}")
}

pub(super) fn tries_key(digest: &str) -> String {
    format!("TRIES#{digest}")
}

pub(super) fn report_key(digest: &str) -> String {
    format!("REPORT#{digest}")
}

pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(super) fn account(account: &Account) -> Result<Item, Error> {
    keyed(username_key(&account.username), account)
}

pub(super) fn user(account: &Account) -> Result<Item, Error> {
    let user = User {
        id: account.id,
        owner: account.owner,
        username: account.username.clone(),
        tokens_valid_from: 0,
        api_keys: BTreeMap::new(),
    };
    keyed(user_key(account.id), &user)
}

pub(super) fn keyed(key: String, content: &impl Serialize) -> Result<Item, Error> {
    let item = serde_dynamo::to_item(content);
    let mut item: Item = item.map_err(|error| Error::new("writing an account", error))?;
    item.insert("pk".into(), AttributeValue::S(key));
    Ok(item)
}

/// As the value of an attribute.
pub(super) fn value(content: &impl Serialize) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(content)
        .map_err(|error| Error::new("writing an account", error))
}

/// What an item of the table holds.
pub(super) fn read<T: DeserializeOwned>(item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(|error| Error::new("reading an account", error))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn somebody() -> Account {
        Account {
            id: 7,
            owner: Uuid::from_u128(42),
            username: "Ada@home".into(),
            email: String::new(),
            password_hash: "$argon2id$…".into(),
            addresses: Vec::new(),
        }
    }

    /// As tables hold them already: these must stay readable.
    fn stored() -> [Item; 2] {
        let text = |name: &str, value: &str| (name.into(), AttributeValue::S(value.into()));
        let owner = text("owner", "00000000-0000-0000-0000-00000000002a");
        let account = Item::from([
            text("pk", "USERNAME#Ada@home"),
            ("user_id".into(), AttributeValue::N("7".into())),
            owner.clone(),
            text("username", "Ada@home"),
            text("email", ""),
            text("password_hash", "$argon2id$…"),
        ]);
        let username = text("username", "Ada@home");
        let user = Item::from([text("pk", "USER#7"), owner, username]);
        [account, user]
    }

    #[test]
    fn accounts_are_written_as_they_always_were() {
        let written = [account(&somebody()).unwrap(), user(&somebody()).unwrap()];
        assert_eq!(written, stored());
    }

    #[test]
    fn an_account_comes_back_as_it_was_written() {
        let [item, _] = stored();
        assert!(read::<Account>(item).unwrap() == somebody());
    }

    /// As [`super::super::Accounts::remember_address`] writes them.
    #[test]
    fn an_account_has_the_addresses_that_are_remembered() {
        let [mut item, _] = stored();
        let addresses = ["0a", "0b"].map(text);
        item.insert("addresses".into(), AttributeValue::L(addresses.into()));
        let account: Account = read(item).unwrap();
        assert_eq!(account.addresses, ["0a", "0b"]);
    }

    #[test]
    fn a_user_knows_its_owner_but_no_password() {
        let [_, item] = stored();
        assert!(!item.contains_key("password_hash"));
        let back: User = read(item).unwrap();
        assert_eq!(back.owner, Uuid::from_u128(42));
        assert_eq!(back.username, "Ada@home");
        assert_eq!(back.tokens_valid_from, 0);
    }

    #[test]
    fn a_user_knows_since_when_tokens_are_good() {
        let [_, mut item] = stored();
        let second = number(1_767_268_800);
        item.insert("tokens_valid_from".into(), second);
        let back: User = read(item).unwrap();
        assert!(back.has_ended(1_767_268_799) && !back.has_ended(1_767_268_800));
    }

    /// As [`super::super::Accounts::keep_key`] writes them.
    #[test]
    fn a_user_has_their_api_keys_by_number() {
        let text = |value: &str| AttributeValue::S(value.into());
        let key = Item::from([
            ("name".to_owned(), text("nightly")),
            ("access".to_owned(), text("read")),
            ("digest".to_owned(), text("00ff")),
            ("created_at".to_owned(), text("2026-01-01T00:00:00Z")),
            ("expires_at".to_owned(), text("2026-04-01T00:00:00Z")),
        ]);
        let [_, mut item] = stored();
        let none: User = read(item.clone()).unwrap();
        assert!(none.api_keys.is_empty());
        let keys = Item::from([("12".to_owned(), AttributeValue::M(key.clone()))]);
        item.insert("api_keys".into(), AttributeValue::M(keys));
        item.insert("api_keys_made".into(), AttributeValue::N("12".into()));
        let user: User = read(item).unwrap();
        let kept = &user.api_keys[&12];
        assert_eq!(kept.access, domain::api_key::KeyAccess::Read);
        assert_eq!(value(kept).unwrap(), AttributeValue::M(key));
    }

    #[test]
    fn the_counter_is_a_number() {
        let counted = Item::from([("last".to_owned(), AttributeValue::N("8".into()))]);
        assert_eq!(read::<Counter>(counted).unwrap().last, 8);
    }

    #[test]
    fn an_item_of_another_shape_is_an_error() {
        let [mut item, _] = stored();
        item.insert("user_id".into(), AttributeValue::S("7".into()));
        assert!(read::<Account>(item).is_err());
        assert!(read::<User>(Item::new()).is_err());
    }

    #[test]
    fn an_error_does_not_quote_what_is_stored() {
        let [mut item, _] = stored();
        item.remove("email");
        let error = read::<Account>(item).err().unwrap().to_string();
        assert_eq!(error, "reading an account: missing field `email`");
    }
}
