//! The account of a user who leaves. It is deleted by one commit: from then on it is found by nobody,
//! its password hash, address and API keys are gone, and its id stands in `LEAVING#users`. The two items
//! stay, marked, until all that the user had is removed: the name is not free before.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::leaving::{Removed, ReportId};
use domain::limits::REPORT_KEPT_FOR;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use trial::point;
use uuid::Uuid;

use super::ending::whole;
use super::items::{self, Item, number, report_key, text};
use super::writes::{conflicts, refused, written};
use super::{Account, Accounts, Overtaken, TRIES};
use crate::Error;

/// The users who wait to be taken up, as a set of numbers.
const LIST_KEY: &str = "LEAVING#users";
const LIST: &str = "users";

/// What both items of an account have that is deleted; of the user's it is the time.
const MARK: &str = "leaving";

/// How a wish to delete an account ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It is deleted.
    Done,
    /// Meanwhile it has got another password. Nothing was written.
    Outdated,
    /// It was deleted before.
    Gone,
}

/// A user whose account is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Leaver {
    /// The id.
    #[serde(skip)]
    pub id: i64,
    /// What imports are owned by.
    pub owner: Uuid,
    /// A name that is not free yet.
    pub username: String,
    /// When the account was deleted.
    #[serde(rename = "leaving")]
    pub asked_at: Timestamp,
    /// What the report is kept under.
    report: String,
}

/// What is told of a deleted account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// When it was deleted.
    pub asked_at: Timestamp,
    /// When everything of it was gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What was removed, from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    /// It is told until this second since the Unix epoch: the table's TTL.
    pub expires_at: i64,
}

/// Whether this is an item of a deleted account.
pub(super) fn is_leaving(item: &Item) -> bool {
    item.contains_key(MARK)
}

fn kept_until(from: Timestamp) -> i64 {
    from.as_second() + REPORT_KEPT_FOR.as_secs()
}

impl Report {
    /// Of an account that is deleted at this time.
    pub fn begun(at: Timestamp) -> Self {
        Self {
            asked_at: at,
            ended_at: None,
            removed: None,
            expires_at: kept_until(at),
        }
    }

    /// When it is told no more.
    pub fn told_until(&self) -> Timestamp {
        Timestamp::from_second(self.expires_at).unwrap_or(self.asked_at)
    }
}

impl Accounts {
    /// Deletes the account whose password was checked: it, its report and its place in the list are
    /// written together, or nothing is.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or each try met another write.
    pub async fn leave(
        &self,
        account: &Account,
        id: &ReportId,
        report: &Report,
    ) -> Result<Left, Error> {
        const WHAT: &str = "deleting an account";
        let key = report_key(&id.digest());
        let writes = [
            self.blanked(account),
            self.marked(account, &key, report.asked_at),
            self.listed(account.id),
            self.put_new(items::keyed(key, report)?),
        ];
        for _ in 0..TRIES {
            match self.write_all(writes.clone()).await {
                Ok(()) => {
                    point("account-deleted");
                    return Ok(Left::Done);
                }
                Err(error) if refused(&error, 1) => return Ok(Left::Gone),
                Err(error) if refused(&error, 0) => return Ok(Left::Outdated),
                Err(error) if conflicts(&error) => {}
                Err(error) => return Err(Error::new(WHAT, error)),
            }
        }
        Err(Error::new(WHAT, Overtaken))
    }

    /// Of the item that holds the name, nothing but the name stays.
    fn blanked(&self, account: &Account) -> TransactWriteItem {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", text(&items::username_key(&account.username)))
            .update_expression("SET leaving = :mark REMOVE email, password_hash, addresses")
            .condition_expression("password_hash = :read AND user_id = :id")
            .expression_attribute_values(":mark", AttributeValue::Bool(true))
            .expression_attribute_values(":read", text(&account.password_hash))
            .expression_attribute_values(":id", number(account.id));
        whole(update)
    }

    fn marked(&self, account: &Account, report: &str, at: Timestamp) -> TransactWriteItem {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", text(&items::user_key(account.id)))
            .update_expression("SET leaving = :at, #report = :report REMOVE api_keys")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(leaving)")
            .expression_attribute_names("#report", "report")
            .expression_attribute_values(":at", text(&at.to_string()))
            .expression_attribute_values(":report", text(report));
        whole(update)
    }

    fn listed(&self, user: i64) -> TransactWriteItem {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", text(LIST_KEY))
            .update_expression("ADD #list :user")
            .expression_attribute_names("#list", LIST)
            .expression_attribute_values(":user", one(user));
        whole(update)
    }

    /// The ids of users whose accounts were deleted and who are not taken up yet, in the order of
    /// their ids.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item is not what is written here.
    pub async fn leaving(&self) -> Result<Vec<i64>, Error> {
        let item = self.get(LIST_KEY.to_owned()).await?.unwrap_or_default();
        numbers(&item)
    }

