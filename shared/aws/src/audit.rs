//! DynamoDB: what was done with accounts, by the owner and the time.
//!
//! One table, keys `pk` and `sk`: `OWNER#{owner}` and `{time}#{id}`. Whoever did it, from where and
//! in which request; no secret, and nothing that somebody typed. An entry goes by the table's TTL
//! (`expires_at`).
//!
//! Of what may come as often as somebody likes, only the first of an hour is written down: an item
//! `HOUR#{owner}#{what}`, with the hour as its `sk`, says that it was.

use std::collections::HashMap;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::audit::{Act, Position, Source};
use domain::hourly::hour;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;

type Item = HashMap<String, AttributeValue>;

/// What is written down of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// A word of [`Act`]. One that this version does not know is shown as it is.
    pub act: String,
    /// The id of the user.
    pub user: i64,
    /// Where the request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The id of the request, as in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What it was about, or what follows from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Entry {
    /// Of an act of a user, of which nothing else is known yet.
    pub fn of(act: Act, user: i64) -> Self {
        Self {
            act: act.as_str().to_owned(),
            user,
            address: None,
            request_id: None,
            detail: None,
        }
    }
}

/// The table of acts.
#[derive(Clone, Debug)]
pub struct Audit {
    client: Client,
    table: String,
}

impl Audit {
    /// The acts in this table.
    pub fn new(config: &SdkConfig, table: String) -> Self {
        let client = Client::new(config);
        Self { client, table }
    }

    /// Writes down what was done at this time with the account of an owner, for so long.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn write(
        &self,
        owner: Uuid,
        entry: &Entry,
        at: Timestamp,
        kept_for: SignedDuration,
    ) -> Result<(), Error> {
        self.write_as(owner, entry, at, Uuid::new_v4(), kept_for)
            .await
    }

    /// Writes it down under an id of the caller's: the same once more changes nothing.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn write_as(
        &self,
        owner: Uuid,
        entry: &Entry,
        at: Timestamp,
        id: Uuid,
        kept_for: SignedDuration,
    ) -> Result<(), Error> {
        let item = item(owner, entry, at, id, kept_for)?;
        let put = self.client.put_item().table_name(&self.table);
        let put = put.set_item(Some(item)).send().await;
        put.map(|_| ())
            .map_err(|error| Error::new("writing down an act", error))
    }

    /// The same of what comes often: of all that is called alike, the first of each hour. Whether this
    /// was the first.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn write_once_an_hour(
        &self,
        owner: Uuid,
        alike: &str,
        entry: &Entry,
        at: Timestamp,
        kept_for: SignedDuration,
    ) -> Result<bool, Error> {
        let item = item(owner, entry, at, Uuid::new_v4(), kept_for)?;
        let puts = [
            self.put(noted(owner, alike, at))
                .condition_expression("attribute_not_exists(pk)"),
            self.put(item),
        ];
        let puts = puts.map(|it| {
            let put = it.build().expect("a put with table and item is whole");
            TransactWriteItem::builder().put(put).build()
        });
        let both = self.client.transact_write_items();
        let both = both.set_transact_items(Some(puts.into())).send().await;
        match both.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(true),
            Err(error) if is_not_the_first(&error) => Ok(false),
            Err(error) => Err(Error::new("writing down an act", error)),
        }
    }

    fn put(&self, item: Item) -> PutBuilder {
        let put = Put::builder().table_name(&self.table);
        put.set_item(Some(item))
    }

    /// Takes as long as [`Audit::write`] does, and writes nothing: for what is written down only where
    /// there is an account, so that the time does not tell whether there is one.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn write_nothing(&self) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.table);
        let put = put
            .item("pk", text(owner_key(Uuid::nil())))
            .item("sk", text("~".to_owned()))
            .condition_expression("attribute_exists(pk)");
        match put.send().await.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(()),
            Err(error) if error.is_conditional_check_failed_exception() => Ok(()),
            Err(error) => Err(Error::new("writing down no act", error)),
        }
    }

    /// What was done with the account of an owner before a position, the latest first: so many at
    /// most.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or an item lacks what is written here.
    pub async fn before(
        &self,
        owner: Uuid,
        position: Option<Position>,
        at_most: i32,
    ) -> Result<Vec<(Position, Entry)>, Error> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :owner AND sk < :before")
            .expression_attribute_values(":owner", text(owner_key(owner)))
            .expression_attribute_values(":before", text(bound(position)))
            .scan_index_forward(false)
            .limit(at_most)
            .send()
            .await
            .map_err(|error| Error::new("reading acts", error))?;
        let items = answer.items.unwrap_or_default();
        items.into_iter().map(read).collect()
    }

    /// Removes the addresses from what was done with the account of an owner, of so many acts at most.
    /// False: there may be more.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn blank(&self, owner: Uuid, at_most: usize) -> Result<bool, Error> {
        let with_address = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :owner")
            .filter_expression("attribute_exists(address)")
            .projection_expression("sk")
            .expression_attribute_values(":owner", text(owner_key(owner)))
            .consistent_read(true);
        let mut pages = with_address.into_paginator().send();
        let mut blanked = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Error::new("reading acts", error))?;
            for item in page.items.unwrap_or_default() {
                if blanked == at_most {
                    return Ok(false);
                }
                if let Some(time) = item.get("sk") {
                    self.blank_one(owner, time.clone()).await?;
                    blanked += 1;
                }
            }
        }
        Ok(true)
    }

    async fn blank_one(&self, owner: Uuid, time: AttributeValue) -> Result<(), Error> {
        let update = self.client.update_item().table_name(&self.table);
        let update = update
            .key("pk", text(owner_key(owner)))
            .key("sk", time)
            .update_expression("REMOVE address")
            // One that has expired meanwhile does not come back.
            .condition_expression("attribute_exists(pk)");
        match update.send().await.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(()),
            Err(error) if error.is_conditional_check_failed_exception() => Ok(()),
            Err(error) => Err(Error::new("removing an address from an act", error)),
        }
    }
}

