//! Rows into a dataset's table by `COPY … FROM STDIN (FORMAT binary)`, in the order of the table's
//! key as far as a bounded buffer reaches: a leaf of the index is then filled once instead of
//! being looked up for every row.

mod encoder;
mod sorted_rows;

use std::pin::Pin;

use bytes::Bytes;
use domain::cell::Value;
use domain::dataset::Dataset;
use futures_util::SinkExt;
use tokio_postgres::{Client, CopyInSink};
use trial::point;

use crate::Error;
use encoder::Frame;
pub use sorted_rows::RowBuffer;
use sorted_rows::SortedRows;

/// Bytes gathered before they are sent; sizes from 8 KiB to 1 MiB measured the same.
const FRAME: usize = 64 * 1024;

/// An open COPY. Dropped without [`RowSink::finish`] it fails on the server.
pub struct RowSink {
    sink: Pin<Box<CopyInSink<Bytes>>>,
    frame: Frame,
    /// Where the table is sorted by more than the record; rows come in the order of their records.
    sorted: Option<SortedRows>,
    /// Memory that no sorted rows use.
    spare: RowBuffer,
    import_id: i64,
}

impl RowSink {
    /// Opens the COPY into the dataset's table. Its rows are sorted in `buffer`, which
    /// [`RowSink::finish`] gives back for the next one.
    pub async fn open(
        client: &Client,
        dataset: &Dataset,
        import_id: i64,
        buffer: RowBuffer,
    ) -> Result<Self, Error> {
        let sink = client.copy_in(&statement(dataset)).await?;
        let (sorted, spare) = match dataset.sorted_by {
            Some(sorted_by) => (
                Some(SortedRows::new(sorted_by, buffer)),
                RowBuffer::default(),
            ),
            None => (None, buffer),
        };
        Ok(Self {
            sink: Box::pin(sink),
            frame: Frame::new(FRAME),
            sorted,
            spare,
            import_id,
        })
    }

    /// Adds a row. Rows must come in the order of their records. Sends what was gathered, once it
    /// is enough.
    pub async fn push(&mut self, record: i64, values: &[Value<'_>]) -> Result<(), Error> {
        let Some(sorted) = &mut self.sorted else {
            self.frame.row(self.import_id, record, values);
            return self.send_full_frame().await;
        };
        sorted.push(self.import_id, record, values);
        if sorted.is_full() {
            self.send_sorted().await?;
        }
        Ok(())
    }

    /// Ends the COPY: the number of rows the server took, and the memory they were sorted in.
    pub async fn finish(mut self) -> Result<(u64, RowBuffer), Error> {
        self.send_sorted().await?;
        self.sink.send(self.frame.end()).await?;
        let rows = self.sink.as_mut().finish().await?;
        point("copied");
        Ok((
            rows,
            self.sorted.map_or(self.spare, SortedRows::into_buffer),
        ))
    }

    async fn send_sorted(&mut self) -> Result<(), Error> {
        let Some(mut sorted) = self.sorted.take() else {
            return Ok(());
        };
        sorted.sort();
        let mut i = 0;
        while let Some(row) = sorted.row(i) {
            self.frame.encoded_row(row);
            self.send_full_frame().await?;
            i += 1;
        }
        sorted.clear();
        self.sorted = Some(sorted);
        Ok(())
    }

    async fn send_full_frame(&mut self) -> Result<(), Error> {
        if self.frame.is_full() {
            self.sink.send(self.frame.take()).await?;
            point("copying");
        }
        Ok(())
    }
}

fn statement(dataset: &Dataset) -> String {
    let columns: Vec<&str> = dataset.columns.iter().map(|it| it.name.as_str()).collect();
    format!(
        "COPY {} (import_id, record, {}) FROM STDIN (FORMAT binary)",
        dataset.table,
        columns.join(", ")
    )
}
