//! The one statement of a summary.

use domain::cell::SqlType;
use domain::dataset::Dataset;
use domain::limits::ANSWER_BYTES_AT_MOST;
use domain::order::Order;

use super::pieces::BY_RECORD;
use super::{By, added};
use crate::rows::keys::sql_type;
use crate::sums::{SUMMED, kept};

/// Kept sums, and rows that are read: each piece by itself, along the index.
pub(super) struct Statement<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) by: By,
}

impl Statement<'_> {
    /// `tried` are further conditions on a row `r`.
    pub(super) fn sql(&self, tried: &str) -> String {
        let sums: Vec<String> = (1..=added(self.dataset).len())
            .map(|n| format!("s{n}"))
            .collect();
        let listed = |sum: fn(&str) -> String| -> String {
            sums.iter().map(|it| format!(", {}", sum(it))).collect()
        };
        format!(
            "WITH parts (value, rows{names}) AS ({kept}{read}), \
             groups AS MATERIALIZED (SELECT value, sum(rows)::bigint AS rows{sums} \
                 FROM parts GROUP BY value HAVING sum(rows) <> 0) \
             SELECT counted.groups, page.* \
             FROM (SELECT count(*) AS groups FROM groups) AS counted \
             LEFT JOIN LATERAL ({page}) AS page ON true",
            names = listed(|it| it.to_owned()),
            sums = listed(|it| format!("sum({it}) AS {it}")),
            page = self.page(&listed(|it| format!("trim_scale({it})::text"))),
            kept = self.kept(),
            read = self.read(tried),
        )
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
        if kept(self.dataset).is_none_or(|it| self.by.kept(it).is_none()) {
            return "SELECT NULL, 0".to_owned()
                + &", NULL::numeric".repeat(added(self.dataset).len())
                + " WHERE $1::uuid IS NULL AND $2::text IS NULL AND $3::date[] IS NULL \
                    AND $4::date[] IS NULL UNION ALL ";
        }
        let value = match self.by.form() {
            None => "s.value".to_owned(),
            Some(form) => format!("to_char(s.month, '{form}')"),
        };
        let sums: String = SUMMED.iter().map(|it| format!(", s.{it}")).collect();
        format!(
            "SELECT {value}, s.rows{sums} FROM unnest($3::date[], $4::date[]) AS k (first, last) \
             JOIN owner_sum s ON s.owner = $1 AND s.by = $2 AND s.month BETWEEN k.first AND k.last \
             UNION ALL "
        )
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
        let (mut signed, mut sums) = (String::new(), String::new());
        for (n, column) in (1..).zip(added(self.dataset)) {
            signed += &format!(", p.sign * r.s{n}");
            sums += &format!(
                ", sum(r.{})::numeric AS s{n}",
                self.dataset.columns[column].name
            );
        }
        format!(
            "SELECT r.value, p.sign * r.rows{signed} \
             FROM unnest($5::bigint[], $6::{key_type}[], $7::{key_type}[], $8::bigint[]) \
                 AS p (import_id, first, last, sign) \
             CROSS JOIN LATERAL (SELECT {value} AS value, count(*) AS rows{sums} \
                 FROM {table} r WHERE r.import_id = p.import_id \
                     AND r.{key} BETWEEN p.first AND p.last AND {tried} GROUP BY 1) AS r"
        )
    }
}
