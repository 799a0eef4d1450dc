//! Rows into a dataset's table by `COPY … FROM STDIN (FORMAT binary)`, in the order of the table's
//! key as far as a bounded buffer reaches: a leaf of the index is then filled once instead of
//! being looked up for every row.

mod encoder;
mod run;

use std::pin::Pin;

use bytes::Bytes;
use domain::cell::Value;
use domain::dataset::Dataset;
use futures_util::SinkExt;
use tokio_postgres::{Client, CopyInSink};
use trial::point;

use crate::Error;
use encoder::Frame;
pub use run::Room;
use run::Run;

/// Bytes gathered before they are sent; sizes from 8 KiB to 1 MiB measured the same.
const FRAME: usize = 64 * 1024;

/// An open COPY. Dropped without [`RowSink::finish`] it fails on the server.
pub struct RowSink {
    sink: Pin<Box<CopyInSink<Bytes>>>,
    frame: Frame,
    /// Where the table is sorted by more than the record; rows come in the order of their records.
    run: Option<Run>,
    /// Memory that no run uses.
    spare: Room,
    import_id: i64,
}

impl RowSink {
    /// Opens the COPY into the dataset's table. Its rows are sorted in `room`, which
    /// [`RowSink::finish`] gives back for the next one.
    pub async fn open(
        client: &Client,
        dataset: &Dataset,
        import_id: i64,
        room: Room,
    ) -> Result<Self, Error> {
        let sink = client.copy_in(&statement(dataset)).await?;
        let (run, spare) = match dataset.sorted_by {
            Some(sorted_by) => (Some(Run::new(sorted_by, room)), Room::default()),
            None => (None, room),
        };
        Ok(Self {
            sink: Box::pin(sink),
            frame: Frame::new(FRAME),
            run,
            spare,
            import_id,
        })
    }

    /// Adds a row. Rows must come in the order of their records. Sends what has gathered once it
    /// is enough.
    pub async fn push(&mut self, record: i64, values: &[Value<'_>]) -> Result<(), Error> {
        let Some(run) = &mut self.run else {
            self.frame.row(self.import_id, record, values);
            return self.send_full_frame().await;
        };
        run.push(self.import_id, record, values);
        if run.is_full() {
            self.send_run().await?;
        }
        Ok(())
    }

    /// Ends the COPY: the number of rows the server took, and the memory they were sorted in.
    pub async fn finish(mut self) -> Result<(u64, Room), Error> {
        self.send_run().await?;
        self.sink.send(self.frame.end()).await?;
        let rows = self.sink.as_mut().finish().await?;
        point("copied");
        Ok((rows, self.run.map_or(self.spare, Run::into_room)))
    }

    async fn send_run(&mut self) -> Result<(), Error> {
        let Some(mut run) = self.run.take() else {
            return Ok(());
        };
        run.sort();
        let mut i = 0;
        while let Some(row) = run.row(i) {
            self.frame.encoded_row(row);
            self.send_full_frame().await?;
            i += 1;
        }
        run.clear();
        self.run = Some(run);
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
    let columns: Vec<&str> = dataset.columns.iter().map(|it| it.name).collect();
    format!(
        "COPY {} (import_id, record, {}) FROM STDIN (FORMAT binary)",
        dataset.table,
        columns.join(", ")
    )
}
