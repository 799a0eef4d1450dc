//! What files are imported into: the two datasets that are built in, and those that lanes declare.

mod adding_up;
mod exported;

use std::sync::Arc;

use serde_json::{Value, json};
use xtask::random::Random;

use super::field::Field;

/// The dataset of a file, as it was when the file was made.
pub enum Dataset {
    Team,
    Baseline,
    Declared(Declared),
}

/// One version of a dataset that a lane has declared.
#[derive(Clone)]
pub struct Declared {
    pub name: String,
    /// The id of its entry, by which its table is named.
    pub id: i64,
    pub version: i64,
    pub fields: Vec<Field>,
    /// The field that rows are sorted by.
    sorted_by: Option<usize>,
    one_at_a_time: bool,
    /// Its sums are kept: by who came, of what is added up. Only if it is sorted by a date.
    keeps_sums: bool,
}

impl Dataset {
    pub fn name(&self) -> &str {
        match self {
            Dataset::Team => "team",
            Dataset::Baseline => "baseline",
            Dataset::Declared(declared) => &declared.name,
        }
    }

    /// What it is in a report.
    pub fn sort(&self) -> &'static str {
        match self {
            Dataset::Team => "team",
            Dataset::Baseline => "baseline",
            Dataset::Declared(_) => "a declared dataset",
        }
    }

    pub fn declared(&self) -> Option<&Declared> {
        match self {
            Dataset::Declared(declared) => Some(declared),
            _ => None,
        }
    }

    pub fn table(&self) -> String {
        match self {
            Dataset::Team => "team".to_owned(),
            Dataset::Baseline => "sales_record".to_owned(),
            Dataset::Declared(declared) => declared.table(),
        }
    }

    /// SQL: the columns of its table as one text.
    pub fn columns_as_text(&self) -> String {
        match self {
            Dataset::Team => {
                "concat_ws('|', team_name, manager_name, manager_phone_number)".to_owned()
            }
            Dataset::Baseline => "concat_ws('|', region, country, item_type, sales_channel, \
                 order_priority, order_date, order_id, ship_date, units_sold, unit_price, \
                 unit_cost, total_revenue, total_cost, total_profit)"
                .to_owned(),
            Dataset::Declared(declared) => {
                let columns: Vec<String> = declared.fields.iter().map(Field::as_text).collect();
                format!("concat_ws('|', {})", columns.join(", "))
            }
        }
    }

    /// The path of one row of everything that its owner has imported into it.
    pub fn rows_path(&self) -> Option<String> {
        match self {
            Dataset::Team => None,
            Dataset::Baseline => Some("/collect/data/?limit=1".to_owned()),
            Dataset::Declared(declared) => Some(declared.rows_path()),
        }
    }
}

impl Declared {
    /// A field of numbers and one of text, a few more of any type, in a random order.
    pub fn new(random: &mut Random, name: String) -> Self {
        let mut fields = vec![Field::entry(random), Field::who(random)];
        for _ in 0..random.between(1, 5) {
            fields.push(Field::any(random, fields.len()));
        }
        if random.percent(40) {
            fields.extend(Field::price_and_total(random));
        }
        let place = random.below(fields.len() as u64) as usize;
        fields.rotate_left(place);
        let sortable: Vec<usize> = (0..fields.len())
            .filter(|it| fields[*it].may_be_sorted_by())
            .collect();
        let sorted_by = random.percent(65).then(|| *random.pick(&sortable));
        if let Some(sorted_by) = sorted_by {
            fields[sorted_by].required = true;
        }
        Self {
            name,
            id: 0,
            version: 1,
            keeps_sums: sorted_by.is_some_and(|it| fields[it].is_a_day()) && random.percent(60),
            fields,
            sorted_by,
            one_at_a_time: random.percent(20),
        }
    }

    pub fn document(&self) -> Value {
        let fields: Vec<Value> = self.fields.iter().map(Field::document).collect();
        let mut document = json!({ "fields": fields });
        if let Some(sorted_by) = self.sorted_by {
            document["sortedBy"] = json!(self.fields[sorted_by].name);
        }
        if self.one_at_a_time {
            document["oneAtATime"] = json!(true);
        }
        if self.has_total() {
            document["totals"] = json!([{"field": "total", "product": ["entry", "price"]}]);
        }
        if self.keeps_sums {
            document["sums"] = json!({"by": ["who"], "of": self.added()});
        }
        document
    }

    /// The next version, with one optional field more.
    pub fn with_another_field(&self, random: &mut Random) -> Self {
        let mut next = self.clone();
        next.version += 1;
        let field = Field {
            required: false,
            ..Field::any(random, self.fields.len())
        };
        next.fields.push(field);
        next
    }

    /// The next version, of which a file of this one would be read otherwise: other titles.
    pub fn retitled(&self) -> Self {
        let mut next = self.clone();
        next.version += 1;
        for field in &mut next.fields {
            field.title = Some(format!("Title {} of {}", next.version, field.name));
        }
        next
    }

    /// The next version, with sums that are kept where none were, or none; only if it is sorted by a
    /// date.
    pub fn with_other_sums(&self) -> Option<Self> {
        self.month()?;
        let mut next = self.clone();
        next.version += 1;
        next.keeps_sums = !self.keeps_sums;
        Some(next)
    }

    pub fn path(&self) -> String {
        format!("/collect/datasets/{}/", self.name)
    }

    pub fn rows_path(&self) -> String {
        format!("/collect/{}/rows/?limit=1", self.name)
    }

    pub fn table(&self) -> String {
        format!("d_{}", self.id)
    }
}

/// One of the three, those that a lane has declared more often.
pub fn choose(random: &mut Random, declared: &Arc<Dataset>) -> Arc<Dataset> {
    match random.between(1, 6) {
        1 | 2 => Arc::new(Dataset::Team),
        3 => Arc::new(Dataset::Baseline),
        _ => declared.clone(),
    }
}
