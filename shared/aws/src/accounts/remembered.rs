//! Where an account was signed in from last.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::limits::ADDRESSES_REMEMBERED;

use super::items::{self, text};
use super::writes::written;
use super::{Account, Accounts};
use crate::Error;

impl Account {
    /// Whether it was signed in from here lately.
    pub fn remembers(&self, address: &str) -> bool {
        self.addresses.iter().any(|it| it == address)
    }

    /// What it remembers with this address, in the place of the one that was used least lately.
    fn remembering(&self, address: &str) -> Vec<String> {
        let others = self.addresses.iter().filter(|it| *it != address);
        let mut all: Vec<String> = others.cloned().collect();
        all.push(address.to_owned());
        let too_many = all.len().saturating_sub(ADDRESSES_REMEMBERED);
        all.split_off(too_many)
    }
}

impl Accounts {
    /// Remembers the address that an account was signed in from, if that is not the last one anyway.
    /// Of two sign-ins at the same moment one may be forgotten.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn remember_address(&self, account: &Account, address: &str) -> Result<(), Error> {
        if account.addresses.last().is_some_and(|it| it == address) {
            return Ok(());
        }
        let all = account.remembering(address);
        let all = all.iter().map(|it| text(it)).collect();
        let update = self
            .update(items::username_key(&account.username))
            .update_expression("SET addresses = :all")
            // The name may be another user's by now.
            .condition_expression("user_id = :id AND attribute_not_exists(leaving)")
            .expression_attribute_values(":id", items::number(account.id))
            .expression_attribute_values(":all", AttributeValue::L(all));
        written("remembering an address", update).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn account(addresses: &[&str]) -> Account {
        Account {
            id: 7,
            owner: Uuid::from_u128(42),
            username: "ada".into(),
            email: String::new(),
            password_hash: "$argon2id$…".into(),
            addresses: addresses.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    #[test]
    fn the_last_ones_are_remembered() {
        #[rustfmt::skip]
        let table: [(&[&str], &str, &[&str]); 4] = [
            (&[],         "a", &["a"]),
            (&["a"],      "b", &["a", "b"]),
            (&["a", "b"], "a", &["b", "a"]),
            (&["a", "b"], "b", &["a", "b"]),
        ];
        for (before, address, after) in table {
            let account = account(before);
            assert_eq!(account.remembering(address), after, "{before:?} {address}");
            assert_eq!(account.remembers(address), before.contains(&address));
        }
        let names: Vec<String> = (0..ADDRESSES_REMEMBERED).map(|it| it.to_string()).collect();
        let full: Vec<&str> = names.iter().map(String::as_str).collect();
        let after = account(&full).remembering("new");
        assert_eq!(after.len(), ADDRESSES_REMEMBERED);
        assert_eq!(
            (after[0].as_str(), after.last().unwrap().as_str()),
            ("1", "new")
        );
    }
}
