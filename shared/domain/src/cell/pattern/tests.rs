use jiff::civil::{date, time};
use jiff::tz::Offset;
use proptest::prelude::*;

use super::*;

fn pattern(text: &str, of: Of) -> Pattern {
    Pattern::new(text, of).unwrap()
}

fn day(pattern_of: &str, text: &str) -> Result<Date, Miss> {
    let read = pattern(pattern_of, Of::Date).read(text.as_bytes());
    read.map(|it| it.date)
}

fn clock(pattern_of: &str, text: &str) -> Result<Time, Miss> {
    let read = pattern(pattern_of, Of::Time).read(text.as_bytes());
    read.map(|it| it.time)
}

#[test]
fn days() {
    let expected = Ok(date(2016, 1, 27));
    for (pattern, text) in [
        ("%d.%m.%Y", "27.01.2016"),
        ("%d.%m.%Y", "27.1.2016"),
        ("%-d.%-m.%Y", "27.1.2016"),
        ("%Y%m%d", "20160127"),
        ("%d %b %Y", "27 Jan 2016"),
        ("%d %b %Y", "27 JAN 2016"),
        ("%B %d, %Y", "January 27, 2016"),
        ("%A, %d %B %Y", "Wednesday, 27 January 2016"),
        ("%a %d/%m/%y", "Wed 27/01/16"),
        ("%Y-%j", "2016-027"),
        ("%D", "01/27/16"),
        ("%F", "2016-01-27"),
        ("%Y年%m月%d日", "2016年1月27日"),
        ("%m%%%d%%%Y", "1%27%2016"),
        ("default", "2016-01-27"),
    ] {
        assert_eq!(day(pattern, text), expected, "{pattern} {text}");
    }
    assert_eq!(day("%d/%m/%y", "01/02/68"), Ok(date(2068, 2, 1)));
    assert_eq!(day("%d/%m/%y", "01/02/69"), Ok(date(1969, 2, 1)));
}

#[test]
fn no_days() {
    for (pattern, text, miss) in [
        ("%d.%m.%Y", "30.02.2016", Miss::NoSuch),
        ("%d.%m.%Y", "27.13.2016", Miss::NoSuch),
        ("%d.%m.%Y", "27.01.0000", Miss::NoSuch),
        ("%a %d.%m.%Y", "Thu 27.01.2016", Miss::NoSuch),
        ("%Y-%j", "2015-366", Miss::NoSuch),
        ("%d.%m.%Y", "27.01.16", Miss::Form),
        ("%d.%m.%Y", "27.01.2016 ", Miss::Form),
        ("%d.%m.%Y", "27.001.2016", Miss::Form),
        ("%d.%m.%Y", " 7.01.2016", Miss::Form),
        ("%d.%m.%Y", "", Miss::Form),
        ("%Y%m%d", "2016127", Miss::Form),
        ("%d %b %Y", "27 January 2016", Miss::Form),
        ("%d %B %Y", "27 Jan 2016", Miss::Form),
        ("%d %b %Y", "27  Jan 2016", Miss::Form),
        ("default", "2016-1-27", Miss::Form),
        ("default", "2016-02-30", Miss::NoSuch),
        ("default", "0000-01-01", Miss::NoSuch),
        ("default", "2016-01-27T00:00", Miss::Form),
    ] {
        assert_eq!(day(pattern, text), Err(miss), "{pattern} {text}");
    }
}

