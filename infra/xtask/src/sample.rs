//! Sample files: the same seed gives the same bytes on every machine.

mod calendar;
mod goods;
mod money;
mod places;
mod words;

use std::io::{Result, Write};

use calendar::Date;
use goods::Item;
use money::Cents;

use crate::random::Random;

const SALES_HEADING: &str = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit";
const TEAM_HEADING: &str = "team_name, manager_name, manager_phone_number";

/// Order dates lie within these days; a shipment follows within `LONGEST_SHIPPING` days.
const FIRST_ORDER: Date = Date::new(2010, 1, 1);
const LAST_ORDER: Date = Date::new(2017, 11, 11);
const LONGEST_SHIPPING: u64 = 50;
const MOST_UNITS: u64 = 10_000;

/// Writes a heading and `count` sales records of 14 columns, about 125 bytes each, lines ending in
/// CRLF. Dates are M/D/YYYY from 2010 to 2017, money has up to two decimals, and totals are exact
/// products. Some countries end in a space, some hold an apostrophe.
///
/// # Errors
/// What the writer says.
pub fn sales_records(seed: u64, count: u64, out: &mut impl Write) -> Result<()> {
    let mut random = Random::new(seed);
    write!(out, "{SALES_HEADING}\r\n")?;
    (0..count).try_for_each(|_| sales_record(&mut random, out))
}

fn sales_record(random: &mut Random, out: &mut impl Write) -> Result<()> {
    let (region, countries) = random.pick(places::REGIONS);
    let country = random.pick(countries);
    let Item { name, price, cost } = random.pick(goods::ITEMS);
    let channel = random.pick(&["Offline", "Online"]);
    let priority = random.pick(&["C", "H", "L", "M"]);
    let ordered = FIRST_ORDER.plus(random.below(FIRST_ORDER.days_until(LAST_ORDER) + 1));
    let order = random.between(100_000_000, 999_999_999);
    let shipped = ordered.plus(random.below(LONGEST_SHIPPING + 1));
    let units = random.between(1, MOST_UNITS);
    let (price, cost) = (Cents(*price), Cents(*cost));
    let (revenue, spent) = (price.times(units), cost.times(units));
    let profit = revenue.minus(spent);
    write!(
        out,
        "{region},{country},{name},{channel},{priority},{ordered},{order},{shipped},{units},{price},{cost},{revenue},{spent},{profit}\r\n"
    )
}

/// Writes a heading, with the spaces the original file has in it, and `count` teams, lines ending
/// in CRLF. Names repeat; phone numbers look like `(674) 566-5530`.
///
/// # Errors
/// What the writer says.
pub fn teams(seed: u64, count: u64, out: &mut impl Write) -> Result<()> {
    let mut random = Random::new(seed);
    write!(out, "{TEAM_HEADING}\r\n")?;
    (0..count).try_for_each(|_| team(&mut random, out))
}

fn team(random: &mut Random, out: &mut impl Write) -> Result<()> {
    let (quality, animal) = (random.pick(words::QUALITIES), random.pick(words::ANIMALS));
    let (first, last) = (random.pick(words::COLOURS), random.pick(words::TREES));
    let (area, exchange, line) = (
        random.between(200, 999),
        random.between(200, 999),
        random.below(10_000),
    );
    write!(
        out,
        "{quality} {animal},{first} {last},({area}) {exchange}-{line:04}\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn written(write: impl Fn(&mut Vec<u8>) -> Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_same_bytes_everywhere() {
        let sales = written(|out| sales_records(1, 1_000, out));
        let teams = written(|out| teams(1, 1_000, out));
        let digest = |text: &str| crate::paths::hex(&Sha256::digest(text));
        assert_eq!(
            digest(&sales),
            "b87ae8fc76499233df56b8236a50f57842da59fb0ab28b783cfa99f15b10493f"
        );
        assert_eq!(
            digest(&teams),
            "4e9211b43fce12ba7d1cd0c918badb4336079e76a215ded82e3f20ccfa486b7a"
        );
    }

    #[test]
    fn a_seed_is_a_file_of_its_own() {
        assert_ne!(
            written(|out| sales_records(1, 9, out)),
            written(|out| sales_records(2, 9, out))
        );
    }

    #[test]
    fn records_have_the_shape_of_the_real_file() {
        let text = written(|out| sales_records(3, 20_000, out));
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 20_001);
        assert!(lines.iter().all(|line| line.split(',').count() == 14));
        assert!(text.contains(",Tuvalu ,") && text.contains(",Cote d'Ivoire,"));
        let bytes_per_record = text.len() / lines.len();
        assert!(
            (120..=130).contains(&bytes_per_record),
            "{bytes_per_record}"
        );
    }

    #[test]
    fn totals_are_exact() {
        let text = written(|out| sales_records(4, 500, out));
        for line in text.split_terminator("\r\n").skip(1) {
            let cell = |n: usize| line.split(',').nth(n).unwrap();
            let cents = |n: usize| (cell(n).parse::<f64>().unwrap() * 100.0).round() as i64;
            let units: i64 = cell(8).parse().unwrap();
            assert_eq!(cents(11), units * cents(9), "{line}");
            assert_eq!(cents(12), units * cents(10), "{line}");
            assert_eq!(cents(13), cents(11) - cents(12), "{line}");
        }
    }

    #[test]
    fn teams_have_three_columns_within_their_limits() {
        let text = written(|out| teams(5, 2_000, out));
        assert!(text.starts_with("team_name, manager_name, manager_phone_number\r\n"));
        for line in text.split_terminator("\r\n").skip(1) {
            let lengths: Vec<usize> = line.split(',').map(str::len).collect();
            assert!(matches!(lengths[..], [1..=100, 1..=100, 14]), "{line}");
        }
    }
}
