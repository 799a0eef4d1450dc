use std::collections::BTreeSet;

use super::*;

const NONE: Usage = Usage {
    imports_open: 0,
    bytes_under_way: 0,
    bytes_stored: 0,
    rows_stored: 0,
    rows_leaving: 0,
    exports_unfinished: 0,
    exports_today: 0,
    exports_kept: 0,
    datasets: 0,
};

fn import(bytes: i64) -> Wish {
    Wish::Import {
        bytes,
        adds_rows: true,
        instead_of: None,
    }
}

fn judged(usage: Usage, wish: Wish) -> Option<(Quota, i64, i64)> {
    let quotas = Quotas::default()
        .with(Quota::ImportsOpen, 2)
        .with(Quota::BytesUnderWay, 100)
        .with(Quota::BytesStored, 150)
        .with(Quota::RowsStored, 1_000)
        .with(Quota::ExportsUnfinished, 2)
        .with(Quota::ExportsADay, 5)
        .with(Quota::ExportsKept, 3)
        .with(Quota::Datasets, 1);
    let exceeded = quotas.exceeded(&usage, wish)?;
    Some((exceeded.quota, exceeded.used, exceeded.wanted))
}

#[test]
fn an_import_is_judged_by_number_bytes_and_full_tables() {
    let open = |imports_open, bytes_under_way| Usage {
        imports_open,
        bytes_under_way,
        ..NONE
    };
    let stored = |bytes_stored, rows_stored, rows_leaving| Usage {
        bytes_stored,
        rows_stored,
        rows_leaving,
        ..NONE
    };
    #[rustfmt::skip]
    let table = [
        (NONE,               100, None),
        (NONE,               101, Some((Quota::BytesUnderWay, 0, 101))),
        (open(1, 60),         40, None),
        (open(1, 60),         41, Some((Quota::BytesUnderWay, 60, 41))),
        (open(2, 0),           1, Some((Quota::ImportsOpen, 2, 1))),
        // Lowered by an operator, or raised by a cancel: nothing is lost, and nothing is added.
        (open(7, 900),         1, Some((Quota::ImportsOpen, 7, 1))),
        (stored(149, 0, 0),    1, None),
        (stored(149, 0, 0),    2, Some((Quota::BytesStored, 149, 2))),
        (stored(0, 999, 0),    1, None),
        (stored(0, 1_000, 0),  1, Some((Quota::RowsStored, 1_000, 1))),
        (stored(0, 900, 100),  1, Some((Quota::RowsStored, 1_000, 1))),
    ];
    for (usage, bytes, expected) in table {
        assert_eq!(judged(usage, import(bytes)), expected, "{usage:?} {bytes}");
    }
}

#[test]
fn bytes_that_are_declared_need_their_room_among_the_stored() {
    let usage = Usage {
        bytes_under_way: 50,
        bytes_stored: 90,
        ..NONE
    };
    assert_eq!(judged(usage, import(10)), None);
    let exceeded = judged(usage, import(11));
    assert_eq!(exceeded, Some((Quota::BytesStored, 140, 11)));
}

#[test]
fn what_adds_no_rows_needs_no_room_for_them() {
    let usage = |rows_stored, rows_leaving| Usage {
        rows_stored,
        rows_leaving,
        ..NONE
    };
    let wish = Wish::Import {
        bytes: 1,
        adds_rows: false,
        instead_of: None,
    };
    #[rustfmt::skip]
    let table = [
        (usage(5_000, 0),     None),
        (usage(1_000, 999),   None),
        // Each takes back as many as it stores: in turn, they would fill the disk.
        (usage(1_000, 1_000), Some((Quota::RowsStored, 1_000, 1))),
        (usage(0, 1_000),     Some((Quota::RowsStored, 1_000, 1))),
    ];
    for (usage, expected) in table {
        assert_eq!(judged(usage, wish), expected, "{usage:?}");
    }
}

#[test]
fn a_refusal_says_which_rows_are_too_many() {
    let usage = Usage {
        rows_stored: 3,
        rows_leaving: 7,
        ..NONE
    };
    let quotas = Quotas::UNLIMITED.with(Quota::RowsStored, 7);
    let said = |adds_rows| {
        let wish = Wish::Import {
            bytes: 1,
            adds_rows,
            instead_of: None,
        };
        quotas.exceeded(&usage, wish).unwrap().to_string()
    };
    let beside = said(true);
    assert!(beside.starts_with("You have 10 rows stored,"), "{beside}");
    let instead = said(false);
    let leaving = "You have 7 rows that are being taken back, and may have 7:";
    assert!(instead.starts_with(leaving), "{instead}");
}

