//! One reason and one warning of every code, made as they are made of files: for documents and
//! tests.

use crate::first_look::reasons::{self as of_looks, HeadingFault};
use crate::forms::{DateForms, DateOrder};
use crate::limits::HEADING_WITHIN_LINES;
use crate::max_errors::MaxErrors;
use crate::reason::{
    BadArchive, BadHeading, Found, NoRecords, NotProven, NotText, Reason, Subject, Told, TooLarge,
    TooManyErrors, Warning,
};
use crate::verdict::reasons::{self, DatesAgainst};
use crate::witness::{Example, LongRecords};

impl Reason {
    /// One reason of every code, and one for each sentence where a code has several: for documents
    /// and tests.
    pub fn examples() -> Vec<Self> {
        [
            of_files(),
            of_readings(),
            of_verdicts(),
            of_imports(),
            of_exports(),
        ]
        .concat()
    }
}

fn of_files() -> Vec<Reason> {
    let no_records = [
        NoRecords::Empty,
        NoRecords::OnlyHeading,
        NoRecords::OnlyEmpty,
        NoRecords::OnlySkipped(3),
    ];
    let not_text = [
        NotText::Other {
            name: "a PDF document",
            advice: "Export the data as CSV.",
        },
        NotText::Nulls,
    ];
    let bad_heading = [BadHeading::NoEnd, BadHeading::MoreColumns];
    let columns = "None of the first 40 records fits the heading. \"Unit Price\" holds text \
        instead of amounts. \"Unit Price\" on line 2 is \"154,06\". Say decimal=, to read it.";
    let swapped = "None of the first 30 records fits the heading. \
        \"team_name\" and \"manager_phone_number\" seem to be swapped.";
    let mut examples: Vec<Reason> = no_records.map(Reason::NoRecords).into();
    examples.extend(not_text.map(Reason::NotText));
    examples.extend(bad_heading.map(Reason::BadHeading));
    let columns = Told::new(columns).at([amount()]);
    examples.push(Reason::ColumnsDoNotFit(columns));
    examples.push(Reason::ColumnsDoNotFit(Told::new(swapped)));
    examples.push(Reason::RecordTooLarge { line: 17 });
    examples.extend(BadArchive::examples().map(Reason::BadArchive));
    examples.extend([TooLarge::ForItsSize, TooLarge::ForUs].map(Reason::UnpackedTooLarge));
    examples
}

fn of_readings() -> Vec<Reason> {
    vec![
        of_looks::bad_heading(&heading()),
        of_looks::open_quote_in_heading(1),
        of_looks::delimiters_tie(b",;"),
        of_looks::heading_not_utf8(1),
        of_looks::looks_like_utf8(),
        of_looks::first_line_is_data(1),
        of_looks::other_dataset("team", "baseline", 1),
    ]
}

fn heading() -> HeadingFault {
    let name = |it: &str| it.to_owned();
    HeadingFault {
        dataset: "baseline".to_owned(),
        line: 1,
        delimiter: b',',
        lines: HEADING_WITHIN_LINES,
        known: 13,
        meant: vec![(name("Date of Order"), name("Order Date"))],
        missing: vec![name("Order Date")],
        doubled: Vec::new(),
        unknown: vec![name("Date of Order")],
    }
}

fn of_verdicts() -> Vec<Reason> {
    let not_utf8 = Example {
        line: 17,
        cell: "C\u{fffd}te d'Ivoire".to_owned(),
    };
    let percent = MaxErrors::Percent(10);
    let mut reasons = vec![
        Reason::open_quote(17),
        reasons::not_utf8(20, &not_utf8),
        reasons::no_rows_fit(1, vec![amount()]),
        reasons::no_rows_fit(120, Vec::new()),
        reasons::too_many_errors(120, 120, Some(1_000), percent, vec![amount()]),
        reasons::too_many_errors(120, 120, None, percent, Vec::new()),
        reasons::too_many_errors(1, 11_991, Some(12_000), MaxErrors::Count(10), Vec::new()),
    ];
    reasons.extend(dates().map(Reason::from));
    reasons
}

fn dates() -> [DatesAgainst; 3] {
    let (month, day) = (date("1/27/2016"), date("27/1/2016"));
    let heading = "Order Date";
    [
        reasons::dates_in_another_order(heading, DateOrder::Mdy, 1, month.clone()),
        reasons::dates_in_another_order(heading, DateOrder::Dmy, 20, day.clone()),
        reasons::dates_mixed(heading, [month, day]),
    ]
}

fn date(cell: &str) -> Found {
    Found {
        column: Some("Order Date".to_owned()),
        line: 17,
        cell: cell.to_owned(),
        readings: Vec::new(),
    }
}

fn amount() -> Found {
    Found {
        column: Some("Unit Price".to_owned()),
        line: 2,
        cell: "154,06".to_owned(),
        readings: vec!["decimal=,".to_owned()],
    }
}

fn of_imports() -> Vec<Reason> {
    vec![
        Reason::TooManyErrors(TooManyErrors::Stopped {
            rejected: 101,
            allowed: 100,
        }),
        Reason::NotStorable,
        Reason::UploadExpired,
        Reason::PauseExpired,
        Reason::ObjectGone,
        Reason::PlanOutdated,
        Reason::ChunkFailed,
        Reason::ExecutionLost(Subject::Import),
        Reason::RunExpired(Subject::Import),
        Reason::NotProven(NotProven::Import),
        Reason::QuotaRows {
            rows: 1_000_000,
            used: 499_500_000,
            allowed: 500_000_000,
        },
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
        let mut warnings = vec![
            Self::UnknownColumns(vec!["age".to_owned()]),
            Self::ColumnsMissing(vec!["remark".to_owned()]),
            Self::RowErrorsNotKept { missing, rejected },
            Self::RejectedRowsNotKept { missing, rejected },
        ];
        warnings.extend(dates().map(Self::from));
        warnings.extend(of_witnesses());
        warnings
    }
}

fn of_witnesses() -> [Warning; 6] {
    let long = LongRecords {
        records: 1,
        lines: 11_991,
        longest: 11_991,
        longest_at: 9,
    };
    [
        reasons::dates_ambiguous(vec![date("1/2/2016")], DateForms::USUAL),
        reasons::dates_out_of_order("Order Date", "Ship Date", 2, 3, date("1/2/2016")),
        reasons::rows_rejected(1, 11_991, 12_000),
        reasons::records_of_several_lines(&long),
        reasons::blanks_around_text(vec![Found {
            column: Some("Region".to_owned()),
            ..date(" Europe")
        }]),
        reasons::same_content_as(7),
    ]
}