#[test]
fn times() {
    for (pattern, text, expected) in [
        ("%H:%M", "14:05", Ok(time(14, 5, 0, 0))),
        ("%I:%M %p", "2:05 pm", Ok(time(14, 5, 0, 0))),
        ("%I:%M %p", "12:00 AM", Ok(time(0, 0, 0, 0))),
        ("%I:%M %p", "12:00 PM", Ok(time(12, 0, 0, 0))),
        ("%I %p", "13 PM", Err(Miss::NoSuch)),
        ("%I %p", "0 AM", Err(Miss::NoSuch)),
        ("%H%M%S%f", "140509000001", Ok(time(14, 5, 9, 1_000))),
        ("%T.%f", "14:05:09.5", Ok(time(14, 5, 9, 500_000_000))),
        ("%T.%f", "14:05:09.1234567", Err(Miss::Form)),
        ("%H:%M", "24:00", Err(Miss::NoSuch)),
        ("%H:%M:%S", "23:59:60", Err(Miss::NoSuch)),
        ("default", "14:05:09.000001", Ok(time(14, 5, 9, 1_000))),
        ("default", "14:05", Ok(time(14, 5, 0, 0))),
        ("default", "14:05:09.0000001", Err(Miss::Form)),
        ("default", "23:59:60", Err(Miss::NoSuch)),
        ("default", "14:05:09Z", Err(Miss::Form)),
        ("default", "1:05", Err(Miss::Form)),
    ] {
        assert_eq!(clock(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn moments_with_offsets() {
    let read = |pattern_of: &str, text: &str| {
        let moment = pattern(pattern_of, Of::Zoned).read(text.as_bytes());
        moment.map(|it| (it.time, it.offset.map(Offset::seconds)))
    };
    let at = |offset| Ok((time(10, 0, 0, 0), offset));
    for (text, expected) in [
        ("2024-02-01T10:00:00", at(None)),
        ("2024-02-01 10:00", at(None)),
        ("2024-02-01T10:00:00Z", at(Some(0))),
        ("2024-02-01T10:00:00+02:00", at(Some(7_200))),
        ("2024-02-01T10:00:00-0530", at(Some(-19_800))),
        ("2024-02-01 10:00:00+00", at(Some(0))),
        ("2024-02-01T10:00:00+2", Err(Miss::Form)),
        ("2024-02-01T10:00:00+19:00", Err(Miss::Form)),
        ("2024-02-01T10:00:00+02:", Err(Miss::Form)),
        ("2024-02-01", Err(Miss::Form)),
    ] {
        assert_eq!(read("default", text), expected, "{text}");
    }
    assert_eq!(
        read("%F %T %z", "2024-02-01 10:00:00 +0200"),
        at(Some(7_200))
    );
    assert_eq!(read("%F", "2024-02-01"), Ok((time(0, 0, 0, 0), None)));
    let plain = pattern("default", Of::Datetime);
    assert_eq!(plain.read(b"2024-02-01T10:00:00Z"), Err(Miss::Form));
}

#[test]
fn patterns_that_are_refused() {
    let error = |text: &str, of| Pattern::new(text, of).unwrap_err();
    assert_eq!(error("any", Of::Date), PatternError::Any);
    for text in ["", "date", " %F", "%F ", "%F\n", "%%"] {
        assert_eq!(error(text, Of::Date), PatternError::NoPattern, "{text:?}");
    }
    for (text, unknown) in [
        ("%Y-%m-%D%q", "%q"),
        ("%F %", "%"),
        ("%-Y", "%-Y"),
        ("%-", "%-"),
    ] {
        assert_eq!(error(text, Of::Date), PatternError::Unknown(unknown.into()));
    }
    assert_eq!(error("%Y %y-%m-%d", Of::Date), PatternError::Twice);
    assert_eq!(error("%F %m", Of::Date), PatternError::Twice);
    for text in ["%Y", "%Y-%m", "%d.%m", "%m-%j %Y", "%Y-%d"] {
        assert_eq!(error(text, Of::Date), PatternError::NoDay, "{text}");
    }
    for text in ["%M:%S", "%H %S", "%I:%M", "%H:%M %p", "%H:%M.%f"] {
        assert_eq!(error(text, Of::Time), PatternError::NoTime, "{text}");
    }
    for (text, of) in [
        ("%F %H", Of::Date),
        ("%F %T%z", Of::Datetime),
        ("%F", Of::Time),
        ("%H:%M %a", Of::Time),
    ] {
        assert!(
            matches!(error(text, of), PatternError::OfNoUse(_)),
            "{text}"
        );
    }
}

#[test]
fn patterns_that_disagree() {
    let all = |texts: &[&str], of| texts.iter().map(|it| pattern(it, of)).collect::<Vec<_>>();
    let found = |texts: &[&str], of| disagree(&all(texts, of)).map(|it| (it.0, it.1));
    assert_eq!(found(&["%m/%d/%Y", "%d/%m/%Y"], Of::Date), Some((0, 1)));
    assert_eq!(found(&["%F", "%Y-%d-%m"], Of::Date), Some((0, 1)));
    assert_eq!(found(&["%d/%m/%y", "%y/%m/%d"], Of::Date), Some((0, 1)));
    assert!(found(&["%F %H:%M", "%F %M:%H"], Of::Datetime).is_some());
    assert_eq!(found(&["%H:%M:%S", "%H:%M"], Of::Time), None);
    let usual = ["%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%Y%m%d", "default"];
    assert_eq!(found(&usual, Of::Date), None);
    let american = ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "default"];
    assert_eq!(found(&american, Of::Datetime), None);
}

const DAYS: [&str; 9] = [
    "%d.%m.%Y",
    "%-m/%-d/%Y",
    "%Y%m%d",
    "%d %b %Y",
    "%B %-d, %Y",
    "%a %d/%m/%Y",
    "%Y-%j",
    "%A, %F",
    "default",
];

const TIMES: [&str; 4] = ["%H:%M:%S.%f", "%-H%M%S%f", "%I:%M:%S.%f %p", "default"];

fn any_date() -> impl Strategy<Value = Date> {
    (1..=9_999i16, 1..=365i16)
        .prop_map(|(year, day)| date(year, 1, 1).with().day_of_year(day).build().unwrap())
}

fn any_time() -> impl Strategy<Value = Time> {
    let micros = prop_oneof![0..1_000_000i32, Just(0)];
    (0..24i8, 0..60i8, 0..60i8, micros).prop_map(|(h, m, s, micros)| time(h, m, s, micros * 1_000))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(day in any_date(), time in any_time(), offset in -64..=64i32) {
        for text in DAYS {
            prop_assert!(pattern(text, Of::Date).holds(&Moment::of_date(day)), "{} {}", text, day);
        }
        for text in TIMES {
            prop_assert!(pattern(text, Of::Time).holds(&Moment::of_time(time)), "{} {}", text, time);
        }
        let offset = Some(Offset::from_seconds(offset * 900).unwrap());
        let moment = Moment { date: day, time, offset };
        for text in ["%d.%m.%Y %H:%M:%S.%f %z", "%z %a %F %I:%M:%S.%f %p", "default"] {
            prop_assert!(pattern(text, Of::Zoned).holds(&moment), "{} {:?}", text, moment);
        }
    }

    #[test]
    fn any_text_is_no_panic(text in any::<Vec<u8>>(), of in "[%a-zA-Z0-9 :./-]{0,12}") {
        for what in [Of::Date, Of::Datetime, Of::Zoned, Of::Time] {
            let patterns = [Ok(Pattern::iso(what)), Pattern::new(&of, what)];
            for pattern in patterns.into_iter().flatten() {
                let _ = pattern.read(&text);
                let _ = pattern.read(of.as_bytes());
            }
        }
    }

    /// jiff has such patterns, too. It takes whatever is taken here, as the same day.
    #[test]
    fn jiff_reads_the_same(day in any_date()) {
        for text in &DAYS[..8] {
            let mut out = Vec::new();
            pattern(text, Of::Date).write(&mut out, &Moment::of_date(day));
            let read = Date::strptime(text.replace("%-", "%"), &out);
            prop_assert_eq!(read.ok(), Some(day), "{}", text);
        }
    }
}
