//! What the parameters of a request are called that filter rows: the fields of the dataset, with an
//! operator behind them, in the form that the ecosystem of the original has.

use jiff::civil::{Date, DateTime, Time};

use super::value::{Bad, Value, is_whole, malformed};
use super::{Condition, Filter, Test};
use crate::cell::SqlType;
use crate::dataset::{Column, Dataset};
use crate::order::{Key, LAST_OF_DAY};
use crate::words::{NOT_A_BOOLEAN, NOT_A_DATE, NOT_AN_INTEGER};

/// Names that mean something else in a request for rows, or for an export of them, than a column:
/// such a column is asked for by its name after [`PREFIX`].
const TAKEN: [&str; 11] = [
    "import", "from", "to", "by", "limit", "offset", "cursor", "dataset", "gzip", "guard",
    "confirm",
];

/// Before the name of a column it says that a column is meant.
const PREFIX: &str = "f.";

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `column=`
    Equal,
    /// `column__gte=`
    AtLeast,
    /// `column__lte=`
    AtMost,
    /// `column__in=`, values with a comma between them.
    In,
    /// `column__isnull=`, true or false.
    IsNull,
}

const OPERATORS: [(&str, Operator); 4] = [
    ("__gte", Operator::AtLeast),
    ("__lte", Operator::AtMost),
    ("__in", Operator::In),
    ("__isnull", Operator::IsNull),
];

/// What a parameter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// The number of the import.
    Import,
    /// The first day, of a dataset that is sorted by dates or times.
    From,
    /// The last day.
    To,
    /// A column.
    Column(usize, Operator),
}

/// The parameters that filter the rows of a dataset.
#[derive(Clone, Copy, Debug)]
pub struct Names<'d>(pub &'d Dataset);

