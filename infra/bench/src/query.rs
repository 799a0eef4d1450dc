//! `bench query`: what a page costs first, in the middle and last, by offset and by cursor, in the
//! database and through the handler, and what the plain statement costs for the same. The summary
//! beside it.

pub mod fill;
mod page;
mod pages;
mod seconds;

use anyhow::Result;
use serde_json::{Map, Value, json};
use xtask::measurements::QueryOptions;

use crate::server::connect_to_product;
use crate::user::User;
use crate::{environment, report};
use fill::Seller;
use seconds::Seconds;

/// Users, how many imports their rows came in, and whether half of the rows are of one day.
const SELLERS: [(&str, i64, bool); 4] = [
    ("1 import", 1, false),
    ("10 imports", 10, false),
    ("300 imports", 300, false),
    ("1 import, half of its rows of one day", 1, true),
];

/// Measures, prints and writes.
pub async fn run(options: QueryOptions) -> Result<()> {
    let machine = environment::machine();
    println!("bench query, {machine}");
    let figures = all(&options).await?;
    report::write("query", &figures)?;
    let text = page::text(&machine, options.rows, &figures);
    println!("{text}");
    options
        .write
        .map_or(Ok(()), |page| report::write_into(&page, &text))
}

/// In the database of the stack: its functions read it too.
async fn all(options: &QueryOptions) -> Result<Value> {
    let mut client = connect_to_product().await?;
    let mut sellers = Vec::new();
    for (name, imports, is_half_one_day) in SELLERS {
        let user = User::sign_up()?;
        let seller = Seller::new(name, user.owner(&client).await?, is_half_one_day);
        let seconds = seller.fill(&mut client, options.rows, imports).await?;
        println!("{name}: {} rows; {seconds}", options.rows);
        sellers.push((seller, user, seconds));
    }
    // As the server does on its own, a while later.
    client.batch_execute("VACUUM ANALYZE").await?;
    let mut figures = Map::new();
    for (seller, user, seconds) in &sellers {
        let pages = pages::measure(&mut client, seller, user, options).await?;
        let Seconds { finished, summed } = seconds;
        let figure = json!({"finish_seconds": finished, "sum_seconds": summed, "pages": pages});
        figures.insert(seller.name.to_owned(), figure);
    }
    Ok(json!({"rows_each": options.rows, "users": figures}))
}
