//! The rows of several imports in one bucket, merged by their keys: which one stands at an offset.
//! The marks narrow it down, so that few rows are read whatever the bucket holds.

use super::Key;

/// A row with its place among the rows of its import and bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Rows of its import and bucket before it.
    pub above: i64,
    /// Its key.
    pub key: Key,
    /// Its record.
    pub record: i64,
}

/// The rows of one import in a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Number of the import.
    pub number: i32,
    /// How many rows there are.
    pub rows: i64,
    /// The marks, the first of which is the first row; none if rows are few.
    pub marks: Vec<Mark>,
}

/// Between which rows of each import the row at an offset is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// For each import the mark to begin at; `None`: its first row.
    pub starts: Vec<Option<Mark>>,
    /// Rows before these in all: they are to be taken from the offset.
    pub skipped: i64,
    /// A row that stands after the one at the offset: key, number of the import, record.
    pub end: Option<(Key, i32, i64)>,
}

/// Narrows the row at `offset` down.
pub fn narrow(imports: &[Marked], offset: i64) -> Narrowed {
    let marks = in_order(imports);
    let (begin, end) = around(imports, &marks, offset);
    let mut starts = vec![None; imports.len()];
    for &(import, mark) in &marks[..begin] {
        starts[import] = Some(mark);
    }
    let skipped = starts.iter().flatten().map(|it: &Mark| it.above).sum();
    let end = end.map(|index| {
        let (import, mark) = marks[index];
        (mark.key, imports[import].number, mark.record)
    });
    Narrowed {
        starts,
        skipped,
        end,
    }
}

/// All marks in the order of the rows, each with the index of its import.
fn in_order(imports: &[Marked]) -> Vec<(usize, Mark)> {
    let of = |(index, import): (usize, &Marked)| {
        let marks = import.marks.clone();
        marks.into_iter().map(move |it| (index, it))
    };
    let mut marks: Vec<(usize, Mark)> = imports.iter().enumerate().flat_map(of).collect();
    let place = |(index, mark): &(usize, Mark)| (mark.key, imports[*index].number, mark.record);
    marks.sort_by_key(|it| std::cmp::Reverse(place(it)));
    marks
}

/// How many marks are surely not after the row at the offset, and the first that surely is.
fn around(imports: &[Marked], marks: &[(usize, Mark)], offset: i64) -> (usize, Option<usize>) {
    // Of each import, the least and the most rows that may stand before a place.
    let mut least = vec![0; imports.len()];
    let mut most: Vec<i64> = imports.iter().map(unmarked).collect();
    let mut next = vec![0; imports.len()];
    let (mut least_sum, mut most_sum) = (0, most.iter().sum::<i64>());
    let mut begin = 0;
    for (index, &(import, mark)) in marks.iter().enumerate() {
        least_sum += mark.above - least[import];
        most_sum += mark.above - most[import];
        if least_sum > offset {
            return (begin, Some(index));
        }
        if most_sum <= offset {
            begin = index + 1;
        }
        next[import] += 1;
        let after = imports[import].marks.get(next[import]);
        let after = after.map_or(imports[import].rows, |it| it.above);
        (least[import], most[import]) = (mark.above + 1, after);
        least_sum += 1;
        most_sum += after - mark.above;
    }
    (begin, None)
}

/// The most rows of an import before its first mark.
fn unmarked(import: &Marked) -> i64 {
    if import.marks.is_empty() {
        import.rows
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows of an import, greatest key first, and every so many of them marked.
    fn imports(keys: &[Vec<i64>], every: usize) -> (Vec<Marked>, Vec<(Key, i32, i64)>) {
        let mut all = Vec::new();
        let mut imports = Vec::new();
        for (number, keys) in (1..).zip(keys) {
            let mut rows: Vec<(i64, i64)> = keys.iter().copied().zip(1..).collect();
            rows.sort_by_key(|it| std::cmp::Reverse(*it));
            let place = |&(key, record): &(i64, i64)| (Key::Integer(key), number, record);
            all.extend(rows.iter().map(place));
            let marked = rows.iter().enumerate().step_by(every);
            let mark = |(above, &(key, record)): (usize, &(i64, i64))| Mark {
                above: above as i64,
                key: Key::Integer(key),
                record,
            };
            let has_marks = rows.len() > 2 * every;
            imports.push(Marked {
                number,
                rows: rows.len() as i64,
                marks: marked.filter(|_| has_marks).map(mark).collect(),
            });
        }
        all.sort_by_key(|it| std::cmp::Reverse(*it));
        (imports, all)
    }

    proptest! {
        #[test]
        fn the_row_at_an_offset_is_between_them(
            (keys, every, at) in (
                prop::collection::vec(prop::collection::vec(0..60_i64, 0..80), 1..6),
                1..9_usize,
                any::<prop::sample::Index>(),
            )
        ) {
            let (imports, all) = imports(&keys, every);
            prop_assume!(!all.is_empty());
            let offset = at.index(all.len());
            let narrowed = narrow(&imports, offset as i64);
            let is_left = |place: &&(Key, i32, i64)| {
                let start = narrowed.starts[place.1 as usize - 1];
                let begun = start.is_none_or(|it| (place.0, place.2) <= (it.key, it.record));
                begun && narrowed.end.is_none_or(|it| **place > it)
            };
            let left: Vec<_> = all.iter().filter(is_left).collect();
            let found = left.get(offset - narrowed.skipped as usize);
            prop_assert_eq!(found, Some(&&all[offset]));
            // Of each import a few marks' distance is left.
            prop_assert!(left.len() <= 10 * (every + 1) * imports.len(), "{}", left.len());
        }
    }
}
