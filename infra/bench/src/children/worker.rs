use anyhow::{Context as _, Error, Result, bail};
use aws::objects::Objects;
use clap::Args;
use postgres::chunks::{self, Claim};
use postgres::copy::RowBuffer;
use postgres::{Client, datasets, row_errors};
use uuid::Uuid;

use super::{say, say_peak};
use crate::{apart, environment, server::Server};

/// Stores chunks whose numbers come line by line.
#[derive(Args)]
pub struct Work {
    /// Database
    #[arg(long)]
    pub database: String,
    /// Import
    #[arg(long)]
    pub import: Uuid,
    /// Into a table the import has for itself
    #[arg(long)]
    pub apart: bool,
}

/// The chunk transaction of import-chunk, statement by statement; no queue, no advance.
pub async fn run(work: Work) -> Result<()> {
    let database = Server::open()
        .await?
        .database(&work.database, "import-chunk")?;
    let config = aws::config().await;
    let objects = Objects::new(&config, environment::required("UPLOAD_BUCKET")?);
    let mut client = database.connection().await?;
    let mut buffer = RowBuffer::default();
    for line in std::io::stdin().lines() {
        let number: i32 = line?.trim().parse()?;
        store(&mut client, &objects, &work, number, &mut buffer).await?;
        say(&number.to_string())?;
    }
    say_peak()
}

async fn store(
    client: &mut Client,
    objects: &Objects,
    work: &Work,
    number: i32,
    buffer: &mut RowBuffer,
) -> Result<()> {
    let import = work.import;
    chunks::count_attempt(client, import, number).await?;
    chunks::begin(client).await?;
    let Claim::Ours(claimed) = chunks::claim(&*client, import, number).await? else {
        bail!("the chunk is not to be had");
    };
    let declared =
        datasets::pinned(client, claimed.owner, &claimed.dataset, claimed.declared).await?;
    let dataset = match work.apart {
        true => apart::dataset(),
        false => &declared,
    };
    let taken = std::mem::take(buffer);
    let rows = import_chunk::copy_rows(client, objects, &claimed, dataset, taken).await;
    let mut rows = rows.map_err(Error::from_boxed)?;
    *buffer = rows.take_buffer();
    row_errors::store(client, claimed.import_id, &rows.errors).await?;
    let receipt = rows.receipt();
    chunks::write_receipt(client, &claimed, &receipt).await?;
    let counted = chunks::pass_fence(client, &claimed, &receipt).await?;
    counted.context("the import does not want the chunk")?;
    Ok(chunks::commit(client).await?)
}
