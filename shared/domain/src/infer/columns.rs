//! The types of columns, by every cell of the sample.

mod candidates;
mod digits;
mod numbers;

use serde_json::{Map, Value, json};

use super::doubt::{Doubt, DoubtKind, cell};
use super::names::{Name, names};
use super::table::Table;
use candidates::Candidate;
use numbers::{Fits, NumberForm, Numbers, evidence, fits};

/// Words for no value, beside the empty cell.
const NOTHING: [&str; 12] = [
    "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "nan", "NaN", "-", "--", "?",
];

/// A column of which most cells are of a type is told of.
const MOSTLY_PERCENT: usize = 90;

/// The columns of a sample.
pub(super) struct Columns<'t> {
    table: &'t Table,
    columns: Vec<Column<'t>>,
    candidates: Vec<Candidate>,
    numbers: Numbers,
}

/// The cells of a column that have something in them.
struct Column<'t> {
    cells: Vec<(u64, &'t str)>,
    /// Words among them that seem to mean nothing.
    nothing: Vec<&'static str>,
    /// In which form the others are numbers.
    numbers: Fits,
}

impl<'t> Column<'t> {
    fn of(table: &'t Table, at: usize) -> Self {
        let mut column = Self {
            cells: Vec::new(),
            nothing: Vec::new(),
            numbers: Fits::default(),
        };
        for (line, cells) in &table.rows {
            let cell = cells[at].as_str();
            match NOTHING.into_iter().find(|it| *it == cell) {
                _ if cell.is_empty() => {}
                Some(word) if column.nothing.contains(&word) => {}
                Some(word) => column.nothing.push(word),
                None => column.cells.push((*line, cell)),
            }
        }
        column.numbers = fits(&column.texts());
        column
    }

