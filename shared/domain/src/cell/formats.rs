//! How the dates of a column are written.

use jiff::civil::Date;

use super::dates;
use super::kind::DateFormats;
use super::pattern::{Miss, Moment, Of, Pattern, PatternError};
use crate::forms::{DateForms, Forms};
use crate::rejection::{BadDate, BadForm, Expected, Rejection};

impl DateFormats {
    /// The formats that a declaration lists; `default` is YYYY-MM-DD.
    ///
    /// # Errors
    /// One of them is no pattern of dates; its number.
    pub fn new(formats: &[&str]) -> Result<Self, (usize, PatternError)> {
        let pattern =
            |(at, text): (usize, &&str)| Pattern::new(text, Of::Date).map_err(|it| (at, it));
        let declared = formats.iter().enumerate().map(pattern);
        Ok(Self::of(declared.collect::<Result<_, _>>()?))
    }

    /// The formats that a declaration lists, compiled.
    pub fn of(declared: Vec<Pattern>) -> Self {
        let mut numeric = DateForms::NONE;
        let mut others = Vec::new();
        for (at, pattern) in declared.iter().enumerate() {
            let free = pattern.numeric().and_then(|(separator, order)| {
                let form = numeric.form(separator)?;
                form.is_none_or(|it| it == order)
                    .then(|| form.replace(order))
            });
            if free.is_none() && !pattern.is_iso() {
                others.push(at);
            }
        }
        let iso = declared.iter().any(Pattern::is_iso);
        Self {
            declared,
            numeric,
            iso,
            others,
        }
    }

    /// The forms with three numbers, unless others were said.
    #[inline]
    pub(crate) fn numeric(&self, forms: &Forms) -> DateForms {
        match forms.dates_said {
            true => forms.dates,
            false => self.numeric,
        }
    }

    #[inline]
    pub(super) fn parse(&self, cell: &[u8], forms: &Forms) -> Result<Date, Rejection> {
        let iso = self.iso || forms.dates_said;
        match dates::day_of(cell, self.numeric(forms), iso) {
            Some(Some(date)) => Ok(date),
            read => self.by_others(cell, forms, read.is_some()),
        }
    }

    /// The day by a form that is not of three numbers; `is_written` if another form has fitted.
    fn by_others(&self, cell: &[u8], forms: &Forms, is_written: bool) -> Result<Date, Rejection> {
        let mut is_written = is_written;
        let others = self.others.iter().map(|at| &self.declared[*at]);
        for pattern in others.filter(|it| !(forms.dates_said && it.has_order())) {
            match pattern.read(cell) {
                Ok(moment) => return Ok(moment.date),
                Err(miss) => is_written |= miss == Miss::NoSuch,
            }
        }
        Err(Rejection::BadDate(self.bad(forms, is_written)))
    }

    #[cold]
    fn bad(&self, forms: &Forms, is_written: bool) -> BadDate {
        let declared = self.declared.iter();
        let forms = match forms.dates_said {
            true => {
                let stays =
                    declared.filter(|it| !it.is_iso() && !it.has_order() && it.numeric().is_none());
                let said = [forms.dates.in_words()];
                said.into_iter()
                    .chain(stays.map(Pattern::in_words))
                    .collect::<Vec<_>>()
            }
            false => declared.map(Pattern::in_words).collect(),
        };
        BadDate::Declared(bad_form("Date", forms, is_written))
    }

    /// Writes a day as the first form that holds it.
    pub(super) fn write(&self, date: Date, out: &mut Vec<u8>) {
        let moment = Moment::of_date(date);
        let pattern = self.declared.iter().find(|it| it.holds(&moment));
        pattern
            .unwrap_or(&Pattern::iso(Of::Date))
            .write(out, &moment);
    }
}

/// What is wrong with a cell that is to have one of these forms.
#[cold]
pub(super) fn bad_form(what: &'static str, forms: Vec<String>, is_written: bool) -> BadForm {
    let expected = Box::new(Expected {
        what,
        forms: forms.join(", "),
    });
    match is_written {
        true => BadForm::NoSuch(expected),
        false => BadForm::Format(expected),
    }
}