impl<'d> Names<'d> {
    /// Those that `/collect/data/` and exports take: days, the import, and what a text column holds.
    pub fn plain(self) -> Vec<(&'d str, Parameter)> {
        let columns = self.0.columns.iter().enumerate();
        let texts = columns.filter(|(_, it)| it.kind.sql() == SqlType::Text);
        let text = |(index, it): (usize, &'d Column)| {
            (it.field.as_str(), Parameter::Column(index, Operator::Equal))
        };
        let mut names: Vec<(&'d str, Parameter)> = self.days().collect();
        names.push(("import", Parameter::Import));
        names.extend(texts.map(text));
        names
    }

    /// Every name, to tell which one is meant by a misspelt one.
    pub fn all(self) -> Vec<String> {
        let days = self.days().map(|(name, _)| name.to_owned());
        let columns = self.0.columns.iter().enumerate().flat_map(|(index, it)| {
            let operators = OPERATORS.map(|(_, operator)| self.of(index, operator));
            let name = (!is_taken(&it.field)).then(|| it.field.clone());
            name.into_iter().chain(operators)
        });
        let import = "import".to_owned();
        days.chain([import]).chain(columns).collect()
    }

    /// What a parameter of this name is about; `None` if it filters no rows.
    pub fn find(self, name: &str) -> Option<Parameter> {
        if let Some(name) = name.strip_prefix(PREFIX) {
            return self.column(name).or_else(|| self.compared(name));
        }
        match name {
            "import" => Some(Parameter::Import),
            "from" | "to" => self.days().find(|it| it.0 == name).map(|it| it.1),
            _ if is_taken(name) => None,
            // `a__in` is column `a`, if there is one.
            _ => self.compared(name).or_else(|| self.column(name)),
        }
    }

    /// The name of a parameter about a column.
    pub fn of(self, column: usize, operator: Operator) -> String {
        let long = self.long(column, operator);
        let short = &long[PREFIX.len()..];
        match self.find(short) {
            Some(found) if found == Parameter::Column(column, operator) => short.to_owned(),
            _ => long,
        }
    }

    /// The name that is never another's.
    pub(super) fn long(self, column: usize, operator: Operator) -> String {
        let field = &self.0.columns[column].field;
        let suffix = OPERATORS.iter().find(|(_, it)| *it == operator);
        format!("{PREFIX}{field}{}", suffix.map_or("", |it| it.0))
    }

    /// Days are asked for only where rows are sorted by them.
    fn days(self) -> impl Iterator<Item = (&'static str, Parameter)> {
        let column = self.0.sorted_by.and_then(|it| self.0.columns.get(it));
        let is_by_day = column.is_some_and(|it| {
            matches!(
                it.kind.sql(),
                SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz
            )
        });
        let days = [("from", Parameter::From), ("to", Parameter::To)];
        days.into_iter().filter(move |_| is_by_day)
    }

    fn column(self, name: &str) -> Option<Parameter> {
        let column = self.0.columns.iter().position(|it| it.field == name)?;
        Some(Parameter::Column(column, Operator::Equal))
    }

    fn compared(self, name: &str) -> Option<Parameter> {
        let (field, operator) = OPERATORS
            .iter()
            .find_map(|(suffix, it)| Some((name.strip_suffix(suffix)?, *it)))?;
        let column = self.0.columns.iter().position(|it| it.field == field)?;
        Some(Parameter::Column(column, operator))
    }

    /// Adds what the parameter asks for to the filter.
    ///
    /// # Errors
    /// What is wrong with the text. An import or a text that no row can have is added
    /// nevertheless: it leaves no row.
    pub fn add(self, filter: &mut Filter, parameter: Parameter, text: &str) -> Result<(), Bad> {
        match parameter {
            Parameter::Import => add_import(filter, text.trim()),
            Parameter::From => self.add_day(filter, text, Time::MIN, Test::AtLeast),
            Parameter::To => self.add_day(filter, text, LAST_OF_DAY, Test::AtMost),
            Parameter::Column(column, operator) => self.add_column(filter, column, operator, text),
        }
    }

    fn add_day(
        self,
        filter: &mut Filter,
        text: &str,
        time: Time,
        test: fn(Value) -> Test,
    ) -> Result<(), Bad> {
        let day = super::read_day(text.trim());
        let day = day.ok_or_else(|| Bad::Malformed(NOT_A_DATE.to_owned()))?;
        if let Some(column) = self.0.sorted_by {
            let value = at(self.0.columns[column].kind.sql(), day, time);
            let test = test(value);
            filter.conditions.push(Condition { column, test });
        }
        Ok(())
    }

    fn add_column(
        self,
        filter: &mut Filter,
        column: usize,
        operator: Operator,
        text: &str,
    ) -> Result<(), Bad> {
        let mut bad = None;
        let mut value = |text: &str| self.value(column, text, &mut bad);
        let test = match operator {
            Operator::Equal => value(text).map(Test::Equal),
            Operator::AtLeast => value(text).map(Test::AtLeast),
            Operator::AtMost => value(text).map(Test::AtMost),
            Operator::In => return self.add_in(filter, column, text.split(',')),
            Operator::IsNull => Some(Test::IsNull(is_null(text)?)),
        };
        filter
            .conditions
            .extend(test.map(|test| Condition { column, test }));
        bad.map_or(Ok(()), Err)
    }

    /// Adds that the value of a column is one of these, each of which may have commas.
    ///
    /// # Errors
    /// As [`Names::add`].
    pub fn add_in<'t>(
        self,
        filter: &mut Filter,
        column: usize,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<(), Bad> {
        let mut bad = None;
        let values = texts.into_iter();
        let values = values.filter_map(|it| self.value(column, it, &mut bad));
        let test = Test::In(values.collect());
        filter.conditions.push(Condition { column, test });
        bad.map_or(Ok(()), Err)
    }

    fn value(self, column: usize, text: &str, bad: &mut Option<Bad>) -> Option<Value> {
        match Value::read(&self.0.columns[column].kind, text) {
            Ok(value) => Some(value),
            Err((wrong, value)) => {
                *bad = Some(wrong);
                value
            }
        }
    }

    /// What is said of a value that is not even text.
    pub fn not_text(self, parameter: Parameter) -> &'static str {
        match parameter {
            Parameter::Import => NOT_AN_INTEGER,
            Parameter::From | Parameter::To => NOT_A_DATE,
            Parameter::Column(column, _) => malformed(&self.0.columns[column].kind),
        }
    }
}

fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name) || name.starts_with(PREFIX)
}

/// A time of a day, or the day, as a value of the type that rows are sorted by.
fn at(sql: SqlType, day: Date, time: Time) -> Value {
    let moment = DateTime::from_parts(day, time);
    match sql {
        SqlType::Timestamp => Value::DateTime(moment),
        SqlType::Timestamptz => Value::Moment(Key::moment(moment)),
        _ => Value::Date(day),
    }
}

/// A number that no import can have becomes 0, which no import has.
fn add_import(filter: &mut Filter, text: &str) -> Result<(), Bad> {
    let sentence = NOT_AN_INTEGER.to_owned();
    if !is_whole(text) {
        return Err(Bad::Malformed(sentence));
    }
    let number = text.parse();
    filter.import = Some(number.clone().unwrap_or(0));
    number.map(drop).map_err(|_| Bad::Impossible(sentence))
}

fn is_null(text: &str) -> Result<bool, Bad> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Bad::Malformed(NOT_A_BOOLEAN.to_owned())),
    }
}
