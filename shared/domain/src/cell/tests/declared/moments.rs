//! Dates, times, years and months.

use super::*;

fn dates(formats: &[&str]) -> Kind {
    Kind::Date {
        formats: Some(Arc::new(DateFormats::new(formats).unwrap())),
        rules: None,
    }
}

#[test]
fn dates_in_declared_forms() {
    let day = Ok(Value::Date(date(2016, 1, 27)));
    let other = Err("bad_date");
    table(
        &dates(&["%d/%m/%Y", "%d %b %Y"]),
        &[
            ("27/1/2016", day),
            ("27 Jan 2016", day),
            ("2016-01-27", other),
            ("1/27/2016", other),
            ("30/2/2016", other),
            ("27.01.2016", other),
        ],
    );
    table(
        &dates(&["default"]),
        &[("2016-01-27", day), ("27/1/2016", other)],
    );
    table(
        &dates(&["%Y-%d-%m"]),
        &[("2016-27-01", day), ("2016-01-27", other)],
    );
    let kind = dates(&["%d/%m/%Y", "default"]);
    let sentence = "Date has wrong format. Use one of these formats instead: \
                    %d/%m/%Y (27/01/2016), YYYY-MM-DD (2016-01-27).";
    assert_eq!(says(&kind, "x"), sentence);
    let sentence = "There is no such date. It is read as %d/%m/%Y (27/01/2016), \
                    YYYY-MM-DD (2016-01-27).";
    assert_eq!(says(&kind, "30/2/2016"), sentence);
    let late = Kind::Date {
        formats: None,
        rules: Rules {
            max: Some(date(2016, 1, 26)),
            ..Rules::default()
        }
        .kept(),
    };
    table(&late, &[("1/27/2016", Err("out_of_range"))]);
    assert_eq!(
        says(&late, "1/27/2016"),
        "Ensure this value is at most 2016-01-26."
    );
}

#[test]
fn an_order_that_is_said_takes_the_place_of_numeric_forms() {
    let kind = dates(&["%m/%d/%Y", "%m.%d.%y", "%d %b %Y", "%Y%m%d"]);
    by(
        &[("dates", "dmy")],
        &kind,
        &[
            ("27/1/2016", Ok(Value::Date(date(2016, 1, 27)))),
            ("3.4.2016", Ok(Value::Date(date(2016, 4, 3)))),
            ("27 Jan 2016", Ok(Value::Date(date(2016, 1, 27)))),
            ("20160127", Ok(Value::Date(date(2016, 1, 27)))),
            ("2016-01-27", Ok(Value::Date(date(2016, 1, 27)))),
            ("1/27/2016", Err("bad_date")),
            ("01.27.16", Err("bad_date")),
        ],
    );
}

#[test]
fn datetimes_are_stored_as_written() {
    let kind = Kind::Datetime(Arc::new(Datetime {
        patterns: Vec::new(),
        rules: Rules::default(),
    }));
    let at = |it: DateTime| Ok(Value::Datetime(it));
    table(
        &kind,
        &[
            ("2024-02-01T10:00:00", at(datetime(2024, 2, 1, 10, 0, 0, 0))),
            ("2024-02-01 10:00", at(datetime(2024, 2, 1, 10, 0, 0, 0))),
            (
                "2024-02-01T10:00:00.000001",
                at(datetime(2024, 2, 1, 10, 0, 0, 1_000)),
            ),
            (
                "2024-03-31T02:30:00",
                at(datetime(2024, 3, 31, 2, 30, 0, 0)),
            ),
            ("2024-02-01T10:00:00.0000001", Err("bad_datetime")),
            ("2024-02-01T10:00:60", Err("bad_datetime")),
            ("2024-02-01T10:00:00Z", Err("bad_datetime")),
            ("2024-02-30T10:00:00", Err("bad_datetime")),
            ("2024-02-01", Err("bad_datetime")),
            ("", Err("required")),
        ],
    );
    let sentence = "Datetime has wrong format. Use one of these formats instead: \
                    YYYY-MM-DDThh:mm:ss (2016-01-27T14:05:09).";
    assert_eq!(says(&kind, "x"), sentence);
    let patterns = ["%d.%m.%Y %H:%M", "%d.%m.%Y"];
    let german = Kind::Datetime(Arc::new(Datetime {
        patterns: patterns
            .map(|it| Pattern::new(it, Of::Datetime).unwrap())
            .to_vec(),
        rules: Rules {
            min: Some(datetime(2024, 1, 1, 0, 0, 0, 0)),
            ..Rules::default()
        },
    }));
    table(
        &german,
        &[
            ("1.2.2024 9:05", at(datetime(2024, 2, 1, 9, 5, 0, 0))),
            ("1.2.2024", at(datetime(2024, 2, 1, 0, 0, 0, 0))),
            ("2024-02-01T10:00:00", Err("bad_datetime")),
            ("31.12.2023 23:59", Err("out_of_range")),
        ],
    );
}

