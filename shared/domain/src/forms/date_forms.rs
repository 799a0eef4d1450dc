use serde::{Deserialize, Serialize};

/// The order of the numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Month first: 1/27/2016.
    Mdy,
    /// Day first: 27/1/2016.
    Dmy,
    /// Year first: 2016/1/27.
    Ymd,
}

impl DateOrder {
    /// Every order, for the words that name them.
    pub const ALL: [DateOrder; 3] = [DateOrder::Mdy, DateOrder::Dmy, DateOrder::Ymd];

    /// The name in parameters and answers.
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::Mdy => "mdy",
            DateOrder::Dmy => "dmy",
            DateOrder::Ymd => "ymd",
        }
    }

    /// The form with this separator, and the same day in each, e.g. `M/D/YYYY (1/27/2016)`.
    fn in_words(self, separator: char) -> String {
        let (names, numbers) = match self {
            DateOrder::Mdy => (["M", "D", "YYYY"], ["1", "27", "2016"]),
            DateOrder::Dmy => (["D", "M", "YYYY"], ["27", "1", "2016"]),
            DateOrder::Ymd => (["YYYY", "M", "D"], ["2016", "1", "27"]),
        };
        let joined = |parts: [&str; 3]| parts.join(&separator.to_string());
        format!("{} ({})", joined(names), joined(numbers))
    }
}

/// The forms of dates that are taken: for each separator, the order of the numbers. One text is
/// never two days, because its separator chooses the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateForms {
    /// With `/`.
    pub slash: Option<DateOrder>,
    /// With `.`.
    pub dot: Option<DateOrder>,
    /// With `-`. Dates like 2016-01-27, with all digits given, are always taken.
    pub dash: Option<DateOrder>,
}

impl DateForms {
    /// No form but, where it is taken, YYYY-MM-DD.
    pub const NONE: DateForms = DateForms {
        slash: None,
        dot: None,
        dash: None,
    };

    /// M/D/YYYY and YYYY-MM-DD: the forms of imports that have no reading pinned.
    pub const BEFORE: DateForms = DateForms {
        slash: Some(DateOrder::Mdy),
        dot: None,
        dash: None,
    };

    /// M/D/YYYY, D.M.YYYY and YYYY-MM-DD. A point is no American separator: the two numeric forms
    /// never read one text as two days.
    pub const USUAL: DateForms = DateForms {
        slash: Some(DateOrder::Mdy),
        dot: Some(DateOrder::Dmy),
        dash: None,
    };

    /// The forms when an order was said: it holds for every separator, and YYYY-MM-DD stays.
    pub const fn said(order: DateOrder) -> Self {
        Self {
            slash: Some(order),
            dot: Some(order),
            dash: Some(order),
        }
    }

    /// The order of dates with this separator.
    pub fn order(self, separator: u8) -> Option<DateOrder> {
        match separator {
            b'/' => self.slash,
            b'.' => self.dot,
            b'-' => self.dash,
            _ => None,
        }
    }

    /// The form with this separator, to be set.
    pub(crate) fn form(&mut self, separator: u8) -> Option<&mut Option<DateOrder>> {
        match separator {
            b'/' => Some(&mut self.slash),
            b'.' => Some(&mut self.dot),
            b'-' => Some(&mut self.dash),
            _ => None,
        }
    }

    /// The forms in words, each with an example.
    pub fn in_words(self) -> String {
        let separators = ['/', '.', '-'];
        let numeric = separators.into_iter().filter_map(|separator| {
            let order = self.order(separator as u8)?;
            Some(order.in_words(separator))
        });
        let iso = "YYYY-MM-DD (2016-01-27)".to_owned();
        numeric.chain([iso]).collect::<Vec<_>>().join(", ")
    }
}
