//! `bench query`: what a page costs first, in the middle and last, by offset and by cursor, and
//! what the plain statement costs for the same.

mod fill;
mod pages;

use clap::Args;
use serde_json::{Map, Value, json};

use crate::server::Server;
use crate::{Outcome, environment, report};
use fill::Seller;

const DATABASE: &str = "bench_query";

/// What to measure.
#[derive(Args)]
pub struct Wish {
    /// Rows of each user; there are four of them in one table
    #[arg(long, default_value_t = 5_000_000)]
    rows: i64,
    /// How often each page is read
    #[arg(long, default_value_t = 100)]
    samples: usize,
    /// How often each page is read the plain way
    #[arg(long, default_value_t = 3)]
    plain_samples: usize,
}

/// Measures, prints and writes.
pub async fn run(wish: Wish) -> Outcome {
    println!("bench query, {}", environment::machine());
    let server = Server::open().await?;
    server.create(DATABASE).await?;
    let figures = all(&server, &wish).await;
    server.drop(DATABASE).await?;
    report::write("query", &figures?)
}

async fn all(server: &Server, wish: &Wish) -> Outcome<Value> {
    let mut client = server.connect(DATABASE).await?;
    postgres::migrations::run(&mut client).await?;
    let mut sellers = Vec::new();
    let mut finished = Map::new();
    for (name, imports, is_half_one_day) in [
        ("1 import", 1, false),
        ("10 imports", 10, false),
        ("300 imports", 300, false),
        ("1 import, half of its rows of one day", 1, true),
    ] {
        let seller = Seller::new(name, is_half_one_day);
        let seconds = seller.fill(&mut client, wish.rows, imports).await?;
        println!(
            "{name}: {} rows; proved, counted and completed in {seconds:.2} s",
            wish.rows
        );
        finished.insert(name.to_owned(), json!(seconds));
        sellers.push(seller);
    }
    // As the server does on its own, a while later.
    client.batch_execute("VACUUM ANALYZE").await?;
    let mut figures = Map::new();
    for seller in &sellers {
        let figure = pages::measure(&mut client, seller, wish.samples, wish.plain_samples).await?;
        figures.insert(seller.name.to_owned(), figure);
    }
    Ok(json!({"rows_each": wish.rows, "finish_seconds": finished, "pages": figures}))
}
