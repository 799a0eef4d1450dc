//! `bench export`: write-export beside `psql \copy (select …) to file`, of the same rows.

mod ours;
mod page;
mod placement;

use std::process::Command;

use anyhow::{Result, bail};
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;
use xtask::measurements::ExportOptions;

use crate::measured::{Measured, Spread};
use crate::query::fill::Seller;
use crate::query::shape::Shape;
use crate::server::Server;
use crate::{environment, report};
use placement::Placement;

pub use ours::Work;
pub use ours::write;

const DATABASE: &str = "bench_export";

/// Who writes the rows.
#[derive(Clone, Copy)]
enum Exporter {
    Psql,
    Plain,
    Guarded,
    Gzip,
}

const EXPORTERS: [(Exporter, &str); 4] = [
    (Exporter::Psql, "psql \\copy (select …) to file"),
    (Exporter::Plain, "export"),
    (Exporter::Guarded, "export, guarded against formulas"),
    (Exporter::Gzip, "export, compressed"),
];

/// Measures, prints and writes.
pub async fn run(options: ExportOptions) -> Result<()> {
    let machine = environment::machine();
    println!("bench export, {machine}");
    let server = Server::open().await?;
    server.create(DATABASE).await?;
    let measured = all(&server, &options).await;
    server.drop(DATABASE).await?;
    let tables = measured?;
    let figures = tables.iter().flat_map(|(placement, lines)| {
        let placement = format!("{placement:?}");
        lines
            .iter()
            .map(move |(exporter, runs)| json!({"placement": placement, "exporter": exporter, "runs": runs}))
    });
    let figures: Vec<_> = figures.collect();
    report::write("export", &json!({"machine": machine, "lines": figures}))?;
    let text = page::text(&machine, options.rows, &tables);
    println!("{text}");
    options
        .write
        .map_or(Ok(()), |page| report::write_into(&page, &text))
}

/// An exporter's name, and its runs.
type Line = (&'static str, Vec<Measured>);

async fn all(server: &Server, options: &ExportOptions) -> Result<Vec<(Placement, Vec<Line>)>> {
    let mut client = server.connect(DATABASE).await?;
    postgres::migrations::run(&mut client).await?;
    let owner = Uuid::new_v4();
    let seller = Seller::new(&mut client, "bench", owner, Shape::Sales).await?;
    seller.fill(&mut client, options.rows, 1).await?;
    client.batch_execute("VACUUM ANALYZE").await?;
    let cores = std::thread::available_parallelism()?.get();
    let mut tables = Vec::new();
    for &placement in Placement::possible(cores) {
        placement.put(server, cores)?;
        println!("{}", placement.title());
        let lines = lines(server, &mut client, owner, options).await;
        Placement::Together.put(server, cores)?;
        tables.push((placement, lines?));
    }
    Ok(tables)
}

async fn lines(
    server: &Server,
    client: &mut Client,
    owner: Uuid,
    options: &ExportOptions,
) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = EXPORTERS.map(|(_, name)| (name, Vec::new())).into();
    for run in 1..=options.runs {
        // Every second run is in reverse order, so that no exporter always comes after the same one.
        let backwards = run % 2 == 0;
        for turn in 0..EXPORTERS.len() {
            let at = if backwards {
                EXPORTERS.len() - 1 - turn
            } else {
                turn
            };
            let (exporter, name) = EXPORTERS[at];
            settle_disk()?;
            let measured = measure(server, client, owner, exporter, options.rows).await?;
            let rate = report::grouped(measured.rate());
            println!(
                "run {run}, {name}: {:.2} s, {rate} rows/s",
                measured.seconds
            );
            lines[at].1.push(measured);
        }
    }
    Ok(lines)
}

/// Waits until all that was written before is on the disk.
fn settle_disk() -> Result<()> {
    let status = Command::new("sync").status()?;
    if status.success() {
        Ok(())
    } else {
        bail!("sync: {status}")
    }
}

async fn measure(
    server: &Server,
    client: &mut Client,
    owner: Uuid,
    exporter: Exporter,
    rows: i64,
) -> Result<Measured> {
    match exporter {
        Exporter::Psql => psql(server, client, rows).await,
        Exporter::Plain => ours::measure(server, client, owner, rows, [false, false]).await,
        Exporter::Guarded => ours::measure(server, client, owner, rows, [false, true]).await,
        Exporter::Gzip => ours::measure(server, client, owner, rows, [true, false]).await,
    }
}

async fn psql(server: &Server, client: &Client, rows: i64) -> Result<Measured> {
    let file = environment::output_folder()?.join("export.csv");
    let columns: Vec<_> = domain::catalog::BASELINE
        .columns
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    let import: i64 = client
        .query_one("SELECT id FROM import", &[])
        .await?
        .try_get(0)?;
    let copy = format!(
        "\\copy (select {} from sales_record where import_id = {import}) to '{}' with (format csv, header)",
        columns.join(", "),
        file.display()
    );
    let mut command = Command::new(environment::postgres_programs()?.join("psql"));
    command.envs(server.libpq(DATABASE)?).args([
        "--no-psqlrc",
        "--quiet",
        "-v",
        "ON_ERROR_STOP=1",
        "--command",
        &copy,
    ]);
    let watch = server.watch().await?;
    let status = tokio::task::block_in_place(|| command.status())?;
    if !status.success() {
        bail!("psql: {status}");
    }
    let measured = server.measured(&watch, rows.unsigned_abs()).await?;
    std::fs::remove_file(file)?;
    Ok(measured)
}

/// Median, least and greatest of one figure of the runs.
fn spread(runs: &[Measured], of: impl Fn(&Measured) -> f64) -> Spread {
    Spread::of(runs.iter().map(of).collect())
}
