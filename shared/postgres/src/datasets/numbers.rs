//! Which SQL columns the fields of a declaration have.

/// The number of each field's column: a field keeps the number it has, wherever it stands now, and an
/// added one gets a number that none has had. `None`: one that it had is kept by none, or by two. Where
/// no field is kept, the table is another.
pub(super) fn numbers(was: &[Option<usize>], before: &[i32], used: i32) -> Option<Vec<i32>> {
    let mut fresh = used + 1..;
    let number = |was: &Option<usize>| match was {
        Some(index) => before.get(*index).copied(),
        None => fresh.next(),
    };
    let numbers: Vec<i32> = was.iter().map(number).collect::<Option<_>>()?;
    let mut kept: Vec<usize> = was.iter().copied().flatten().collect();
    kept.sort_unstable();
    (kept.is_empty() || kept.into_iter().eq(0..before.len())).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Numbers = &'static [i32];
    type Was = &'static [Option<usize>];

    #[test]
    fn a_field_keeps_its_number_and_none_is_given_again() {
        let table: [(Was, Numbers, i32, Option<Numbers>); 9] = [
            (&[Some(0), Some(1), None], &[1, 2], 2, Some(&[1, 2, 3])),
            (&[None, Some(0), Some(1)], &[1, 2], 2, Some(&[3, 1, 2])),
            (&[Some(1), Some(0)], &[1, 2], 2, Some(&[2, 1])),
            (
                &[Some(1), None, Some(0), None],
                &[5, 2],
                9,
                Some(&[2, 10, 5, 11]),
            ),
            // Another table.
            (&[None, None], &[1, 2, 3], 3, Some(&[4, 5])),
            // What is kept is not what was there.
            (&[Some(0), None], &[1, 2], 2, None),
            (&[Some(0), Some(0)], &[1, 2], 2, None),
            (&[Some(0), Some(2)], &[1, 2], 2, None),
            (&[Some(0), Some(0), Some(1)], &[1, 2], 2, None),
        ];
        for (was, before, used, expected) in table {
            let given = numbers(was, before, used);
            assert_eq!(given.as_deref(), expected, "{was:?} {before:?}");
        }
    }
}
