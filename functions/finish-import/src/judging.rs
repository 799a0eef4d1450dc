//! The verdict of an import, from the witnesses of all its receipts.

use domain::dataset::Dataset;
use domain::import::Import;
use domain::max_errors::MaxErrors;
use domain::reason::Reason;
use domain::verdict::{self, Totals, Verdict};
use domain::witness::{ContentSum, Witness};
use lambda::Failure;
use postgres::chunks::{self, Stored};
use postgres::finishing::{self, Judged};

use crate::FinishImport;

impl FinishImport {
    /// Why the import fails, if it does, and what its user should know if it completes.
    pub(crate) async fn judge(
        &self,
        import: &Import,
        dataset: &Dataset,
    ) -> Result<(Option<Reason>, Judged), Failure> {
        let receipts = self
            .database
            .run(async |client| chunks::receipts(client, import.id).await)
            .await?;
        let (witness, content) = self.add_up_witnesses(import, dataset, receipts).await?;
        let Verdict { failure, warnings } = verdict_of(import, dataset, &witness);
        let mut judged = Judged {
            warnings: Vec::new(),
            content,
            lines: witness.lines.all(),
        };
        if failure.is_none() {
            let same = self
                .database
                .run(async |client| finishing::same_content_as(client, import, content).await)
                .await?;
            let same = same.map(verdict::reasons::same_content_as);
            judged.warnings = warnings.into_iter().chain(same).collect();
        }
        Ok((failure, judged))
    }

    async fn add_up_witnesses(
        &self,
        import: &Import,
        dataset: &Dataset,
        receipts: Vec<Stored>,
    ) -> Result<(Witness, ContentSum), Failure> {
        let mut witness = Witness::of(dataset);
        let mut content = ContentSum::default();
        for stored in receipts {
            let (of_chunk, sum) = match stored.witness {
                Some(counted) => counted,
                None => self.count_again(import, dataset, &stored.chunk).await?,
            };
            witness.merge(&of_chunk);
            content = content.then(sum);
        }
        Ok((witness, content))
    }
}

fn verdict_of(import: &Import, dataset: &Dataset, witness: &Witness) -> Verdict {
    let totals = Totals {
        rows: import.rows_imported.unsigned_abs(),
        rejected: import.rows_rejected.unsigned_abs(),
        whole: true,
    };
    // Without a limit, it was asked for when there was none unless one was said.
    let max_errors = import.max_errors.unwrap_or(MaxErrors::Percent(100));
    verdict::judge(dataset, &import.reading(), witness, totals, max_errors)
}
