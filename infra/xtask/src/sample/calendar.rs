//! Days of the Gregorian calendar, written M/D/YYYY as in the sample.

use std::fmt;

/// Days since 1970-01-01, for dates from 1970 on.
#[derive(Clone, Copy)]
pub struct Date(u64);

impl Date {
    pub const fn new(year: u64, month: u64, day: u64) -> Self {
        // Years are counted from March: a leap day is then the last day of its year.
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let days = year * 365 + year / 4 - year / 100 + year / 400;
        Self(days + (153 * month + 2) / 5 + day - 1 - 719_468)
    }

    pub fn plus(self, days: u64) -> Self {
        Self(self.0 + days)
    }

    pub fn days_until(self, later: Self) -> u64 {
        later.0 - self.0
    }

    fn year_month_day(self) -> (u64, u64, u64) {
        let days = self.0 + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 {
            (month + 3, 0)
        } else {
            (month - 9, 1)
        };
        (era * 400 + year + next, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{month}/{day}/{year}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_each_other() {
        for (first, days, last) in [
            (Date::new(1970, 1, 1), 0, "1/1/1970"),
            (Date::new(2012, 2, 28), 1, "2/29/2012"),
            (Date::new(2013, 2, 28), 1, "3/1/2013"),
            (Date::new(2010, 1, 1), 2_921, "12/31/2017"),
            (Date::new(2000, 2, 29), 366, "3/1/2001"),
        ] {
            assert_eq!(first.plus(days).to_string(), last);
        }
    }
}
