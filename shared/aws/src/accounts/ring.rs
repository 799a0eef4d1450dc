//! The key ring as an item of the table of accounts: `KEY#ring`. It is one item, so that a function
//! which meets an unknown kid learns every key by one read, and kids that were made up keep none
//! from it.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::key_ring::KeyRing;
use serde::{Deserialize, Serialize};

use super::{Accounts, items};
use crate::Error;

const KEY: &str = "KEY#ring";

/// Which state of the key ring was read; none before it is first written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revision(i64);

/// What the item holds, without its key.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Raised by each write.
    revision: i64,
    #[serde(flatten)]
    ring: KeyRing,
}

impl Accounts {
    /// The key ring, empty before it is first written.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item lacks what [`Accounts::put_key_ring`] writes.
    pub async fn key_ring(&self) -> Result<(KeyRing, Revision), Error> {
        let Some(item) = self.get(KEY.to_owned()).await? else {
            return Ok(Default::default());
        };
        let stored: Stored = items::read(item)?;
        Ok((stored.ring, Revision(stored.revision)))
    }

    /// Writes the key ring in the place of the one that was read. False if another write came
    /// first: then nothing was written.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn put_key_ring(&self, ring: &KeyRing, read: Revision) -> Result<bool, Error> {
        let stored = Stored {
            revision: read.0 + 1,
            ring: ring.clone(),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(items::keyed(KEY.to_owned(), &stored)?));
        let put = match read {
            Revision(0) => put.condition_expression("attribute_not_exists(pk)"),
            Revision(read) => put
                .condition_expression("revision = :read")
                .expression_attribute_values(":read", AttributeValue::N(read.to_string())),
        };
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) => {
                let error = error.into_service_error();
                if error.is_conditional_check_failed_exception() {
                    return Ok(false);
                }
                Err(Error::new("writing the key ring", error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::key_ring::PublicKey;

    use super::*;

    /// As tables hold it already: it must stay readable.
    #[test]
    fn a_key_ring_comes_back_as_it_was_written() {
        let made_at = "2026-01-01T12:00:00Z".parse().unwrap();
        let key = |kid: &str, ends_at| PublicKey {
            kid: kid.to_owned(),
            x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned(),
            made_at,
            ends_at,
        };
        let ring = KeyRing {
            keys: vec![key("a", Some(made_at)), key("b", None)],
            rotating_until: None,
        };
        let stored = Stored {
            revision: 7,
            ring: ring.clone(),
        };
        let item = items::keyed(KEY.to_owned(), &stored).unwrap();
        let mut names: Vec<&String> = item.keys().collect();
        names.sort();
        assert_eq!(names, ["keys", "pk", "revision"]);
        assert_eq!(item["pk"], AttributeValue::S("KEY#ring".into()));
        assert_eq!(item["revision"], AttributeValue::N("7".into()));
        let keys = item["keys"].as_l().unwrap();
        let first = keys[0].as_m().unwrap();
        assert_eq!(
            first["ends_at"],
            AttributeValue::S("2026-01-01T12:00:00Z".into())
        );
        assert!(!keys[1].as_m().unwrap().contains_key("ends_at"));
        let back: Stored = items::read(item).unwrap();
        assert_eq!((back.ring, back.revision), (ring, 7));
    }
}
