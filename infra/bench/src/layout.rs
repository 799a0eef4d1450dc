//! `bench layout`: what it costs to store sales records in tables that differ in the order of their
//! columns and in the width of their key. The same rows, in the order in which a worker sends them,
//! by `psql \copy` in the binary form: neither parsing nor checking is in it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tokio_postgres::Client;
use xtask::measurements::LayoutOptions;

use crate::measured::{Measured, Spread};
use crate::query::shape::Shape;
use crate::server::Server;
use crate::{environment, report};

const DATABASE: &str = "bench_layout";

/// The rows as they are copied from: the columns of the sales records, without an index.
const SOURCE: &str = "source";

/// The table that they are copied to.
const TABLE: &str = "layout";

/// About the rows of a chunk of 16 MiB: a worker sorts them.
const CHUNK: i64 = 135_000;

const TEXTS: &str = "region text, country text, item_type text, sales_channel text, \
    order_priority text";
const MONEY: &str = "unit_price numeric(14,2), unit_cost numeric(14,2), \
    total_revenue numeric(14,2), total_cost numeric(14,2), total_profit numeric(14,2)";

/// A table of the columns of the sales records.
struct Layout {
    name: &'static str,
    /// Each with its type, in their order.
    columns: String,
}

fn layouts() -> [Layout; 4] {
    let layout = |name, columns| Layout { name, columns };
    let fixed_first = |fixed: &str| format!("{fixed}, {TEXTS}, {MONEY}");
    [
        layout("as the sales records", sales_columns()),
        layout(
            "fixed width first, as a declared dataset",
            fixed_first(
                "import_id bigint, record bigint, order_id bigint, units_sold bigint, \
                 order_date date, ship_date date",
            ),
        ),
        layout(
            "the same, import of 4 bytes",
            fixed_first(
                "record bigint, order_id bigint, units_sold bigint, import_id integer, \
                 order_date date, ship_date date",
            ),
        ),
        layout(
            "the same, import and record of 4 bytes",
            fixed_first(
                "order_id bigint, units_sold bigint, import_id integer, record integer, \
                 order_date date, ship_date date",
            ),
        ),
    ]
}

fn sales_columns() -> String {
    format!(
        "import_id bigint, record bigint, {TEXTS}, order_date date, order_id bigint, \
         ship_date date, units_sold bigint, {MONEY}"
    )
}

impl Layout {
    /// The columns' names and types.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.split(", ").filter_map(|it| it.split_once(' '))
    }

    /// SQL: the names.
    fn names(&self) -> String {
        let names: Vec<&str> = self.pairs().map(|it| it.0).collect();
        names.join(", ")
    }

    /// SQL: a row of the source as a row of this.
    fn selected(&self) -> String {
        let selected = self.pairs().map(|(name, kind)| format!("{name}::{kind}"));
        selected.collect::<Vec<_>>().join(", ")
    }

    fn file(&self, at: usize) -> Result<PathBuf> {
        Ok(environment::output_folder()?.join(format!("layout-{at}.copy")))
    }
}

/// A layout and its runs.
struct Line {
    name: &'static str,
    runs: Vec<Measured>,
    /// Bytes of the table and of its index.
    sizes: (i64, i64),
}

/// Measures, prints and writes.
pub async fn run(options: LayoutOptions) -> Result<()> {
    let machine = environment::machine();
    println!("bench layout, {machine}");
    let server = Server::open().await?;
    server.create(DATABASE).await?;
    let measured = all(&server, &options).await;
    server.drop(DATABASE).await?;
    let lines = measured?;
    let figures: Vec<Value> = lines
        .iter()
        .map(|it| json!({"layout": it.name, "table_bytes": it.sizes.0, "index_bytes": it.sizes.1, "runs": it.runs}))
        .collect();
    report::write("layout", &json!({"machine": machine, "lines": figures}))?;
    println!("{}", table(&machine, &options, &lines));
    Ok(())
}

async fn all(server: &Server, options: &LayoutOptions) -> Result<Vec<Line>> {
    let client = server.connect(DATABASE).await?;
    fill(&client, options.rows).await?;
    let layouts = layouts();
    for (at, layout) in layouts.iter().enumerate() {
        let select = format!("(select {} from {SOURCE})", layout.selected());
        psql(
            server,
            &format!("{select} to '{}'", layout.file(at)?.display()),
        )?;
    }
    let line = |it: &Layout| Line {
        name: it.name,
        runs: Vec::new(),
        sizes: (0, 0),
    };
    let mut lines: Vec<Line> = layouts.iter().map(line).collect();
    for run in 1..=options.runs {
        for (at, (layout, line)) in layouts.iter().zip(&mut lines).enumerate() {
            let measured = measure(server, &client, layout, at, options.rows).await?;
            line.sizes = sizes(&client).await?;
            let wal = measured.wal_bytes as f64 / measured.rows as f64;
            println!(
                "run {run}, {}: {:.2} s, server CPU-s/M {:.2}, WAL {wal:.0} B/row",
                layout.name,
                measured.seconds,
                measured.per_million(measured.server_cpu)
            );
            line.runs.push(measured);
        }
    }
    for (at, layout) in layouts.iter().enumerate() {
        std::fs::remove_file(layout.file(at)?)?;
    }
    Ok(lines)
}

