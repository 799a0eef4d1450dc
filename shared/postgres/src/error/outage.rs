use tokio_postgres::error::SqlState;

use super::{Error, is_conversion};

/// Why the server does nothing for anybody at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// It has no session to spare, or no memory or disk.
    Full,
    /// It is not reached, starts, stops or has ended the session; or its password is being changed.
    Away,
}

impl Error {
    /// Whether it is the server that is not to be had at this moment, whatever it was asked.
    pub fn outage(&self) -> Option<Outage> {
        let error = match self {
            Error::Server(error) => &error.0,
            Error::NoSession => return Some(Outage::Away),
            _ => return None,
        };
        match error.code() {
            Some(state) => of_state(state),
            None => (!is_conversion(error)).then_some(Outage::Away),
        }
    }
}

fn of_state(state: &SqlState) -> Option<Outage> {
    let begins_with = |classes: &[&str]| classes.iter().any(|it| state.code().starts_with(it));
    if begins_with(&["53"]) {
        Some(Outage::Full)
    } else if begins_with(&["57P0", "08", "28"]) {
        Some(Outage::Away)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_servers_own() {
        for (state, expected) in [
            ("53300", Some(Outage::Full)),
            ("53400", Some(Outage::Full)),
            ("53200", Some(Outage::Full)),
            ("57P01", Some(Outage::Away)),
            ("57P03", Some(Outage::Away)),
            ("08006", Some(Outage::Away)),
            ("28P01", Some(Outage::Away)),
            // Of this request alone.
            ("57014", None),
            ("40P01", None),
            ("55P03", None),
            ("42P01", None),
            ("22003", None),
        ] {
            assert_eq!(of_state(&SqlState::from_code(state)), expected, "{state}");
        }
        assert_eq!(Error::NoSession.outage(), Some(Outage::Away));
        assert_eq!(Error::Stored(String::new()).outage(), None);
    }
}