    fn texts(&self) -> Vec<&'t str> {
        self.cells.iter().map(|(_, cell)| *cell).collect()
    }

    /// Its words that seem to mean nothing, if there are any.
    fn nothing_in_words(&self) -> Option<String> {
        let words = self.nothing.iter().map(|it| format!("\"{it}\""));
        let words: Vec<String> = words.collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

impl<'t> Columns<'t> {
    pub(super) fn of(table: &'t Table) -> Self {
        let columns: Vec<Column<'t>> = (0..table.width).map(|it| Column::of(table, it)).collect();
        let numbers = columns.iter().map(|it| evidence(&it.texts(), &it.numbers));
        let numbers: Vec<Fits> = numbers.collect();
        Self {
            table,
            columns,
            candidates: candidates::all(),
            numbers: Numbers::of(&numbers),
        }
    }

    /// The fields of the declaration.
    pub(super) fn fields(&self, doubts: &mut Vec<Doubt>) -> Vec<Value> {
        let numbered = || {
            (1..=self.table.width)
                .map(|it| format!("column_{it}"))
                .collect()
        };
        let headings = self.table.heading.clone().unwrap_or_else(numbered);
        let named = |at: &usize| !headings[*at].trim().is_empty();
        let columns: Vec<usize> = (0..headings.len()).filter(named).collect();
        let unnamed = columns.len() < headings.len();
        if unnamed {
            doubts.push(Doubt::at("fields", &DoubtKind::ColumnWithoutName));
        }
        let headings: Vec<String> = columns.iter().map(|it| headings[*it].clone()).collect();
        let names = names(&headings, unnamed, doubts).into_iter();
        let fields = names.zip(columns).enumerate();
        fields
            .map(|(field, (name, column))| self.field(field, column, name, doubts))
            .collect()
    }

    fn field(&self, at: usize, column: usize, name: Name, doubts: &mut Vec<Doubt>) -> Value {
        let column = &self.columns[column];
        let mut field = Map::new();
        field.insert("name".to_owned(), json!(name.name));
        if let Some(title) = name.title {
            field.insert("title".to_owned(), json!(title));
        }
        let path = format!("fields[{at}]");
        match self.type_of(column) {
            Ok(properties) => field.extend(properties),
            Err(doubt) => {
                field.insert("type".to_owned(), json!("string"));
                doubts.push(Doubt::at(&*path, &doubt));
            }
        }
        if let Some(words) = column.nothing_in_words() {
            let path = format!("{path}.missingValues");
            // Of text it would be a guess: NA may be Namibia.
            let is_text = field["type"] == "string" && !field.contains_key("format");
            if is_text {
                doubts.push(Doubt::at(path, &DoubtKind::WordsInText { words }));
            } else {
                doubts.push(Doubt::at(path, &DoubtKind::MissingWords { words }));
                let missing = std::iter::once("").chain(column.nothing.iter().copied());
                let missing: Vec<&str> = missing.collect();
                field.insert("missingValues".to_owned(), json!(missing));
            }
        }
        Value::Object(field)
    }

    /// The properties of the type that every cell has, or why it is text.
    fn type_of(&self, column: &Column<'_>) -> Result<Map<String, Value>, DoubtKind> {
        let Some(&(_, first)) = column.cells.first() else {
            return Err(DoubtKind::NothingSeen);
        };
        let all = |it: &&Candidate| column.cells.iter().all(|(_, cell)| it.takes(cell));
        let shown = |it: &&Candidate| it.is_shown_by(&column.cells);
        let fitting = self.candidates.iter().filter(shown).filter(all);
        let fitting: Vec<&Candidate> = fitting.collect();
        if let Some(best) = fitting.first() {
            let cells = || column.cells.iter().map(|(_, cell)| *cell);
            let other = fitting[1..].iter().find_map(|other| {
                let differs = cells().find(|cell| best.reads_otherwise(other, cell))?;
                Some((differs, *other))
            });
            return match other {
                Some((differs, other)) => Err(DoubtKind::DateOrderOpen {
                    cell: cell(differs),
                    forms: format!("{} or {}", best.format(), other.format()),
                }),
                None => Ok(best.properties.clone()),
            };
        }
        match self.numbers.form_of(&column.texts(), &column.numbers) {
            NumberForm::None => self.mixed(column),
            NumberForm::Open => Err(DoubtKind::DecimalOpen { cell: cell(first) }),
            NumberForm::Other => Err(DoubtKind::NumbersDiffer { cell: cell(first) }),
            NumberForm::LeadingZeros(zeros) => Err(DoubtKind::LeadingZeros { cell: cell(zeros) }),
            NumberForm::PerhapsNames { cell: it, form } => {
                let cell = cell(it);
                Err(DoubtKind::NumberOrName { cell, form })
            }
            NumberForm::Known(properties) => Ok(properties),
        }
    }

    /// Text, and what it might have been.
    fn mixed(&self, column: &Column<'_>) -> Result<Map<String, Value>, DoubtKind> {
        let others_at_most = column.cells.len() * (100 - MOSTLY_PERCENT) / 100;
        let mixed = |of: &'static str, takes: &dyn Fn(&str) -> bool| {
            let mut others = column.cells.iter().filter(|(_, cell)| !takes(cell));
            let &(line, other) = others.next()?;
            // Of text, for most types no cell is one: a tenth of them is enough to know it.
            let is_mostly = others.nth(others_at_most.checked_sub(1)?).is_none();
            let cell = cell(other);
            is_mostly.then_some(DoubtKind::Mixed { of, cell, line })
        };
        let shown = |it: &&Candidate| it.is_shown_by(&column.cells);
        let typed = self
            .candidates
            .iter()
            .filter(shown)
            .find_map(|it| mixed(it.of(), &|cell| it.takes(cell)));
        let number = || mixed("number", &|cell| self.numbers.takes(cell));
        let signs = || {
            let form = self.numbers.with_signs(&column.texts())?;
            let cell = cell(column.cells.first()?.1);
            Some(DoubtKind::NumberWithSigns { cell, form })
        };
        match typed.or_else(number).or_else(signs) {
            Some(doubt) => Err(doubt),
            None => Ok(Map::from_iter([("type".to_owned(), json!("string"))])),
        }
    }
}