/// Rows as chunks leave them: each sorted by day.
async fn fill(client: &Client, rows: i64) -> Result<()> {
    let create = format!("CREATE UNLOGGED TABLE {SOURCE} ({})", sales_columns());
    client.batch_execute(&create).await?;
    let insert = format!(
        "INSERT INTO {SOURCE} SELECT 1, record, {} \
         FROM (SELECT record, hashint8(record * 7919)::bigint & 2147483647 AS h \
               FROM generate_series($1::bigint, $2::bigint) AS record) AS r ORDER BY 8, 2",
        Shape::Sales.values()
    );
    let mut first = 1;
    while first <= rows {
        let last = rows.min(first + CHUNK - 1);
        client.execute(&insert, &[&first, &last]).await?;
        first = last + 1;
    }
    Ok(())
}

async fn measure(
    server: &Server,
    client: &Client,
    layout: &Layout,
    at: usize,
    rows: i64,
) -> Result<Measured> {
    let create = format!(
        "DROP TABLE IF EXISTS {TABLE}; \
         CREATE TABLE {TABLE} ({}, PRIMARY KEY (import_id, order_date, record))",
        layout.columns
    );
    client.batch_execute(&create).await?;
    let file = layout.file(at)?;
    let copy = format!("{TABLE} ({}) from '{}'", layout.names(), file.display());
    let watch = server.watch().await?;
    tokio::task::block_in_place(|| psql(server, &copy))?;
    server.measured(&watch, rows.unsigned_abs()).await
}

async fn sizes(client: &Client) -> Result<(i64, i64)> {
    let sql = format!("SELECT pg_table_size('{TABLE}'), pg_indexes_size('{TABLE}')");
    let row = client.query_one(&sql, &[]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// `\copy`, in the binary form, of rows in the order in which they are stored.
fn psql(server: &Server, what: &str) -> Result<()> {
    let status = Command::new(environment::postgres_programs()?.join("psql"))
        .envs(server.libpq(DATABASE)?)
        .env("PGOPTIONS", "-c max_parallel_workers_per_gather=0")
        .args(["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1"])
        .args(["--command", &format!("\\copy {what} with (format binary)")])
        .stdin(Stdio::null())
        .status()?;
    match status.success() {
        true => Ok(()),
        false => bail!("psql: {status}"),
    }
}

fn table(machine: &str, options: &LayoutOptions, lines: &[Line]) -> String {
    let rows = options.rows as f64;
    let mut text = format!(
        "{machine}. {} rows, {} interleaved runs, medians.\n\n\
         | | server CPU-s/M (least – greatest) | × the first | WAL B/row | table B/row | index B/row |\n\
         |---|---|---|---|---|---|\n",
        report::grouped(rows),
        options.runs
    );
    let spread = |runs: &[Measured], of: &dyn Fn(&Measured) -> f64| {
        Spread::of(runs.iter().map(of).collect())
    };
    for line in lines {
        let cpu = spread(&line.runs, &|it| it.per_million(it.server_cpu));
        let pairs = lines.first().map_or(&[][..], |it| &it.runs).iter();
        let ratios = pairs.zip(&line.runs);
        let ratios = ratios.map(|(first, it)| it.server_cpu / first.server_cpu);
        text += &format!(
            "| {} | {:.2} ({:.2} – {:.2}) | {:.2} | {:.0} | {:.0} | {:.0} |\n",
            line.name,
            cpu.median,
            cpu.least,
            cpu.greatest,
            Spread::of(ratios.collect()).median,
            spread(&line.runs, &|it| it.wal_bytes as f64 / rows).median,
            line.sizes.0 as f64 / rows,
            line.sizes.1 as f64 / rows,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn layouts_have_the_same_columns() {
        let names = |it: &Layout| -> BTreeSet<String> {
            it.pairs().map(|(name, _)| name.to_owned()).collect()
        };
        let all = layouts();
        assert!(all.iter().all(|it| names(it) == names(&all[0])));
        assert_eq!(names(&all[0]).len(), 16);
        assert!(
            all[3]
                .selected()
                .contains("record::integer, order_date::date")
        );
        assert!(all[3].selected().ends_with("total_profit::numeric(14,2)"));
    }
}
