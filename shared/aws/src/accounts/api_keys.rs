//! API keys: a map on the item of their user, which every request reads anyway.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::api_key::KeptKey;
use domain::limits::API_KEYS_OF_A_USER_AT_MOST;
use serde::Deserialize;

use super::writes::{is_unmet, written};
use super::{Accounts, items};
use crate::Error;

/// The keys by their numbers, and the number of the last one.
const KEYS: &str = "api_keys";
const MADE: &str = "api_keys_made";

/// What the counter of a user's keys holds.
#[derive(Deserialize)]
struct Made {
    #[serde(rename = "api_keys_made")]
    last: i64,
}

impl Accounts {
    /// The number of the next key of a user; `None` if there is no such user any more. A number
    /// whose key is not kept after all is not used again.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn next_key_number(&self, user: i64) -> Result<Option<i64>, Error> {
        const WHAT: &str = "numbering an API key";
        let counted = self
            .update(items::user_key(user))
            .update_expression("SET #keys = if_not_exists(#keys, :none) ADD #made :one")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(leaving)")
            .expression_attribute_names("#keys", KEYS)
            .expression_attribute_names("#made", MADE)
            .expression_attribute_values(":none", AttributeValue::M(items::Item::new()))
            .expression_attribute_values(":one", items::number(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match counted.map_err(SdkError::into_service_error) {
            Ok(counted) => {
                let made: Made = items::read(counted.attributes.unwrap_or_default())?;
                Ok(Some(made.last))
            }
            Err(error) if is_unmet(&error) => Ok(None),
            Err(error) => Err(Error::new(WHAT, error)),
        }
    }

    /// Keeps a key under the number that was made for it; false if the user has as many as a user
    /// may have. DynamoDB counts them in the update itself, so that of two requests at the same
    /// moment the second one sees the key of the first. The SDK may send the update again after an
    /// answer was lost: then the key itself is there already.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn keep_key(&self, user: i64, number: i64, key: &KeptKey) -> Result<bool, Error> {
        let update = self
            .update(items::user_key(user))
            .update_expression("SET #keys.#number = :key")
            .condition_expression("attribute_exists(#keys.#number) OR size(#keys) < :most")
            .expression_attribute_names("#keys", KEYS)
            .expression_attribute_names("#number", number.to_string())
            .expression_attribute_values(":key", items::value(key)?)
            .expression_attribute_values(
                ":most",
                AttributeValue::N(API_KEYS_OF_A_USER_AT_MOST.to_string()),
            );
        written("keeping an API key", update).await
    }

    /// Removes a key: from here on it is unknown. False if the user has none of this number.
    ///
    /// # Errors
    /// DynamoDB could not be reached.
    pub async fn revoke_key(&self, user: i64, number: i64) -> Result<bool, Error> {
        let update = self
            .update(items::user_key(user))
            .update_expression("REMOVE #keys.#number")
            .condition_expression("attribute_exists(#keys.#number)")
            .expression_attribute_names("#keys", KEYS)
            .expression_attribute_names("#number", number.to_string());
        written("revoking an API key", update).await
    }
}
