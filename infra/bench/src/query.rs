//! `bench query`: what a page costs first, in the middle and last, by offset and by cursor, in the
//! database and through the handler, and what the plain statement costs for the same. The summary
//! beside it, the same of declared datasets, and the list of all imports.

mod beside;
mod everything;
pub mod fill;
mod page;
mod pages;
mod seconds;
pub mod shape;
mod timing;
mod totals;

use anyhow::Result;
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use xtask::measurements::QueryOptions;

use crate::server::connect_to_product;
use crate::user::User;
use crate::{environment, report};
use fill::Seller;
use pages::Reading;
use seconds::Seconds;
use shape::Shape;

/// Users, how many imports their rows came in, and what their rows are.
const SELLERS: [(&str, i64, Shape); 11] = [
    ("1 import", 1, Shape::Sales),
    ("10 imports", 10, Shape::Sales),
    ("300 imports", 300, Shape::Sales),
    (
        "1 import, half of its rows of one day",
        1,
        Shape::HalfOneDay,
    ),
    ("declared, by a date", 1, Shape::ByDate),
    ("declared, with nulls", 1, Shape::WithNulls),
    ("declared, by a datetime", 1, Shape::ByDatetime),
    ("declared, by an integer", 1, Shape::ByInteger),
    ("declared, by nothing", 1, Shape::ByNothing),
    ("declared, by a datetime, 10 imports", 10, Shape::ByDatetime),
    (
        "declared, by an integer, all in one bucket, 10 imports",
        10,
        Shape::ByIntegerOfOnePart,
    ),
];

/// Measures, prints and writes.
pub async fn run(options: QueryOptions) -> Result<()> {
    let machine = environment::machine();
    println!("bench query, {machine}");
    let figures = all(&options).await?;
    report::write("query", &figures)?;
    let rows = page::text(&machine, options.rows, &figures);
    let text = format!("{rows}\n{}", everything::text(&figures["everything"]));
    println!("{text}");
    options
        .write
        .map_or(Ok(()), |page| report::write_into(&page, &text))
}

/// In the database of the stack: its functions read it too.
async fn all(options: &QueryOptions) -> Result<Value> {
    let mut client = connect_to_product().await?;
    let mut sellers = Vec::new();
    for (name, imports, shape) in SELLERS {
        let user = User::sign_up()?;
        let owner = user.owner(&client).await?;
        let seller = Seller::new(&mut client, name, owner, shape).await?;
        let seconds = seller.fill(&mut client, options.rows, imports).await?;
        println!("{name}: {} rows; {seconds}", options.rows);
        sellers.push((seller, user, imports, seconds));
    }
    // As the server does on its own, a while later.
    client.batch_execute("VACUUM ANALYZE").await?;
    let mut users = Map::new();
    for (seller, user, imports, seconds) in &sellers {
        let reading = Reading {
            seller,
            user,
            options,
        };
        let mut figures = figures(&mut client, &reading).await?;
        let Seconds { finished, summed } = seconds;
        figures["declared"] = json!(seller.shape.is_declared());
        figures["imports"] = json!(imports);
        figures["finish_seconds"] = json!(finished);
        figures["sum_seconds"] = json!(summed);
        users.insert(seller.name.to_owned(), figures);
    }
    let everything = everything::measure(&mut client, options.samples).await?;
    Ok(json!({"rows_each": options.rows, "users": users, "everything": everything}))
}

async fn figures(client: &mut Client, reading: &Reading<'_>) -> Result<Value> {
    let half = Shape::half();
    let mut figures = json!({
        "pages": reading.pages(client).await?,
        "totals": reading.totals(client).await?,
        "half": reading.filtered(client, "half left", &half).await?,
    });
    if let Some(nulls) = reading.seller.shape.nulls() {
        figures["nulls"] = json!(reading.filtered(client, "nulls", &nulls).await?);
    }
    Ok(figures)
}
