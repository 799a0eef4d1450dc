use serde::Serialize;

use super::{Escape, Origin, Part, Reading};
use crate::dataset::Dataset;

/// A part of the reading that was used, as answers show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadAs {
    /// Which part.
    pub part: Part,
    /// Its value, as it could be said; empty for none.
    pub value: String,
    /// Who decided it.
    pub origin: Origin,
}

impl Reading {
    /// Every part of the reading, as answers show it.
    pub fn read_as(&self, dataset: &Dataset) -> Vec<ReadAs> {
        let of = |part| ReadAs {
            part,
            value: self.value(part, dataset),
            origin: self.origin(part),
        };
        Part::ALL.map(of).to_vec()
    }

    fn value(&self, part: Part, dataset: &Dataset) -> String {
        let text = |byte: u8| char::from(byte).to_string();
        match part {
            Part::Encoding => self.encoding.name().into(),
            Part::Delimiter => text(self.delimiter),
            Part::Quote => self.quote.map(text).unwrap_or_default(),
            Part::Escape => match self.escape {
                Escape::Doubled => "doubled".into(),
                Escape::Byte(byte) => text(byte),
                Escape::None => String::new(),
            },
            Part::SkipInitialSpace => self.skip_initial_space.to_string(),
            Part::SkipLines => self.preamble.to_string(),
            Part::HeadingLines => self.heading_lines.to_string(),
            Part::Decimal => text(self.decimal),
            Part::Group => self.group.map(|it| it.char().into()).unwrap_or_default(),
            Part::Currency => {
                let sign = self.currency.as_ref();
                sign.map(|it| it.as_str().to_owned()).unwrap_or_default()
            }
            Part::Dates => match self.dates {
                Some(order) => order.name().into(),
                None => self.forms(dataset).dates.in_words(),
            },
        }
    }
}

impl Part {
    /// Every part, in the order in which answers show them.
    pub const ALL: [Part; 11] = [
        Part::Encoding,
        Part::Delimiter,
        Part::Quote,
        Part::Escape,
        Part::SkipInitialSpace,
        Part::SkipLines,
        Part::HeadingLines,
        Part::Decimal,
        Part::Group,
        Part::Currency,
        Part::Dates,
    ];

    /// The name of the parameter that says this part.
    pub fn name(self) -> &'static str {
        match self {
            Part::Encoding => "encoding",
            Part::Delimiter => "delimiter",
            Part::Quote => "quote",
            Part::Escape => "escape",
            Part::SkipInitialSpace => "skip_initial_space",
            Part::SkipLines => "skip_lines",
            Part::HeadingLines => "heading_lines",
            Part::Decimal => "decimal",
            Part::Group => "group",
            Part::Currency => "currency",
            Part::Dates => "dates",
        }
    }

    /// The part of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
