//! A function's settings: environment variables, checked once at the start. The one reader of the
//! environment; only switches for tests are read elsewhere.
#![deny(missing_docs)]

use std::env;
use std::fmt::Display;
use std::str::FromStr;

/// A setting that is missing or unusable, so that the function cannot start. Never quotes the
/// value.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingError {
    /// The variable is not set, or empty.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// The variable is set to something that does not parse.
    #[error("the environment variable {name} cannot be used: {why}")]
    Unusable {
        /// The variable.
        name: &'static str,
        /// What is wrong with its value.
        why: String,
    },
}

/// The value of `name`, which must not be empty.
///
/// # Errors
/// The variable is missing or empty.
pub fn required(name: &'static str) -> Result<String, SettingError> {
    optional(name).ok_or(SettingError::Missing(name))
}

/// The value of `name`, or `None` if it is missing or empty.
pub fn optional(name: &'static str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of `name` as a `T`.
///
/// # Errors
/// The variable is missing, empty, or does not parse.
pub fn parsed<T>(name: &'static str) -> Result<T, SettingError>
where
    T: FromStr<Err: Display>,
{
    let value = required(name)?;
    value.parse().map_err(|why: T::Err| SettingError::Unusable {
        name,
        why: why.to_string(),
    })
}

/// The value of `name` as a `T`, or `default` if the variable is missing or empty.
///
/// # Errors
/// The variable is set and does not parse.
pub fn parsed_or<T>(name: &'static str, default: T) -> Result<T, SettingError>
where
    T: FromStr<Err: Display>,
{
    match optional(name) {
        Some(_) => parsed(name),
        None => Ok(default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_there_or_named() {
        // To set or unset a variable would need `unsafe`; cargo sets this one.
        assert!(required("CARGO_PKG_NAME").is_ok());
        let missing = SettingError::Missing("NO_SUCH_VARIABLE");
        assert_eq!(required("NO_SUCH_VARIABLE"), Err(missing));
        assert_eq!(parsed_or("NO_SUCH_VARIABLE", 7), Ok(7));
        assert!(matches!(
            parsed::<u16>("CARGO_PKG_NAME"),
            Err(SettingError::Unusable {
                name: "CARGO_PKG_NAME",
                ..
            })
        ));
    }
}
