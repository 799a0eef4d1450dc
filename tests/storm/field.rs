//! Fields of declared datasets: what a cell of each is, and what is stored for it.

use serde_json::{Value, json};
use uuid::Uuid;
use xtask::random::Random;

/// What a field holds, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Text,
    Uuid,
    Integer,
    /// Within bounds: rows may be sorted by it.
    Bounded,
    Number,
    Money,
    Boolean,
    Date,
    /// A date by a pattern.
    DottedDate,
    Datetime,
    Zoned,
    Time,
    Year,
    YearMonth,
}

const ANY: [Sort; 14] = [
    Sort::Text,
    Sort::Uuid,
    Sort::Integer,
    Sort::Bounded,
    Sort::Number,
    Sort::Money,
    Sort::Boolean,
    Sort::Date,
    Sort::DottedDate,
    Sort::Datetime,
    Sort::Zoned,
    Sort::Time,
    Sort::Year,
    Sort::YearMonth,
];

/// In the rows that a file must become: no value.
pub const NULL: &str = "-";

#[derive(Clone)]
pub struct Field {
    pub name: String,
    pub sort: Sort,
    pub title: Option<String>,
    pub required: bool,
    /// The number of its column; 0 until it is declared.
    pub column: i32,
}

impl Field {
    /// What makes a record bad or good.
    pub fn entry(random: &mut Random) -> Self {
        Self::new(random, "entry", Sort::Bounded, true)
    }

    /// The text by which two uploads differ.
    pub fn who(random: &mut Random) -> Self {
        Self::new(random, "who", Sort::Text, true)
    }

    /// An amount, and what it and the entry multiply to.
    pub fn price_and_total(random: &mut Random) -> [Self; 2] {
        ["price", "total"].map(|name| {
            let required = random.percent(50);
            Self::new(random, name, Sort::Money, required)
        })
    }

    /// The `number`th field.
    pub fn any(random: &mut Random, number: usize) -> Self {
        let (sort, required) = (*random.pick(&ANY), random.percent(40));
        Self::new(random, &format!("field_{number}"), sort, required)
    }

    fn new(random: &mut Random, name: &str, sort: Sort, required: bool) -> Self {
        Self {
            name: name.to_owned(),
            sort,
            title: random.percent(40).then(|| format!("Title of {name}")),
            required,
            column: 0,
        }
    }

    pub fn may_be_sorted_by(&self) -> bool {
        let sorts = [
            Sort::Bounded,
            Sort::Date,
            Sort::DottedDate,
            Sort::Datetime,
            Sort::Zoned,
        ];
        sorts.contains(&self.sort)
    }

    /// A date, with no time.
    pub fn is_a_day(&self) -> bool {
        [Sort::Date, Sort::DottedDate].contains(&self.sort)
    }

    pub fn heading(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    pub fn document(&self) -> Value {
        let mut field = match self.sort {
            Sort::Text => json!({"type": "string", "constraints": {"maxLength": 60}}),
            Sort::Uuid => json!({"type": "string", "format": "uuid"}),
            Sort::Integer => json!({"type": "integer"}),
            Sort::Bounded => {
                json!({"type": "integer", "constraints": {"minimum": 0, "maximum": 1_000_000}})
            }
            Sort::Number => json!({"type": "number"}),
            Sort::Money => json!({"type": "number", "decimals": 2, "digits": 14}),
            Sort::Boolean => {
                json!({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]})
            }
            Sort::Date => json!({"type": "date"}),
            Sort::DottedDate => json!({"type": "date", "format": "%d.%m.%Y"}),
            Sort::Datetime => json!({"type": "datetime"}),
            Sort::Zoned => json!({"type": "datetime", "timezone": "Europe/Berlin"}),
            Sort::Time => json!({"type": "time"}),
            Sort::Year => json!({"type": "year"}),
            Sort::YearMonth => json!({"type": "yearmonth"}),
        };
        field["name"] = json!(self.name);
        if let Some(title) = &self.title {
            field["title"] = json!(title);
        }
        if self.required {
            field["constraints"]["required"] = json!(true);
        }
        field
    }

    /// SQL: its column as the text that [`Field::cell`] says.
    pub fn as_text(&self) -> String {
        let column = format!("c{}", self.column);
        let text = match self.sort {
            Sort::Number => format!("trim_scale({column})::text"),
            Sort::Zoned => format!("({column} AT TIME ZONE 'UTC')::text"),
            _ => format!("{column}::text"),
        };
        format!("coalesce({text}, '{NULL}')")
    }

    /// The cell of an export is the text that PostgreSQL has.
    pub fn is_exported_as_text(&self) -> bool {
        let written_otherwise = [
            Sort::Number,
            // Without zeros at its end.
            Sort::Money,
            Sort::Boolean,
            Sort::DottedDate,
            Sort::Datetime,
            Sort::Zoned,
            Sort::YearMonth,
        ];
        !written_otherwise.contains(&self.sort)
    }

    /// The cell of a record that is read from `salt`, and what is stored for it.
    pub fn cell(&self, salt: u64) -> (String, String) {
        match !self.required && salt.is_multiple_of(7) {
            true => (String::new(), NULL.to_owned()),
            false => value(self.sort, salt / 7),
        }
    }
}

fn same(text: String) -> (String, String) {
    (text.clone(), text)
}

fn value(sort: Sort, salt: u64) -> (String, String) {
    let (year, month, day) = (1990 + salt % 40, 1 + salt % 12, 1 + salt / 12 % 28);
    let time = format!(
        "{:02}:{:02}:{:02}",
        salt / 3600 % 24,
        salt / 60 % 60,
        salt % 60
    );
    let date = format!("{year}-{month:02}-{day:02}");
    match sort {
        Sort::Text => {
            let text = format!("Visitor {}, né {}", salt % 90_000, salt % 7);
            (format!("\"{text}\""), text)
        }
        Sort::Uuid => same(Uuid::from_u64_pair(salt, !salt).to_string()),
        Sort::Integer => same((i64::MAX / 2 - salt as i64).to_string()),
        Sort::Bounded => same((salt % 1_000_001).to_string()),
        Sort::Number => same(format!(
            "{}.{:03}{}",
            salt % 9_999,
            salt % 1_000,
            1 + salt % 9
        )),
        Sort::Money => same(format!("{}.{:02}", salt % 900_000, salt % 100)),
        Sort::Boolean if salt.is_multiple_of(2) => ("yes".to_owned(), "true".to_owned()),
        Sort::Boolean => ("no".to_owned(), "false".to_owned()),
        Sort::Date => same(date),
        Sort::DottedDate => (format!("{day:02}.{month:02}.{year}"), date),
        Sort::Datetime => (format!("{date}T{time}"), format!("{date} {time}")),
        Sort::Zoned => (format!("{date}T{time}Z"), format!("{date} {time}")),
        Sort::Time => same(time),
        Sort::Year => same(year.to_string()),
        Sort::YearMonth => (
            format!("{year}-{month:02}"),
            format!("{year}-{month:02}-01"),
        ),
    }
}
