//! `bench export`: write-export beside `psql \copy (select …) to file`, of the same rows.

mod ours;
mod page;
mod placement;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::measured::{Measured, Spread};
use crate::query::fill::Seller;
use crate::server::Server;
use crate::{environment, report};
use placement::Placement;

pub use ours::Work;
pub use ours::write;

const DATABASE: &str = "bench_export";

/// What to measure.
#[derive(Args)]
pub struct Wish {
    /// Rows of the user
    #[arg(long, default_value_t = 5_000_000)]
    rows: i64,
    /// Runs of each, interleaved, every other one the other way round
    #[arg(long, default_value_t = 4)]
    runs: usize,
    /// Also write the table into this page, between its two marks
    #[arg(long)]
    write: Option<PathBuf>,
}

/// Who writes the rows.
#[derive(Clone, Copy)]
enum Way {
    Psql,
    Plain,
    Guarded,
    Gzip,
}

const WAYS: [(Way, &str); 4] = [
    (Way::Psql, "psql \\copy (select …) to file"),
    (Way::Plain, "export"),
    (Way::Guarded, "export, guarded against formulas"),
    (Way::Gzip, "export, compressed"),
];

/// Measures, prints and writes.
pub async fn run(wish: Wish) -> Result<()> {
    let machine = environment::machine();
    println!("bench export, {machine}");
    let server = Server::open().await?;
    server.create(DATABASE).await?;
    let measured = all(&server, &wish).await;
    server.drop(DATABASE).await?;
    let tables = measured?;
    let figures = tables.iter().flat_map(|(placement, lines)| {
        let placement = format!("{placement:?}");
        lines
            .iter()
            .map(move |(way, runs)| json!({"placement": placement, "way": way, "runs": runs}))
    });
    let figures: Vec<_> = figures.collect();
    report::write("export", &json!({"machine": machine, "lines": figures}))?;
    let text = page::text(&machine, wish.rows, &tables);
    println!("{text}");
    wish.write
        .map_or(Ok(()), |page| report::write_into(&page, &text))
}

/// A way's name, and its runs.
type Line = (&'static str, Vec<Measured>);

async fn all(server: &Server, wish: &Wish) -> Result<Vec<(Placement, Vec<Line>)>> {
    let mut client = server.connect(DATABASE).await?;
    postgres::migrations::run(&mut client).await?;
    let owner = Uuid::new_v4();
    let seller = Seller::new("bench", owner, false);
    seller.fill(&mut client, wish.rows, 1).await?;
    client.batch_execute("VACUUM ANALYZE").await?;
    let cores = std::thread::available_parallelism()?.get();
    let mut tables = Vec::new();
    for &placement in Placement::possible(cores) {
        placement.put(server, cores)?;
        println!("{}", placement.title());
        let lines = lines(server, &mut client, owner, wish).await;
        Placement::Together.put(server, cores)?;
        tables.push((placement, lines?));
    }
    Ok(tables)
}

async fn lines(
    server: &Server,
    client: &mut Client,
    owner: Uuid,
    wish: &Wish,
) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = WAYS.map(|(_, name)| (name, Vec::new())).into();
    for run in 1..=wish.runs {
        // Every other run is the other way round, so that nobody always comes behind the same one.
        let backwards = run % 2 == 0;
        for turn in 0..WAYS.len() {
            let at = if backwards {
                WAYS.len() - 1 - turn
            } else {
                turn
            };
            let (way, name) = WAYS[at];
            settle_disk()?;
            let measured = measure(server, client, owner, way, wish.rows).await?;
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

/// What the one before wrote is on its way to the disk no longer.
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
    way: Way,
    rows: i64,
) -> Result<Measured> {
    match way {
        Way::Psql => psql(server, client, rows).await,
        Way::Plain => ours::measure(server, client, owner, rows, [false, false]).await,
        Way::Guarded => ours::measure(server, client, owner, rows, [false, true]).await,
        Way::Gzip => ours::measure(server, client, owner, rows, [true, false]).await,
    }
}

async fn psql(server: &Server, client: &Client, rows: i64) -> Result<Measured> {
    let file = environment::output_folder()?.join("export.csv");
    let columns: Vec<_> = domain::dataset::BASELINE
        .columns
        .iter()
        .map(|it| it.name)
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

/// Median, least and greatest of some figure of the runs.
fn spread(runs: &[Measured], of: impl Fn(&Measured) -> f64) -> Spread {
    Spread::of(runs.iter().map(of).collect())
}
