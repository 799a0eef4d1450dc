//! A request for an API key.

use domain::api_key::KeyAccess;
use domain::limits::{API_KEY_DAYS_AT_MOST, API_KEY_DAYS_USUALLY, API_KEY_NAME_CHARS_AT_MOST};
use domain::words::NOT_A_DATETIME;
use jiff::{SignedDuration, Timestamp};
use lambda::http::body::Fields;
use lambda::http::words::{NOT_AN_INTEGER, not_a_choice, too_long};
use lambda::http::{FieldErrors, Refusal, fields};

/// What is asked of a new key.
pub(super) struct NewKey {
    pub(super) name: String,
    pub(super) access: KeyAccess,
    pub(super) expires_at: Timestamp,
    pub(super) current_password: String,
}

impl NewKey {
    /// Reads all fields.
    ///
    /// # Errors
    /// 400 with what is wrong with each.
    pub(super) fn read(fields: Fields<'_>, now: Timestamp) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        let name = errors.noted("name", name(fields));
        let access = errors.noted("access", access(fields));
        let expires_at = end(fields, now, &mut errors);
        let password = fields::as_sent(fields, "current_password").and_then(fields::without_nul);
        let password = errors.noted("current_password", password);
        let (Some(name), Some(access), Some(expires_at), Some(current_password)) =
            (name, access, expires_at, password)
        else {
            return Err(Refusal::Fields(errors));
        };
        Ok(Self {
            name,
            access,
            expires_at,
            current_password,
        })
    }
}

fn name(fields: Fields<'_>) -> Result<String, String> {
    let name = fields::required(fields, "name").and_then(fields::without_nul)?;
    if name.chars().count() > API_KEY_NAME_CHARS_AT_MOST {
        return Err(too_long(API_KEY_NAME_CHARS_AT_MOST));
    }
    Ok(name)
}

fn access(fields: Fields<'_>) -> Result<KeyAccess, String> {
    let asked = fields::required(fields, "access")?;
    let choices = KeyAccess::ALL.iter().map(<&str>::from);
    asked.parse().map_err(|_| not_a_choice(&asked, choices))
}

/// When the key ends: at a time, or some days from now. An empty field counts as missing.
fn end(fields: Fields<'_>, now: Timestamp, errors: &mut FieldErrors) -> Option<Timestamp> {
    let at = errors.noted("expires_at", fields::optional(fields, "expires_at"))?;
    let days = errors.noted("days", fields::optional(fields, "days"))?;
    match (at.is_empty(), days.is_empty()) {
        (true, true) => Some(after(now, API_KEY_DAYS_USUALLY)),
        (true, false) => errors.noted("days", in_days(&days, now)),
        (false, true) => errors.noted("expires_at", at_time(&at, now)),
        (false, false) => errors.noted("days", Err("Send expires_at or days, not both.")),
    }
}

fn in_days(days: &str, now: Timestamp) -> Result<Timestamp, String> {
    let days: i64 = days.parse().map_err(|_| NOT_AN_INTEGER)?;
    if days < 1 {
        return Err("Ensure this value is greater than or equal to 1.".to_owned());
    }
    if days > API_KEY_DAYS_AT_MOST {
        return Err(format!(
            "Ensure this value is less than or equal to {API_KEY_DAYS_AT_MOST}."
        ));
    }
    Ok(after(now, days))
}

fn at_time(at: &str, now: Timestamp) -> Result<Timestamp, String> {
    let at = in_seconds(at.parse().map_err(|_| NOT_A_DATETIME)?);
    if at <= now {
        return Err(format!("This is past: it is {now} already."));
    }
    let latest = after(now, API_KEY_DAYS_AT_MOST);
    if at > latest {
        return Err(format!(
            "A key ends within {API_KEY_DAYS_AT_MOST} days: at {latest} at the latest."
        ));
    }
    Ok(at)
}

/// The time without the fractions of its second.
pub(super) fn in_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).expect("a time is one without its fractions, too")
}

fn after(now: Timestamp, days: i64) -> Timestamp {
    now + SignedDuration::from_hours(24 * days)
}

#[cfg(test)]
mod tests;
