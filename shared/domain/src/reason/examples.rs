use super::{BadHeading, NoRecords, NotProven, NotText, Reason, Subject, Warning};

impl Reason {
    /// One reason of every code, and one for each sentence where a code has several: for documents
    /// and tests.
    pub fn examples() -> Vec<Self> {
        [of_files(), of_imports(), of_exports()].concat()
    }
}

fn of_files() -> Vec<Reason> {
    let dataset = "team";
    let no_records = [NoRecords::Empty, NoRecords::OnlyHeading];
    let not_text = [
        NotText::Wide("UTF-16"),
        NotText::Archive,
        NotText::Nulls,
        NotText::NotUtf8,
    ];
    let bad_heading = [
        BadHeading::TooLong,
        BadHeading::NoEnd,
        BadHeading::OpenQuote,
        BadHeading::TooManyColumns(1_001),
        BadHeading::OtherDelimiter {
            dataset,
            delimiter: "semicolons (;)",
        },
        BadHeading::Columns {
            dataset,
            missing: vec!["manager_name"],
            repeated: vec!["team_name"],
            unknown: vec!["manager".to_owned()],
        },
    ];
    let columns = "None of the first 30 records fits the heading. \
        \"team_name\" and \"manager_phone_number\" seem to be swapped.";
    let mut examples: Vec<Reason> = no_records.map(Reason::NoRecords).into();
    examples.extend(not_text.map(Reason::NotText));
    examples.extend(bad_heading.map(Reason::BadHeading));
    examples.push(Reason::ColumnsDoNotFit(columns.to_owned()));
    examples.push(Reason::RecordTooLarge { line: 17 });
    examples
}

fn of_imports() -> Vec<Reason> {
    vec![
        Reason::TooManyErrors {
            rejected: 101,
            allowed: 100,
        },
        Reason::NotStorable,
        Reason::UploadExpired,
        Reason::PauseExpired,
        Reason::ObjectGone,
        Reason::PlanOutdated,
        Reason::ChunkFailed,
        Reason::ExecutionLost(Subject::Import),
        Reason::RunExpired(Subject::Import),
        Reason::NotProven(NotProven::Import),
    ]
}

fn of_exports() -> Vec<Reason> {
    let not_proven = NotProven::Export {
        written: 999,
        counted: 1_000,
    };
    vec![
        Reason::ExecutionLost(Subject::Export),
        Reason::RunExpired(Subject::Export),
        Reason::NotProven(not_proven),
        Reason::SourceChanged,
        Reason::UploadLost,
        Reason::ExportTooLarge,
    ]
}

impl Warning {
    /// One warning of every code: for documents and tests.
    pub fn examples() -> Vec<Self> {
        let (missing, rejected) = (20, 120);
        vec![
            Self::UnknownColumns(vec!["age".to_owned()]),
            Self::RowErrorsNotKept { missing, rejected },
            Self::RejectedRowsNotKept { missing, rejected },
        ]
    }
}
