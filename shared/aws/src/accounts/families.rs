//! Families of refresh tokens: an item each, from the first exchange, or its end, until the last
//! token of it has expired (`expires_at` is the table's TTL).
//!
//! A refresh token that belongs to no family is one of its own, under the token's id: an item of it
//! says that it was ended.

use domain::family::{Family, Spent};
use domain::limits::REFRESHED_AGAIN_WITHIN;
use serde::Deserialize;

use super::Accounts;
use super::items::{self, number, text};
use super::writes::written;
use crate::Error;

/// A token that is exchanged for its successor. Times are seconds since the Unix epoch.
pub struct Exchange<'t> {
    /// The id of its family.
    pub family: &'t str,
    /// Whose it is.
    pub user_id: i64,
    /// The id of the token.
    pub jti: &'t str,
    /// The id of the token that it was given for; `None`: it is the first.
    pub parent: Option<&'t str>,
    /// When the family began.
    pub began: i64,
    /// Now.
    pub at: i64,
    /// When its successor ends.
    pub successor_ends: i64,
}

/// The attributes of an item, as they are stored.
#[derive(Deserialize)]
struct Stored {
    spent: Option<String>,
    spent_at: Option<i64>,
    began: Option<i64>,
    ended_at: Option<i64>,
}

impl Accounts {
    /// What is known of a family.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item lacks what is written here.
    pub async fn family(&self, id: &str) -> Result<Family, Error> {
        match self.get(items::family_key(id)).await? {
            Some(item) => Ok(items::read::<Stored>(item)?.into()),
            None => Ok(Family::default()),
        }
    }

    /// Marks a token as exchanged. False if its family has ended, or another request was first;
    /// nothing is written then.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn exchange(&self, token: &Exchange<'_>) -> Result<bool, Error> {
        const SET: &str = "SET spent = :jti, spent_at = :at, user_id = :user, \
            expires_at = :expires, began = if_not_exists(began, :began)";
        // Another successor may be given later, which ends later.
        let expires = token.successor_ends + REFRESHED_AGAIN_WITHIN.as_secs();
        let update = self
            .update(items::family_key(token.family))
            .update_expression(SET)
            .expression_attribute_values(":jti", text(token.jti))
            .expression_attribute_values(":at", number(token.at))
            .expression_attribute_values(":user", number(token.user_id))
            .expression_attribute_values(":expires", number(expires))
            .expression_attribute_values(":began", number(token.began));
        let update = match token.parent {
            Some(parent) => update
                .condition_expression("spent = :parent AND attribute_not_exists(ended_at)")
                .expression_attribute_values(":parent", text(parent)),
            None => update.condition_expression(
                "attribute_not_exists(spent) AND attribute_not_exists(ended_at)",
            ),
        };
        written("exchanging a token", update).await
    }

    /// Ends a family, one of whose tokens was presented at this second and expires at `expires_at`.
    /// When it answers, no token of it is exchanged any more.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn end_family(
        &self,
        id: &str,
        user_id: i64,
        now: i64,
        expires_at: i64,
    ) -> Result<(), Error> {
        // The item of a family whose tokens were exchanged is kept as long as the last of them is
        // good, which may be longer.
        const SET: &str = "SET ended_at = if_not_exists(ended_at, :now), user_id = :user, \
            expires_at = if_not_exists(expires_at, :expires)";
        let update = self
            .update(items::family_key(id))
            .update_expression(SET)
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":user", number(user_id))
            .expression_attribute_values(":expires", number(expires_at));
        written("ending a family of tokens", update).await?;
        Ok(())
    }
}

impl From<Stored> for Family {
    fn from(stored: Stored) -> Self {
        let spent = stored.spent.zip(stored.spent_at);
        Self {
            spent: spent.map(|(jti, at)| Spent { jti, at }),
            began: stored.began,
            ended: stored.ended_at.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::items::Item;
    use super::*;

    #[test]
    fn a_family_comes_back_as_it_was_written() {
        let item = Item::from([
            ("pk".to_owned(), text("FAMILY#a")),
            ("spent".to_owned(), text("b")),
            ("spent_at".to_owned(), number(5)),
            ("began".to_owned(), number(3)),
            ("user_id".to_owned(), number(7)),
            ("expires_at".to_owned(), number(9)),
        ]);
        let mut expected = Family {
            spent: Some(Spent {
                jti: "b".to_owned(),
                at: 5,
            }),
            began: Some(3),
            ended: false,
        };
        let read = |item: &Item| Family::from(items::read::<Stored>(item.clone()).unwrap());
        assert_eq!(read(&item), expected);
        let mut item = item;
        item.insert("ended_at".to_owned(), number(6));
        expected.ended = true;
        assert_eq!(read(&item), expected);
    }

    #[test]
    fn a_family_may_end_before_a_token_of_it_was_exchanged() {
        let item = Item::from([
            ("pk".to_owned(), text("FAMILY#a")),
            ("ended_at".to_owned(), number(6)),
        ]);
        let family = Family::from(items::read::<Stored>(item).unwrap());
        assert!(family.ended && family.spent.is_none());
    }
}