#[test]
fn times_of_a_zone_are_points_in_time() {
    let kind = Kind::Timestamp(Arc::new(Zoned {
        patterns: Vec::new(),
        zone: berlin(),
        rules: Rules::default(),
    }));
    let utc = |it: DateTime| Ok(Value::Timestamp(Offset::UTC.to_timestamp(it).unwrap()));
    table(
        &kind,
        &[
            ("2024-02-01T10:00:00", utc(datetime(2024, 2, 1, 9, 0, 0, 0))),
            ("2024-07-01T10:00:00", utc(datetime(2024, 7, 1, 8, 0, 0, 0))),
            (
                "2024-07-01T10:00:00Z",
                utc(datetime(2024, 7, 1, 10, 0, 0, 0)),
            ),
            (
                "2024-07-01T10:00:00-05:00",
                utc(datetime(2024, 7, 1, 15, 0, 0, 0)),
            ),
            (
                "2024-03-31T01:59:59",
                utc(datetime(2024, 3, 31, 0, 59, 59, 0)),
            ),
            ("2024-03-31T02:30:00", Err("no_such_time")),
            (
                "2024-03-31T03:00:00",
                utc(datetime(2024, 3, 31, 1, 0, 0, 0)),
            ),
            ("2024-10-27T02:30:00", Err("time_exists_twice")),
            (
                "2024-10-27T02:30:00+01:00",
                utc(datetime(2024, 10, 27, 1, 30, 0, 0)),
            ),
            (
                "2024-10-27T02:30:00+02:00",
                utc(datetime(2024, 10, 27, 0, 30, 0, 0)),
            ),
            ("9999-12-31T23:59:59-18:00", Err("bad_datetime")),
            // In UTC this is a day of the year before the first.
            ("0001-01-01T00:00:00", Err("bad_datetime")),
            ("0001-01-01T01:00:00", utc(datetime(1, 1, 1, 0, 0, 0, 0))),
            ("2024-02-01T10:00:60", Err("bad_datetime")),
        ],
    );
}

#[test]
fn times_of_day_years_and_months() {
    let time_of_day = Kind::Time(Arc::new(TimeOfDay {
        patterns: Vec::new(),
        rules: Rules {
            max: Some(time(18, 0, 0, 0)),
            ..Rules::default()
        },
    }));
    table(
        &time_of_day,
        &[
            ("10:00:00", Ok(Value::Time(time(10, 0, 0, 0)))),
            ("10:00:00.5", Ok(Value::Time(time(10, 0, 0, 500_000_000)))),
            ("10:00:60", Err("bad_time")),
            ("25:00:00", Err("bad_time")),
            ("10 am", Err("bad_time")),
            ("18:00:00.000001", Err("out_of_range")),
        ],
    );
    table(
        &Kind::Year(None),
        &[
            ("2016", Ok(Value::Year(2016))),
            (" 0001 ", Ok(Value::Year(1))),
            ("0000", Err("bad_year")),
            ("16", Err("bad_year")),
            ("-2016", Err("bad_year")),
            ("20160", Err("bad_year")),
        ],
    );
    let from_2000 = Rules {
        min: Some(2_000),
        ..Rules::default()
    };
    table(
        &Kind::Year(from_2000.kept()),
        &[("1999", Err("out_of_range"))],
    );
    table(
        &Kind::Yearmonth(None),
        &[
            ("2016-01", Ok(Value::Date(date(2016, 1, 1)))),
            ("2016-13", Err("bad_yearmonth")),
            ("2016-1", Err("bad_yearmonth")),
            ("0000-01", Err("bad_yearmonth")),
            ("201601", Err("bad_yearmonth")),
        ],
    );
}
