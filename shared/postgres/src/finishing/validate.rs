use domain::dataset::Dataset;
use domain::import::{Goal, Import};
use domain::reason::{Reason, Warning};
use tokio_postgres::{Client, GenericClient};
use trial::point;
use uuid::Uuid;

use super::{Finished, Judged, Proof, count_and_prove};
use crate::Error;
use crate::import_row::{COLUMNS, read_optional, reason_json};
use crate::sql::Towards;
use crate::sql::of_import::FINISHING;

/// Proves an import that is only to be validated, as [`super::finish`] does, and begins its
/// rollback with what an import would say. The counts of its rows, which no page is ever found by,
/// are not kept.
pub async fn validate(
    client: &mut Client,
    import: &Import,
    dataset: &Dataset,
    verdict: Option<&Reason>,
    judged: &Judged,
) -> Result<(Proof, Finished), Error> {
    let counting = client.transaction().await?;
    let proof = count_and_prove(&counting, import, dataset).await?;
    counting.rollback().await?;
    if !proof.holds(import, judged) {
        return Ok((proof, Finished::Refused));
    }
    let validated = end_validating(client, import.uid, verdict, &judged.warnings).await?;
    point("validated");
    let finished = validated.map(|it| Finished::Validated(Box::new(it)));
    Ok((proof, finished.unwrap_or(Finished::NotFinishing)))
}

/// Begins the rollback of an import that is only to be validated, and stores its report.
/// [`validate`] makes the proof first.
pub async fn end_validating(
    client: &impl GenericClient,
    uid: Uuid,
    verdict: Option<&Reason>,
    warnings: &[Warning],
) -> Result<Option<Import>, Error> {
    let warnings: Vec<_> = warnings.iter().map(reason_json).collect();
    let warnings = serde_json::Value::Array(warnings);
    let validated = Towards(Goal::Validated);
    let sql = format!(
        "UPDATE import SET {validated}, progressed_at = now(), error = $2, \
         warnings = warnings || $3 \
         WHERE uid = $1 AND state = {FINISHING} AND validate_only RETURNING {COLUMNS}"
    );
    let error = verdict.map(reason_json);
    read_optional(client.query_opt(&sql, &[&uid, &error, &warnings]).await?)
}
