//! Collects rows from a position on, in one direction, until there are as many as are asked for. It
//! takes as many bands at a time as should have them, and of these only the buckets that are needed.

use domain::order::Order;
use domain::paging::cursor::{Direction, RowPosition};

use super::counts::{Asked, BandCounts, BucketRows, Source};
use super::gathered::{Collected, Gathered};
use super::spans::{Beyond, Wanted, rows_of};
use crate::Error;

/// Rows that one statement looks at if a filter may leave few of them.
const FILTERED_AT_ONCE: i64 = 50_000;

/// To find the rows of a bucket of an import costs as much as to look at this many rows: compare 300
/// imports with one in docs/figures-query.md (cursor, no match).
const BUCKET_IN_ROWS: i64 = 30;

/// Collects at most `wanted.limit` rows in the direction, and gives up at the end of a bucket once
/// `looked_at_most` rows were looked at. `bands` are those that have rows, greatest first, with
/// their numbers of rows, as they are kept; `counted` is one of them whose buckets are known.
pub async fn collect(
    asked: &Asked<'_>,
    bands: &[(i32, i64)],
    mut counted: Option<BandCounts>,
    mut wanted: Wanted,
    looked_at_most: i64,
) -> Result<Collected, Error> {
    let mut bands = bands.to_vec();
    if wanted.direction == Direction::Newer {
        bands.reverse();
    }
    let limit = wanted.limit;
    let at_once = at_once(asked, limit).min(looked_at_most);
    let counts = asked.counts(Source::Kept);
    let mut gathered = Gathered::new(asked.dataset, limit);
    let mut looked_at = 0;
    for (first, last) in windows(&bands, at_once) {
        let range = (asked.order.buckets(first).0, asked.order.buckets(last).1);
        let Some(range) = on_side(asked.order, range, &wanted) else {
            continue;
        };
        let mut buckets = match counted.take_if(|it| first == last && it.band == first) {
            Some(counted) => counted.within(range),
            None => counts.by_bucket(range).await?,
        };
        if wanted.direction == Direction::Newer {
            buckets.reverse();
        }
        for range in windows(&buckets, at_once) {
            if looked_at >= looked_at_most {
                let given_up_at = before(asked.order, range, wanted.direction);
                return Ok(gathered.collected(Some(given_up_at)));
            }
            wanted.limit = gathered.wanted();
            wanted.bytes = gathered.bytes_left();
            let found = counts.by_bucket_and_import(range).await?;
            let buckets = needed(asked, found, &wanted);
            looked_at += buckets
                .iter()
                .map(|it| it.rows.max(BUCKET_IN_ROWS))
                .sum::<i64>();
            gathered.add(rows_of(asked, &buckets, &wanted).await?);
            if gathered.is_done() {
                return Ok(gathered.collected(None));
            }
        }
    }
    Ok(gathered.collected(None))
}

/// A position that no row has, with all rows of the range beyond it.
fn before(order: Order, (first, last): (i32, i32), direction: Direction) -> RowPosition {
    let (key, number, record) = match direction {
        Direction::Older => (order.keys(last).1, i32::MAX, i64::MAX),
        Direction::Newer => (order.keys(first).0, 0, 0),
    };
    RowPosition {
        key: Some(key),
        number,
        record,
    }
}

fn at_once(asked: &Asked<'_>, limit: i64) -> i64 {
    if asked.is_free() {
        limit
    } else {
        FILTERED_AT_ONCE.max(limit)
    }
}

/// The buckets of a range that are not on the wrong side of the position.
fn on_side(order: Order, (mut first, mut last): (i32, i32), wanted: &Wanted) -> Option<(i32, i32)> {
    if let Some(bucket) = bucket(order, wanted) {
        match wanted.direction {
            Direction::Older => last = last.min(bucket),
            Direction::Newer => first = first.max(bucket),
        }
    }
    (first <= last).then_some((first, last))
}