#[test]
fn an_open_import_makes_room_for_what_replaces_it() {
    let usage = |imports_open, bytes_under_way, bytes_stored| Usage {
        imports_open,
        bytes_under_way,
        bytes_stored,
        ..NONE
    };
    let instead = |bytes, of, keeps_file| Wish::Import {
        bytes,
        adds_rows: true,
        instead_of: Some(Replaced {
            bytes: of,
            keeps_file,
        }),
    };
    #[rustfmt::skip]
    let table = [
        (usage(2, 100, 50), instead(60, 60, false),  None),
        (usage(2, 100, 50), instead(61, 60, false),  Some((Quota::BytesUnderWay, 40, 61))),
        (usage(2, 80, 70),  instead(61, 60, false),  Some((Quota::BytesStored, 90, 61))),
        // Its file has come, and is kept.
        (usage(2, 80, 10),  instead(60, 60, true),   None),
        (usage(2, 80, 11),  instead(60, 60, true),   Some((Quota::BytesStored, 91, 60))),
        // Limits that were lowered take nothing away, and more is refused as ever.
        (usage(9, 900, 0),  instead(60, 60, false),  None),
        (usage(9, 900, 0),  instead(60, 59, false),  Some((Quota::BytesUnderWay, 841, 60))),
    ];
    for (usage, wish, expected) in table {
        assert_eq!(judged(usage, wish), expected, "{usage:?} {wish:?}");
    }
}

#[test]
fn rows_are_judged_when_they_are_to_appear() {
    let usage = |rows_stored, rows_leaving| Usage {
        rows_stored,
        rows_leaving,
        ..NONE
    };
    let rows = |rows, instead_of| Wish::Rows { rows, instead_of };
    #[rustfmt::skip]
    let table = [
        (usage(600, 0),   rows(400, 0),   None),
        (usage(600, 0),   rows(401, 0),   Some((Quota::RowsStored, 600, 401))),
        // Others of the owner's are on their way out.
        (usage(600, 900), rows(400, 0),   None),
        // It takes the place of a completed import.
        (usage(600, 0),   rows(900, 500), None),
        (usage(600, 0),   rows(901, 500), Some((Quota::RowsStored, 100, 901))),
        // The limit was lowered below what there is: what takes no more is admitted.
        (usage(1_600, 0), rows(300, 300), None),
        (usage(1_600, 0), rows(250, 300), None),
        (usage(1_600, 0), rows(301, 300), Some((Quota::RowsStored, 1_300, 301))),
        (usage(1_600, 0), rows(0, 0),     None),
    ];
    for (usage, wish, expected) in table {
        assert_eq!(judged(usage, wish), expected, "{usage:?} {wish:?}");
    }
}

#[test]
fn exports_and_datasets_are_counted() {
    let exports = |exports_unfinished, exports_today, exports_kept| Usage {
        exports_unfinished,
        exports_today,
        exports_kept,
        ..NONE
    };
    #[rustfmt::skip]
    let table = [
        (exports(1, 4, 2), None),
        (exports(2, 4, 2), Some((Quota::ExportsUnfinished, 2, 1))),
        (exports(1, 5, 2), Some((Quota::ExportsADay, 5, 1))),
        (exports(1, 4, 3), Some((Quota::ExportsKept, 3, 1))),
    ];
    for (usage, expected) in table {
        assert_eq!(judged(usage, Wish::Export), expected, "{usage:?}");
    }
    let one = Usage {
        datasets: 1,
        ..NONE
    };
    assert_eq!(judged(NONE, Wish::Dataset), None);
    let exceeded = judged(one, Wish::Dataset);
    assert_eq!(exceeded, Some((Quota::Datasets, 1, 1)));
    assert_eq!(judged(one, Wish::Export), None);
}

#[test]
fn without_limits_nothing_is_exceeded() {
    let wish = import(i64::MAX);
    assert_eq!(Quotas::UNLIMITED.exceeded(&NONE, wish), None);
}

#[test]
fn the_setting_names_what_an_operator_says() {
    let quotas: Quotas = "imports_open=3,bytes_stored=2, rows_stored=7,"
        .parse()
        .unwrap();
    assert_eq!(quotas.allowed(Quota::ImportsOpen), 3);
    assert_eq!(quotas.allowed(Quota::BytesStored), 2 << 30);
    assert_eq!(quotas.allowed(Quota::RowsStored), 7);
    let usual = Quotas::default();
    let others = [Quota::BytesUnderWay, Quota::Datasets, Quota::ApiKeys];
    assert!(
        others
            .iter()
            .all(|it| quotas.allowed(*it) == usual.allowed(*it))
    );
    // Of a later version, and of what no operator changes.
    assert_eq!("moons=1,api_keys=1".parse(), Ok(usual));
    assert!("imports_open".parse::<Quotas>().is_err());
    assert!("imports_open=many".parse::<Quotas>().is_err());
}

#[test]
fn each_quota_has_its_code_and_says_what_to_do() {
    let codes: BTreeSet<&str> = Quota::ALL.iter().map(|it| it.code()).collect();
    assert_eq!(codes.len(), Quota::ALL.len());
    for &quota in Quota::ALL {
        assert!([409, 429].contains(&quota.status()));
        let waits = quota.ask_again_after(0).is_some();
        assert_eq!(waits, quota.status() == 429, "{quota}");
        let exceeded = Exceeded {
            quota,
            used: 7,
            wanted: 1,
            allowed: 7,
            leaving: false,
        };
        let said = exceeded.to_string();
        assert!(said.contains('7') && said.ends_with('.'), "{said}");
    }
}

#[test]
fn a_day_ends_at_midnight() {
    let noon = 12 * 60 * 60;
    assert_eq!(Quota::ExportsADay.ask_again_after(noon), Some(43_200));
    assert_eq!(Quota::ExportsADay.ask_again_after(0), Some(86_400));
    assert_eq!(Quota::ExportsADay.ask_again_after(86_399), Some(1));
}