fn text(text: String) -> AttributeValue {
    AttributeValue::S(text)
}

fn owner_key(owner: Uuid) -> String {
    format!("OWNER#{owner}")
}

/// Times of the same length: their order as text is the one of time.
fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// What comes before a position has a lesser sort key. The digits of an id are lesser than `~`.
fn bound(position: Option<Position>) -> String {
    match position {
        None => "~".to_owned(),
        Some(position) => match position.source {
            Source::Account => format!("{}#{}", time(position.at), position.id),
            Source::Work => format!("{}#~", time(position.at)),
        },
    }
}

fn item(
    owner: Uuid,
    entry: &Entry,
    at: Timestamp,
    id: Uuid,
    kept_for: SignedDuration,
) -> Result<Item, Error> {
    let item = serde_dynamo::to_item(entry);
    let mut item: Item = item.map_err(|error| Error::new("writing down an act", error))?;
    let expires_at = at.as_second() + kept_for.as_secs();
    item.insert("pk".into(), text(owner_key(owner)));
    item.insert("sk".into(), text(format!("{}#{id}", time(at))));
    item.insert(
        "expires_at".into(),
        AttributeValue::N(expires_at.to_string()),
    );
    Ok(item)
}

/// That something of an owner was written down in the hour of this time. It goes when the hour is
/// over.
fn noted(owner: Uuid, alike: &str, at: Timestamp) -> Item {
    let expires_at = at.as_second() + SignedDuration::from_hours(2).as_secs();
    Item::from([
        ("pk".into(), text(format!("HOUR#{owner}#{alike}"))),
        ("sk".into(), text(hour(at).to_string())),
        (
            "expires_at".into(),
            AttributeValue::N(expires_at.to_string()),
        ),
    ])
}

/// Another was first, or is being written at this moment.
fn is_not_the_first(error: &TransactWriteItemsError) -> bool {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return false;
    };
    let first = cancelled.cancellation_reasons().first();
    let code = first.and_then(|it| it.code()).unwrap_or_default();
    ["ConditionalCheckFailed", "TransactionConflict"].contains(&code)
}