/// The bucket of the position that rows are wanted from.
fn bucket(order: Order, wanted: &Wanted) -> Option<i32> {
    let Beyond { position, .. } = wanted.beyond?;
    position.key.map(|it| order.bucket(it))
}

/// Joins neighbouring buckets, or bands, to ranges with about `at_once` rows each.
fn windows(counted: &[(i32, i64)], at_once: i64) -> Vec<(i32, i32)> {
    let mut windows = Vec::new();
    let mut rest = counted;
    while !rest.is_empty() {
        let mut sum = 0;
        let taken = rest.iter().take_while(|(_, rows)| {
            let more = sum < at_once;
            sum += rows;
            more
        });
        let (window, later) = rest.split_at(taken.count());
        let (one, other) = (window[0].0, window[window.len() - 1].0);
        windows.push((one.min(other), one.max(other)));
        rest = later;
    }
    windows
}

/// Those in the direction, without those on the wrong side of the position, and no more than may be
/// needed.
fn needed(asked: &Asked<'_>, mut found: Vec<BucketRows>, wanted: &Wanted) -> Vec<BucketRows> {
    if wanted.direction == Direction::Newer {
        found.reverse();
    }
    found.retain(|it| !is_on_the_wrong_side(asked.order, it, wanted));
    if asked.is_free() {
        let is_one_value = asked.order.has_one_value_in_a_bucket();
        found.truncate(enough(&found, wanted.limit, is_one_value));
    }
    found
}

fn is_on_the_wrong_side(order: Order, rows: &BucketRows, wanted: &Wanted) -> bool {
    let (Some(bucket), Some(beyond)) = (bucket(order, wanted), wanted.beyond) else {
        return false;
    };
    let (mut row, mut position) = ((rows.bucket, 0), (bucket, 0));
    if order.has_one_value_in_a_bucket() {
        (row.1, position.1) = (rows.number, beyond.position.number);
    }
    match wanted.direction {
        Direction::Older => row > position,
        Direction::Newer => row < position,
    }
}

/// How many of them hold the rows that are wanted, even if the first one holds no such row. Imports
/// whose rows are merged by their values, those of one bucket, are taken together.
fn enough(found: &[BucketRows], limit: i64, is_one_value: bool) -> usize {
    let are_together =
        |one: &BucketRows, other: &BucketRows| !is_one_value && one.bucket == other.bucket;
    let mut sums = found.chunk_by(are_together).map(|it| {
        let rows: i64 = it.iter().map(|it| it.rows).sum();
        (it.len(), rows)
    });
    let (first, _) = sums.next().unwrap_or_default();
    let mut sum = 0;
    let after_first = sums.take_while(|(_, rows)| {
        let more = sum < limit;
        sum += rows;
        more
    });
    first + after_first.map(|it| it.0).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_hold_enough_buckets_and_no_more() {
        let buckets = [(9, 5), (7, 1), (6, 20), (2, 3), (1, 3)];
        assert_eq!(windows(&buckets, 5), [(9, 9), (6, 7), (1, 2)]);
        assert_eq!(windows(&buckets, 100), [(1, 9)]);
        assert_eq!(windows(&[], 5), []);
        let mut upward = buckets;
        upward.reverse();
        assert_eq!(windows(&upward, 6), [(1, 2), (6, 6), (7, 9)]);
    }

    #[test]
    fn buckets_of_several_values_are_taken_whole() {
        let rows = |bucket, number, rows| BucketRows {
            import_id: i64::from(number),
            number,
            bucket,
            rows,
        };
        let found = [
            rows(9, 3, 4),
            rows(9, 1, 4),
            rows(8, 3, 5),
            rows(8, 2, 5),
            rows(7, 1, 1),
        ];
        assert_eq!(enough(&found, 4, true), 2);
        assert_eq!(enough(&found, 5, true), 3);
        assert_eq!(enough(&found, 4, false), 4);
        assert_eq!(enough(&found, 11, false), 5);
        assert_eq!(enough(&[], 4, false), 0);
    }
}
