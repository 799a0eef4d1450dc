//! Tables and numbers as people read them.

/// A table with these titles.
pub fn table<const N: usize>(
    titles: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(&titles.map(str::to_owned));
    table += &format!("|{}\n", "---|".repeat(N));
    table.extend(rows.into_iter().map(|it| line(&it)));
    table
}

/// Examples of sentences in a cell of a table, each on its line.
pub fn examples_of(sentences: impl Iterator<Item = impl ToString>) -> String {
    let escaped = sentences.map(|it| it.to_string().replace('|', "\\|").replace('<', "&lt;"));
    escaped.collect::<Vec<_>>().join("<br>")
}

/// As code.
pub fn code(word: impl std::fmt::Display) -> String {
    format!("`{word}`")
}

/// `4,613,734`
pub fn number(number: i64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `64 KiB`, or bytes where that is not round.
pub fn bytes(bytes: i64) -> String {
    for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] {
        if bytes >= unit && bytes % unit == 0 {
            return format!("{} {name}", bytes / unit);
        }
    }
    format!("{} bytes", number(bytes))
}

/// `15 minutes`
pub fn time(seconds: i64) -> String {
    for (unit, name) in [(3600, "hours"), (60, "minutes")] {
        if seconds >= unit && seconds % unit == 0 {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} seconds")
}

#[test]
fn numbers_for_people() {
    assert_eq!(number(0), "0");
    assert_eq!(number(999), "999");
    assert_eq!(number(4_613_734), "4,613,734");
    assert_eq!(bytes(4_613_734), "4,613,734 bytes");
    assert_eq!(bytes(64 << 10), "64 KiB");
    assert_eq!(bytes(5 << 30), "5 GiB");
    assert_eq!(
        (time(1800), time(86_400), time(20)),
        ("30 minutes".into(), "24 hours".into(), "20 seconds".into())
    );
}
