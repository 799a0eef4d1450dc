//! One file, read in two ways: with its dialect said, and with only what the first look finds.

use anyhow::{Context as _, Result, anyhow};
use domain::dataset::Dataset;
use domain::first_look::{FileKind, Look, kind, look};
use domain::reading::{Reading, ReadingRequest};
use domain::reason::Reason;

use crate::collection::Case;
use crate::cut::{self, Heading};
use crate::declared;
use crate::score::{Loaded, Score, not_meant};

/// What became of a file.
pub struct Outcomes {
    pub name: String,
    pub weight: f64,
    pub said: Outcome,
    pub found: Outcome,
}

/// What became of it in one of the two ways.
#[derive(Clone, Copy)]
pub struct Outcome {
    /// Of what the reader cuts, before a verdict.
    pub score: Score,
    /// The code of the refusal, if the service would refuse the file.
    pub refused: Option<&'static str>,
    /// True if the first look refuses it: then it was cut by what the dataset declares.
    pub at_first_look: bool,
    /// Records of the clean form that are missing.
    pub missing: usize,
    /// Rows that the clean form does not have.
    pub wrong: usize,
}

impl Outcome {
    /// True if rows would be seen that are not meant. Those of a refused file never are.
    pub fn stores_wrong(&self) -> bool {
        self.wrong > 0 && self.refused.is_none()
    }
}

/// Reads a file in both ways.
pub fn run(case: &Case) -> Result<Outcomes> {
    let names = match case.heading.is_empty() {
        true => (1..=case.records.first().map_or(1, Vec::len))
            .map(|it| format!("column {it}"))
            .collect(),
        false => case.heading.clone(),
    };
    let dataset = &declared::dataset(&names);
    let request = ReadingRequest::parse(case.said.iter().map(|(name, it)| (*name, it.as_str())));
    let request = request.map_err(|bad| anyhow!("{}: {bad:?}", case.name))?;
    let said = request.reading(dataset);
    let said = said.map_err(|bad| anyhow!("{}: {bad:?}", case.name))?;
    let declared = Reading::declared(dataset);
    let looked = [said, declared].map(|reading| {
        let looked = first_look(&case.bytes, dataset, &reading);
        (reading, looked)
    });
    let same = matches!(&looked, [(_, Ok(one)), (_, Ok(other))]
        if one.reading.reads_like(&other.reading) && one.heading == other.heading);
    let [said, found] = looked;
    let outcome = |(reading, looked)| outcome(case, dataset, reading, looked);
    let said = outcome(said).context(case.name.clone())?;
    let found = match same {
        true => said,
        false => outcome(found).context(case.name.clone())?,
    };
    Ok(Outcomes {
        name: case.name.clone(),
        weight: case.weight,
        said,
        found,
    })
}

fn outcome(
    case: &Case,
    dataset: &Dataset,
    reading: Reading,
    looked: Result<Look, Reason>,
) -> Result<Outcome> {
    let text = &case.bytes[..];
    let positions = (0..dataset.columns.len()).map(Some).collect();
    let (reading, order, refused) = match looked {
        Ok(look) => (look.reading, look.heading.column_order, None),
        Err(reason) => (reading, positions, Some(reason.code())),
    };
    let Heading { names, start } = cut::heading(text, &reading);
    let rows = cut::rows(text, start, dataset, &order, &reading)?;
    let meant = Loaded {
        heading: &case.heading,
        records: &case.records,
    };
    let loaded = Loaded {
        heading: &names,
        records: &rows.rows,
    };
    let wrong = not_meant(&case.records, &rows.rows);
    Ok(Outcome {
        score: Score::of(meant, loaded),
        refused: refused.or(rows.refused),
        at_first_look: refused.is_some(),
        missing: case.records.len() - (rows.rows.len() - wrong),
        wrong,
    })
}

fn first_look(text: &[u8], dataset: &Dataset, reading: &Reading) -> Result<Look, Reason> {
    let mark = match kind(text)? {
        FileKind::Text { mark } => mark,
        _ => 0,
    };
    let looked = look(text, mark, true, dataset, reading)?;
    Ok(looked.unwrap_or_else(|| unreachable!("the whole file decides")))
}
