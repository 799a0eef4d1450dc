//! Rows into a dataset's table by `COPY … FROM STDIN (FORMAT binary)`, in a few buffers.

mod encoder;

use std::pin::Pin;

use bytes::Bytes;
use domain::cell::Value;
use domain::dataset::Dataset;
use futures_util::SinkExt;
use tokio_postgres::{Client, CopyInSink};

use crate::Error;
use encoder::Encoder;

/// Bytes gathered before they are sent; sizes from 8 KiB to 1 MiB measured the same.
const FRAME: usize = 64 * 1024;

/// An open COPY. Dropped without [`RowSink::finish`] it fails on the server.
pub struct RowSink {
    sink: Pin<Box<CopyInSink<Bytes>>>,
    encoder: Encoder,
    import_id: i64,
}

impl RowSink {
    /// Opens the COPY into the dataset's table.
    pub async fn open(client: &Client, dataset: &Dataset, import_id: i64) -> Result<Self, Error> {
        let sink = client.copy_in(&statement(dataset)).await?;
        Ok(Self {
            sink: Box::pin(sink),
            encoder: Encoder::new(FRAME),
            import_id,
        })
    }

    /// Adds a row; sends what has gathered once a frame is full.
    pub async fn push(&mut self, record: i64, values: &[Value<'_>]) -> Result<(), Error> {
        self.encoder.row(self.import_id, record, values);
        if self.encoder.len() >= FRAME {
            self.sink.send(self.encoder.take()).await?;
        }
        Ok(())
    }

    /// Ends the COPY; the number of rows the server took.
    pub async fn finish(mut self) -> Result<u64, Error> {
        self.sink.send(self.encoder.end()).await?;
        Ok(self.sink.as_mut().finish().await?)
    }
}

fn statement(dataset: &Dataset) -> String {
    let columns: Vec<&str> = dataset.columns.iter().map(|it| it.name).collect();
    format!(
        "COPY {} (import_id, record, {}) FROM STDIN (FORMAT binary)",
        dataset.table,
        columns.join(", ")
    )
}
