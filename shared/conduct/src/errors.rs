//! What an import fails for that has more rejected records than it may have.
//!
//! That they are many is seldom what is wrong with its file. A file whose dates are written day
//! first has many, and its receipts can tell that.

use domain::dataset::Dataset;
use domain::import::Import;
use domain::max_errors::MaxErrors;
use domain::reason::{Reason, TooManyErrors};
use domain::verdict::{Totals, judge};
use domain::witness::Witness;
use postgres::chunks::{self, Stored};
use postgres::datasets;

use crate::{After, Conductor, Error};

impl Conductor {
    /// Fails the import for the first reason that its receipts know.
    pub(crate) async fn stop_for_errors(&self, import: &Import) -> Result<After, Error> {
        let (dataset, receipts) = self
            .database
            .run(async |client| {
                let dataset = datasets::of_import(client, import).await?;
                let receipts = chunks::receipts(client, import.id).await?;
                Ok::<_, Error>((dataset, receipts))
            })
            .await?;
        let reason = reason(&dataset, import, &receipts);
        let reason = reason.unwrap_or_else(|| too_many(import));
        self.fail(import, &reason).await
    }
}

/// A receipt without a witness says nothing here: such an import began before there was one.
fn reason(dataset: &Dataset, import: &Import, receipts: &[Stored]) -> Option<Reason> {
    let mut witness = Witness::of(dataset);
    let seen = receipts.iter().filter_map(|it| it.witness.as_ref());
    seen.for_each(|(of_chunk, _)| witness.merge(of_chunk));
    let totals = Totals {
        rows: import.rows_imported.unsigned_abs(),
        rejected: import.rows_rejected.unsigned_abs(),
        whole: false,
    };
    let reading = import.reading.as_ref()?;
    judge(dataset, reading, &witness, totals, import.max_errors?).failure
}

fn too_many(import: &Import) -> Reason {
    let rejected = import.rows_rejected;
    let allowed = match import.max_errors {
        Some(MaxErrors::Count(count)) => count,
        Some(MaxErrors::Percent(percent)) => {
            import.lines_total.unwrap_or(0) * i64::from(percent) / 100
        }
        None => 0,
    };
    Reason::TooManyErrors(TooManyErrors::Stopped { rejected, allowed })
}