fn read(item: Item) -> Result<(Position, Entry), Error> {
    const WHAT: &str = "reading acts";
    let key = item.get("sk").and_then(|it| it.as_s().ok());
    let position = key.and_then(|it| {
        let (at, id) = it.split_once('#')?;
        Some(Position {
            at: at.parse().ok()?,
            source: Source::Account,
            id: id.parse().ok()?,
            number: 0,
        })
    });
    let position =
        position.ok_or_else(|| Error::new(WHAT, std::io::Error::other("no time and id")))?;
    let entry = serde_dynamo::from_item(item).map_err(|error| Error::new(WHAT, error))?;
    Ok((position, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Uuid = Uuid::from_u128(42);
    const ID: Uuid = Uuid::from_u128(0xab);

    fn noon() -> Timestamp {
        "2026-01-01T12:00:00Z".parse().unwrap()
    }

    fn position(at: Timestamp, source: Source) -> Position {
        Position {
            at,
            source,
            id: ID,
            number: 0,
        }
    }

    /// As tables hold it already: it must stay readable.
    #[test]
    fn an_act_comes_back_as_it_was_written() {
        let entry = Entry {
            address: Some("192.0.2.7".into()),
            ..Entry::of(Act::SignedIn, 7)
        };
        let item = item(OWNER, &entry, noon(), ID, SignedDuration::from_hours(24)).unwrap();
        let text = |text: &str| AttributeValue::S(text.into());
        let number = |number: &str| AttributeValue::N(number.into());
        let expected = Item::from([
            (
                "pk".into(),
                text("OWNER#00000000-0000-0000-0000-00000000002a"),
            ),
            (
                "sk".into(),
                text("2026-01-01T12:00:00.000000Z#00000000-0000-0000-0000-0000000000ab"),
            ),
            ("act".into(), text("signed_in")),
            ("user".into(), number("7")),
            ("address".into(), text("192.0.2.7")),
            ("expires_at".into(), number("1767355200")),
        ]);
        assert_eq!(item, expected);
        assert_eq!(
            read(item).unwrap(),
            (position(noon(), Source::Account), entry)
        );
        assert!(read(Item::new()).is_err());
    }

    #[test]
    fn what_was_noted_is_of_an_owner_a_kind_and_an_hour() {
        let items = [
            noted(OWNER, "quota_imports", noon()),
            noted(
                OWNER,
                "quota_imports",
                noon() + SignedDuration::from_mins(59),
            ),
            noted(
                OWNER,
                "quota_imports",
                noon() + SignedDuration::from_mins(60),
            ),
            noted(OWNER, "quota_bytes", noon()),
            noted(ID, "quota_imports", noon()),
        ];
        let keys = items.map(|it| [it["pk"].clone(), it["sk"].clone()]);
        assert_eq!(keys[0], keys[1]);
        for (index, key) in keys.iter().enumerate().skip(2) {
            assert!(!keys[..index].contains(key), "{key:?}");
        }
    }

    /// The order of positions is the one of sort keys.
    #[test]
    fn what_comes_before_a_position_has_a_lesser_key() {
        let key = |at: Timestamp, id: u128| format!("{}#{}", time(at), Uuid::from_u128(id));
        let micro = |it: i64| noon() + SignedDuration::from_micros(it);
        for source in [Source::Account, Source::Work] {
            let bound = bound(Some(position(micro(5), source)));
            for (at, id) in [(4, 0xff), (5, 0xaa), (5, 0xab), (5, 0xac), (6, 0)] {
                let entry = Position {
                    id: Uuid::from_u128(id),
                    ..position(micro(at), Source::Account)
                };
                let is_before = entry < position(micro(5), source);
                assert_eq!(
                    key(micro(at), id) < bound,
                    is_before,
                    "{source:?} {at} {id}"
                );
            }
        }
        assert!(key(Timestamp::MAX, u128::MAX) < bound(None));
    }
}
