//! Amounts are whole cents everywhere; here they become text.

/// The shortest exact decimal of an amount in cents: `1`, `9.5`, `9.33`, `-0.5`.
pub fn format(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    match (rest / 10, rest % 10) {
        (0, 0) => format!("{sign}{whole}"),
        (tenths, 0) => format!("{sign}{whole}.{tenths}"),
        (tenths, hundredths) => format!("{sign}{whole}.{tenths}{hundredths}"),
    }
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn the_shortest_exact_decimal() {
        let table = [
            (0, "0"),
            (100, "1"),
            (950, "9.5"),
            (933, "9.33"),
            (905, "9.05"),
            (-50, "-0.5"),
            (-1, "-0.01"),
            (14_250_972, "142509.72"),
            (i64::MIN, "-92233720368547758.08"),
        ];
        for (cents, text) in table {
            assert_eq!(format(cents), text);
        }
    }
}
