//! Writes that hold only under a condition: of one item, or of several together.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::Accounts;
use super::items::text;
use crate::Error;

impl Accounts {
    /// An update of the item with this key, to be completed.
    pub(super) fn update(&self, key: String) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name(&self.table);
        update.key("pk", text(&key))
    }

    /// Carries out all writes, or none.
    pub(super) async fn write_all<const N: usize>(
        &self,
        writes: [TransactWriteItem; N],
    ) -> Result<(), TransactWriteItemsError> {
        self.client
            .transact_write_items()
            .set_transact_items(Some(writes.into()))
            .send()
            .await
            .map_err(SdkError::into_service_error)?;
        Ok(())
    }
}

/// Whether the update was written: false if its condition does not hold.
pub(super) async fn written(
    what: &'static str,
    update: UpdateItemFluentBuilder,
) -> Result<bool, Error> {
    match update.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(is_unmet) => Ok(false),
        Err(error) => Err(Error::new(what, error)),
    }
}

/// Whether it is the condition of an update that did not hold.
pub(super) fn is_unmet(error: &UpdateItemError) -> bool {
    error.is_conditional_check_failed_exception()
}

/// Whether this one of several writes was refused by its condition.
pub(super) fn refused(error: &TransactWriteItemsError, index: usize) -> bool {
    reasons(error).get(index) == Some(&"ConditionalCheckFailed")
}

/// Whether another transaction with one of the items was under way.
pub(super) fn conflicts(error: &TransactWriteItemsError) -> bool {
    reasons(error).contains(&"TransactionConflict")
}

/// Why each of the writes was refused; empty if the error is another one.
fn reasons(error: &TransactWriteItemsError) -> Vec<&str> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return Vec::new();
    };
    let reasons = cancelled.cancellation_reasons().iter();
    reasons.map(|it| it.code().unwrap_or_default()).collect()
}
