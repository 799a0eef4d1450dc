use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const ALL: Order = Order::Integers {
    min: i64::MIN,
    max: i64::MAX,
};

fn orders() -> impl Strategy<Value = Order> {
    let bounds = (any::<i64>(), any::<i64>());
    let integers = bounds.prop_map(|(one, other)| Order::Integers {
        min: one.min(other),
        max: one.max(other),
    });
    prop_oneof![
        Just(Order::Dates),
        Just(Order::DateTimes),
        Just(ALL),
        Just(Order::Integers { min: 0, max: 9 }),
        integers
    ]
}

fn key(order: Order, number: i64) -> Key {
    let day = days::day((number % 2_932_896) as i32);
    match order {
        Order::Dates => Key::Date(day),
        Order::Integers { .. } => Key::Integer(number),
        Order::DateTimes | Order::Moments => {
            Key::DateTime(day.at((number % 24).unsigned_abs() as i8, 59, 59, 999_999_000))
        }
    }
}

proptest! {
    /// Buckets stand in the order of keys, and each holds the keys between its ends.
    #[test]
    fn a_bucket_holds_its_keys((order, one, other) in (orders(), any::<i64>(), any::<i64>())) {
        let (one, other) = (key(order, one), key(order, other));
        let bucket = order.bucket(one);
        let (first, last) = order.keys(bucket);
        prop_assert!(first <= one && one <= last);
        prop_assert_eq!(order.bucket(first), bucket);
        prop_assert_eq!(order.bucket(last), bucket);
        prop_assert!(order.all().0 <= bucket && bucket <= order.all().1);
        if one < other {
            prop_assert!(bucket <= order.bucket(other));
        }
    }

    #[test]
    fn bands_and_the_rest_are_the_range((order, one, other) in (orders(), any::<i64>(), any::<i64>())) {
        let (one, other) = (order.bucket(key(order, one)), order.bucket(key(order, other)));
        let range = (one.min(other), one.max(other));
        let bands = order.bands(range);
        let whole = bands.whole.map(|(first, last)| (order.buckets(first).0, order.buckets(last).1));
        let mut pieces: Vec<(i32, i32)> = bands.rest.into_iter().chain(whole).collect();
        pieces.sort_unstable();
        prop_assert_eq!(pieces[0].0, range.0);
        prop_assert_eq!(pieces[pieces.len() - 1].1, range.1);
        prop_assert!(pieces.windows(2).all(|it| it[0].1 + 1 == it[1].0), "{:?}", pieces);
    }
}

#[test]
fn a_band_of_days_is_a_month() {
    let band = |day| Order::Dates.band(days::number(day));
    assert_eq!(band(date(2015, 8, 1)), 2015 * 12 + 7);
    assert_eq!(band(date(2015, 8, 31)), 2015 * 12 + 7);
    let (first, last) = Order::Dates.buckets(2016 * 12 + 1);
    let days = (days::day(first), days::day(last));
    assert_eq!(days, (date(2016, 2, 1), date(2016, 2, 29)));
    let all = Order::Dates.bands(Order::Dates.all());
    assert_eq!(all.whole, Some((12, 9999 * 12 + 11)));
    assert_eq!(all.rest, []);
    assert_eq!(Order::Dates.bands((5, 4)), Bands::default());
}

#[test]
fn numbers_have_equal_parts() {
    let order = Order::Integers { min: 1, max: 4096 };
    assert_eq!(order.keys(7), (Key::Integer(8), Key::Integer(8)));
    let order = Order::Integers {
        min: 0,
        max: 9_999_999_999,
    };
    assert_eq!(order.parts(), (0, 2_441_407));
    assert_eq!(order.bucket(Key::Integer(2_441_407)), 1);
    assert_eq!(order.bucket(Key::Integer(9_999_999_999)), 4_095);
    let beside = [
        order.bucket(Key::Integer(-1)),
        order.bucket(Key::Integer(i64::MAX)),
    ];
    assert_eq!(beside, [0, 4_095]);
}
