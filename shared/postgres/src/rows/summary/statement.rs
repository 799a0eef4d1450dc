//! The one statement of a summary.

use domain::cell::SqlType;
use domain::dataset::Dataset;
use domain::limits::ANSWER_BYTES_AT_MOST;
use domain::order::Order;

use super::pieces::BY_RECORD;
use super::{By, KeptSums, added};
use crate::rows::keys::sql_type;
use crate::sums::SUMMED;

/// Kept sums, and rows that are read: each piece by itself, along the index.
pub(super) struct Statement<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) by: By,
    pub(super) kept: Option<KeptSums>,
}

impl Statement<'_> {
    /// `tried` are further conditions on a row `r`.
    pub(super) fn sql(&self, tried: &str) -> String {
        format!(
            "WITH parts (value, rows{sums}{values}) AS ({kept}{read}), \
             groups AS MATERIALIZED (SELECT value, sum(rows)::bigint AS rows{added_up} \
                 FROM parts GROUP BY value HAVING sum(rows) <> 0) \
             SELECT counted.groups, page.* \
             FROM (SELECT count(*) AS groups FROM groups) AS counted \
             LEFT JOIN LATERAL ({page}) AS page ON true",
            sums = self.each(|n| format!("s{n}")),
            values = self.each_counted(|n| format!("n{n}")),
            added_up = self.each(|n| match self.counts_values() {
                true => format!("CASE WHEN sum(n{n}) <> 0 THEN sum(s{n}) END AS s{n}"),
                false => format!("sum(s{n}) AS s{n}"),
            }),
            page = self.page(&self.each(|n| format!("trim_scale(s{n})::text"))),
            kept = self.kept(),
            read = self.read(tried),
        )
    }

    /// SQL: a piece for each sum, each after a comma.
    fn each(&self, piece: impl Fn(usize) -> String) -> String {
        let sums = 1..=added(self.dataset).len();
        sums.map(|n| format!(", {}", piece(n))).collect()
    }

    /// True if each part says how many values it adds up: where rows are taken away again, nothing
    /// else says that no value is left. Built-in datasets with sums have a value in every row.
    fn counts_values(&self) -> bool {
        self.kept.is_some() && self.dataset.id.is_some()
    }

    /// SQL: a piece for each sum whose values are counted, each after a comma.
    fn each_counted(&self, piece: impl Fn(usize) -> String) -> String {
        match self.counts_values() {
            true => self.each(piece),
            false => String::new(),
        }
    }

    /// A page of the groups, without those that the answer has no place for: their values alone
    /// would fill it, and so would the function's memory.
    fn page(&self, shown: &str) -> String {
        let order = match self.is_text() {
            true => "groups.value COLLATE \"C\"",
            false => "groups.value",
        };
        let page = format!(
            "SELECT value::text, rows{shown}, {order} AS place FROM groups \
             ORDER BY {order} LIMIT $9 OFFSET $10"
        );
        if !self.is_text() {
            return page;
        }
        let width = "coalesce(octet_length(p.value), 0)";
        format!(
            "SELECT * FROM (SELECT p.*, sum({width}) OVER (ORDER BY p.place ROWS UNBOUNDED PRECEDING) \
                 - {width} AS before FROM ({page}) AS p) AS p \
             WHERE p.before < {ANSWER_BYTES_AT_MOST} ORDER BY p.place"
        )
    }

    fn is_text(&self) -> bool {
        match self.by {
            By::Column(column) => self.dataset.columns[column].kind.sql() == SqlType::Text,
            _ => true,
        }
    }

    /// What is kept of whole months; nothing if no sums are kept, which have no parameters then.
    fn kept(&self) -> String {
        match (self.kept, self.dataset.id) {
            (None, _) => format!(
                "SELECT NULL, 0{} WHERE $1::uuid IS NULL AND $2::text IS NULL \
                     AND $3::date[] IS NULL AND $4::date[] IS NULL UNION ALL ",
                self.each(|_| "NULL::numeric".to_owned())
            ),
            (Some(_), None) => {
                let sums: String = SUMMED.iter().map(|it| format!(", s.{it}")).collect();
                format!(
                    "SELECT {}, s.rows{sums} FROM unnest($3::date[], $4::date[]) AS k (first, last) \
                     JOIN owner_sum s ON s.owner = $1 AND s.by = $2 \
                         AND s.month BETWEEN k.first AND k.last UNION ALL ",
                    self.kept_value("text")
                )
            }
            (Some(kept), Some(id)) => self.kept_of_declared(kept, id),
        }
    }

    /// The same of a declared dataset. Its column `c3` has the number 3.
    fn kept_of_declared(&self, kept: KeptSums, id: i64) -> String {
        format!(
            "SELECT {value}, s.rows{sums}{counts} \
             FROM unnest($3::date[], $4::date[]) AS k (first, last) \
             JOIN dataset d ON d.id = {id} AND d.owner = $1 \
             JOIN dataset_sum s ON s.dataset_id = d.id AND s.since = d.sums_since \
                 AND s.by = substr($2::text, 2)::integer AND s.month BETWEEN k.first AND k.last \
             UNION ALL ",
            value = self.kept_value(self.dataset.columns[kept.column].kind.sql().code()),
            sums = self.each(|n| format!("s.sums[{n}]")),
            counts = self.each_counted(|n| format!("s.counts[{n}]")),
        )
    }

    /// SQL: the value of a kept sum, which is of this type.
    fn kept_value(&self, sql_type: &str) -> String {
        match self.by.form() {
            None => format!("s.value::{sql_type}"),
            Some(form) => format!("to_char(s.month, '{form}')"),
        }
    }

    fn read(&self, tried: &str) -> String {
        let (order, table) = (self.dataset.order(), &self.dataset.table);
        let key = self.dataset.key()[0];
        let key_type = sql_type(order.unwrap_or(BY_RECORD));
        let value = match (self.by, self.by.form()) {
            (By::Column(column), _) => format!("r.{}", self.dataset.columns[column].name),
            (_, Some(form)) if order == Some(Order::Moments) => {
                format!("to_char(r.{key} AT TIME ZONE 'UTC', '{form}')")
            }
            (_, form) => format!("to_char(r.{key}, '{}')", form.unwrap_or_default()),
        };
        let columns = added(self.dataset);
        let column = |n: usize| &self.dataset.columns[columns[n - 1]].name;
        format!(
            "SELECT r.value, p.sign * r.rows{signed}{signed_counts} \
             FROM unnest($5::bigint[], $6::{key_type}[], $7::{key_type}[], $8::bigint[]) \
                 AS p (import_id, first, last, sign) \
             CROSS JOIN LATERAL (SELECT {value} AS value, count(*) AS rows{sums}{counts} \
                 FROM {table} r WHERE r.import_id = p.import_id \
                     AND r.{key} BETWEEN p.first AND p.last AND {tried} GROUP BY 1) AS r",
            signed = self.each(|n| format!("p.sign * r.s{n}")),
            signed_counts = self.each_counted(|n| format!("p.sign * r.n{n}")),
            sums = self.each(|n| format!("sum(r.{})::numeric AS s{n}", column(n))),
            counts = self.each_counted(|n| format!("count(r.{}) AS n{n}", column(n))),
        )
    }
}