    /// Takes a user off the list.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn take_up(&self, user: i64) -> Result<(), Error> {
        let update = self
            .update(LIST_KEY.to_owned())
            .update_expression("DELETE #list :user")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#list", LIST)
            .expression_attribute_values(":user", one(user));
        written("taking up a deleted account", update).await?;
        point("taken-off-the-list");
        Ok(())
    }

    /// The user of this id, if the account is deleted; none once it is gone.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item lacks what is written here.
    pub async fn leaver(&self, id: i64) -> Result<Option<Leaver>, Error> {
        let item = self.get(items::user_key(id)).await?.filter(is_leaving);
        let leaver = item.map(items::read::<Leaver>).transpose()?;
        Ok(leaver.map(|leaver| Leaver { id, ..leaver }))
    }

    /// What is told of the account whose report has this address, if it is told still.
    ///
    /// # Errors
    /// DynamoDB could not be reached, or the item lacks what is written here.
    pub async fn report(&self, id: &ReportId, now: Timestamp) -> Result<Option<Report>, Error> {
        let item = self.get(report_key(&id.digest())).await?;
        let report = item.map(items::read::<Report>).transpose()?;
        // DynamoDB may be late.
        Ok(report.filter(|it| it.expires_at > now.as_second()))
    }

    /// Ends a report. One that has expired is not written again.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn end_report(
        &self,
        leaver: &Leaver,
        removed: &Removed,
        at: Timestamp,
    ) -> Result<(), Error> {
        let update = self
            .update(leaver.report.clone())
            .update_expression("SET ended_at = :at, removed = :removed, expires_at = :expires")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":at", text(&at.to_string()))
            .expression_attribute_values(":removed", items::value(removed)?)
            .expression_attribute_values(":expires", number(kept_until(at)));
        written("ending a report", update).await?;
        point("report-ended");
        Ok(())
    }

    /// Frees the name of a deleted account. One that another account has by now stays its own.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn free_name(&self, leaver: &Leaver) -> Result<(), Error> {
        let key = items::username_key(&leaver.username);
        let values = HashMap::from([(":id".to_owned(), number(leaver.id))]);
        let condition = "user_id = :id AND attribute_exists(leaving)";
        self.delete_if(key, condition, Some(values)).await?;
        point("name-freed");
        Ok(())
    }

    /// Removes the last item of a deleted account.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn forget_user(&self, id: i64) -> Result<(), Error> {
        let key = items::user_key(id);
        self.delete_if(key, "attribute_exists(leaving)", None)
            .await?;
        point("user-forgotten");
        Ok(())
    }

    /// Deletes an item if the condition holds; it is no error if it does not.
    async fn delete_if(
        &self,
        key: String,
        condition: &str,
        values: Option<HashMap<String, AttributeValue>>,
    ) -> Result<(), Error> {
        let deleted = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", text(&key))
            .condition_expression(condition)
            .set_expression_attribute_values(values)
            .send()
            .await;
        match deleted {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = error.into_service_error();
                if error.is_conditional_check_failed_exception() {
                    return Ok(());
                }
                Err(Error::new("removing an item of a deleted account", error))
            }
        }
    }
}

fn one(user: i64) -> AttributeValue {
    AttributeValue::Ns(vec![user.to_string()])
}

fn numbers(item: &Item) -> Result<Vec<i64>, Error> {
    const WHAT: &str = "reading who leaves";
    let Some(list) = item.get(LIST) else {
        return Ok(Vec::new());
    };
    let texts = list
        .as_ns()
        .map_err(|_| Error::new(WHAT, std::io::Error::other("no set of numbers")))?;
    let numbers = texts.iter().map(|it| it.parse::<i64>());
    let numbers: Result<Vec<i64>, _> = numbers.collect();
    let mut numbers = numbers.map_err(|error| Error::new(WHAT, error))?;
    numbers.sort_unstable();
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-01-01T12:00:00Z".parse().unwrap()
    }

    /// As [`Accounts::leave`] leaves it.
    #[test]
    fn a_leaver_comes_back_as_it_was_marked() {
        let item = Item::from([
            ("pk".to_owned(), text("USER#7")),
            (
                "owner".to_owned(),
                text("00000000-0000-0000-0000-00000000002a"),
            ),
            ("username".to_owned(), text("Ada@home")),
            ("tokens_valid_from".to_owned(), number(5)),
            ("leaving".to_owned(), text("2026-01-01T12:00:00Z")),
            ("report".to_owned(), text("REPORT#0a")),
        ]);
        assert!(is_leaving(&item));
        let leaver: Leaver = items::read(item).unwrap();
        assert_eq!(leaver.owner, Uuid::from_u128(42));
        assert_eq!(leaver.asked_at, noon());
        assert_eq!(leaver.report, "REPORT#0a");
    }

    #[test]
    fn a_report_comes_back_as_it_was_written() {
        let begun = Report::begun(noon());
        let mut item = items::keyed("REPORT#0a".to_owned(), &begun).unwrap();
        let mut names: Vec<&String> = item.keys().collect();
        names.sort();
        assert_eq!(names, ["asked_at", "expires_at", "pk"]);
        assert_eq!(item["expires_at"], number(1_769_860_800));
        assert_eq!(items::read::<Report>(item.clone()).unwrap(), begun);
        let removed = Removed {
            imports: 3,
            rows: 1000,
            ..Removed::default()
        };
        item.insert("removed".to_owned(), items::value(&removed).unwrap());
        item.insert("ended_at".to_owned(), text("2026-01-01T14:00:00Z"));
        let ended = items::read::<Report>(item).unwrap();
        assert_eq!(ended.removed, Some(removed));
        assert!(ended.ended_at > Some(noon()));
    }

    #[test]
    fn who_leaves_is_a_set_of_numbers() {
        let item = |list: AttributeValue| Item::from([(LIST.to_owned(), list)]);
        let numbers = |item: Item| super::numbers(&item);
        assert_eq!(numbers(Item::new()).unwrap(), [0; 0]);
        let two = AttributeValue::Ns(vec!["12".to_owned(), "7".to_owned()]);
        assert_eq!(numbers(item(two)).unwrap(), [7, 12]);
        assert!(numbers(item(text("7"))).is_err());
    }
}
