//! What the rows of a lane's dataset add up to, as the API says and as the table has them.

use serde_json::Value;

use super::dataset::Declared;
use super::lane::Lane;

/// Where groups are by a text, those from here on: a part of them, in a few pages.
const FROM: &str = "Visitor 7";
/// The API has no longer pages of groups.
const PAGE: usize = 1_000;

/// A group: what its rows have in common, how many they are, and their sums.
type Group = (String, i64, Vec<Option<String>>);

/// What the groups of a summary have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Who,
    Month,
}

impl Lane<'_> {
    /// Promise 2: a summary adds up the rows of completed imports, each once. At this moment no
    /// import of the lane is on its way; if rows change all the same, nothing is said.
    pub fn check_sums(&mut self) {
        let declared = self.declared().clone();
        let by = match declared.month().is_some() && self.random.percent(60) {
            true => By::Month,
            false => By::Who,
        };
        let before = self.in_the_table(&declared, by);
        let Some(shown) = self.shown_groups(&declared, by) else {
            return;
        };
        if shown == before {
            return self.storm.tally.dataset(match by {
                By::Who => "added up by a text",
                By::Month => "added up by month",
            });
        }
        if self.in_the_table(&declared, by) == before {
            let differ = shown.iter().zip(&before).find(|(one, other)| one != other);
            let (shown, stored) = (shown.len(), before.len());
            let what =
                format!("{shown} groups are shown, {stored} stored, first other: {differ:?}");
            self.violation(2, &declared, &what);
        }
    }

    fn in_the_table(&mut self, declared: &Declared, by: By) -> Vec<Group> {
        let table = declared.table();
        let made = "SELECT to_regclass($1) IS NOT NULL";
        if !self.look.row(made, &[&table]).get::<_, bool>(0) {
            return Vec::new();
        }
        let added = declared.added().into_iter();
        let sums: Vec<String> = added
            .map(|it| format!("trim_scale(sum({}))::text", declared.column(it)))
            .collect();
        let who = declared.column("who");
        let (value, only) = match by {
            By::Month => (declared.month().unwrap_or_default(), String::new()),
            By::Who => (who.clone(), format!("AND {who} >= '{FROM}' COLLATE \"C\"")),
        };
        let sql = format!(
            "SELECT {value}, count(*), ARRAY[{sums}] FROM {table} r \
             JOIN import i ON i.id = r.import_id WHERE i.state = 'completed' {only} \
             GROUP BY 1 ORDER BY {value} COLLATE \"C\"",
            sums = sums.join(", ")
        );
        let rows = self.look.rows(&sql, &[]);
        let group = |row: &tokio_postgres::Row| (row.get(0), row.get(1), row.get(2));
        rows.iter().map(group).collect()
    }

    /// Every group that the API shows. `None` if that cannot be known.
    fn shown_groups(&self, declared: &Declared, by: By) -> Option<Vec<Group>> {
        let query = match by {
            By::Month => "by=month".to_owned(),
            By::Who => format!("by=who&who__gte={}", FROM.replace(' ', "%20")),
        };
        let mut groups = Vec::new();
        loop {
            let (name, offset) = (&declared.name, groups.len());
            let path = format!("/collect/{name}/summary/?{query}&limit={PAGE}&offset={offset}");
            let page = self.user.request("GET", &path)?.expect(200);
            let results = page["results"].as_array().expect("a page has results");
            groups.extend(results.iter().map(|it| shown(it, &declared.added())));
            if page["next"] == Value::Null {
                return Some(groups);
            }
        }
    }
}

fn shown(group: &Value, added: &[&str]) -> Group {
    let sum = |name: &&str| group["sums"][*name].as_str().map(str::to_owned);
    let value = group["value"].as_str().expect("both are required");
    let rows = group["rows"].as_i64().expect("rows are a number");
    (value.to_owned(), rows, added.iter().map(sum).collect())
}
