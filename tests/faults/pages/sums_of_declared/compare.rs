//! Compares what is kept and what is answered with the rows.

use domain::cell::SqlType;
use domain::dataset::Dataset;
use domain::filter::{Filter, Names};
use postgres::Client;
use postgres::rows::{self, By, Group, added};

use super::orders::Orders;
use crate::fixture::database::wrong_sums;

impl Orders<'_> {
    /// The kept sums are those of the rows of the imports that are in them, and every summary is what
    /// the visible rows add up to.
    pub async fn compare(&self) {
        self.sums_are_right().await;
        let dataset = self.dataset().await;
        self.compare_as(&dataset).await;
    }

    pub async fn sums_are_right(&self) {
        let client = self.fixture.connection().await;
        let sql = "SELECT id, sums_since, sorted_column, sums_by, sums_of FROM dataset \
             WHERE owner = $1 AND made AND sums_since IS NOT NULL";
        for row in client.query(sql, &[&self.owner]).await.unwrap() {
            let (by, of): (Vec<i32>, Vec<i32>) = (row.get(3), row.get(4));
            let wrong = wrong_sums(row.get(0), row.get(1), row.get(2), &by, &of);
            let wrong = client.query(&wrong, &[]).await.unwrap();
            assert_eq!(wrong.len(), 0, "{wrong:?}");
        }
    }

    /// Every summary, as a reader asks for it that has found this version of the dataset.
    pub async fn compare_as(&self, dataset: &Dataset) {
        for (by, value) in ways(dataset) {
            for (filter, matching) in filters(dataset) {
                self.compare_one(dataset, (by, &value), (&filter, matching))
                    .await;
            }
        }
    }

    pub async fn compare_one(
        &self,
        dataset: &Dataset,
        (by, value): (By, &str),
        (filter, matching): (&Filter, &str),
    ) {
        let expected = self.plain(dataset, value, matching).await;
        let ask = async |client: &mut Client| {
            rows::summary(client, self.owner, dataset, by, filter, 1_000, 0).await
        };
        let (count, groups) = self.fixture.ask(ask).await.unwrap();
        assert_eq!(groups, expected, "{by:?} {matching}");
        assert_eq!(count, expected.len() as i64);
    }

    async fn plain(&self, dataset: &Dataset, value: &str, matching: &str) -> Vec<Group> {
        let made = "SELECT count(*) FROM dataset WHERE id = $1 AND made";
        if self.fixture.number(made, &[&dataset.id]).await == 0 {
            return Vec::new();
        }
        let summed = added(dataset).into_iter();
        let summed: Vec<String> = summed
            .map(|it| {
                format!(
                    "trim_scale(sum({})::numeric)::text",
                    dataset.columns[it].name
                )
            })
            .collect();
        let sql = format!(
            "SELECT ({value})::text, count(*), ARRAY[{}] FROM {} r JOIN import i ON i.id = r.import_id \
             WHERE i.owner = $1 AND i.state = 'completed' AND {matching} \
             GROUP BY {value} ORDER BY {value}",
            summed.join(", "),
            dataset.table
        );
        let ask = async |client: &mut Client| client.query(&sql, &[&self.owner]).await.unwrap();
        let group = |row: &tokio_postgres::Row| Group {
            value: row.get(0),
            rows: row.get(1),
            sums: row.get(2),
        };
        self.fixture.ask(ask).await.iter().map(group).collect()
    }
}

/// What a summary may be by, and the SQL of it: of some, sums are kept.
pub fn ways(dataset: &Dataset) -> Vec<(By, String)> {
    let columns = dataset.columns.iter().enumerate();
    let columns = columns.filter(|(_, it)| it.kind.sql() != SqlType::Date);
    let columns = columns.map(|(at, it)| (By::Column(at), format!("r.{}", it.name)));
    let forms = [
        (By::Day, "YYYY-MM-DD"),
        (By::Month, "YYYY-MM"),
        (By::Year, "YYYY"),
    ];
    let forms = forms.map(|(by, form)| (by, format!("to_char(r.c4, '{form}')")));
    columns.chain(forms).collect()
}

/// What a summary may be of: with some, the sums that are kept have a part.
pub fn filters(dataset: &Dataset) -> Vec<(Filter, &'static str)> {
    let names = Names(dataset);
    #[rustfmt::skip]
    let table: [(&[(&str, &str)], &str); 6] = [
        (&[], "true"),
        (&[("from", "2026-01-20"), ("to", "2026-03-10")], "r.c4 BETWEEN '2026-01-20' AND '2026-03-10'"),
        (&[("from", "2026-02-01"), ("to", "2026-02-28")], "r.c4 BETWEEN '2026-02-01' AND '2026-02-28'"),
        (&[("to", "2026-02-27")], "r.c4 <= '2026-02-27'"),
        (&[("import", "1")], "i.number = 1"),
        (&[("region", "Region 1"), ("paid__isnull", "true")], "r.c1 = 'Region 1' AND r.c2 IS NULL"),
    ];
    let filter = |(named, sql): (&[(&str, &str)], _)| {
        let mut filter = Filter::default();
        for (name, text) in named {
            let parameter = names.find(name).unwrap();
            names.add(&mut filter, parameter, text).unwrap();
        }
        (filter, sql)
    };
    table.into_iter().map(filter).collect()
}
