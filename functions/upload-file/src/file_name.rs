//! File names that are safe as the end of an object's key.

use domain::limits::FILE_NAME_CHARS_AT_MOST;

/// The base name, with underscores for spaces and without any character but letters (of any
/// script), digits, `-`, `_` and `.`; `upload.csv` if nothing is left. A name that is too long
/// keeps its beginning and its extension. `start-import` relies on names without `%` and `+`.
pub fn safe(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let kept = |it: &char| it.is_alphanumeric() || "-_.".contains(*it);
    let spaceless = base.chars().map(|it| if it == ' ' { '_' } else { it });
    let safe: String = spaceless.filter(kept).collect();
    match safe.as_str() {
        "" | "." | ".." => "upload.csv".to_owned(),
        _ => cut(safe),
    }
}

fn cut(name: String) -> String {
    let length = name.chars().count();
    if length <= FILE_NAME_CHARS_AT_MOST {
        return name;
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) => name.split_at(dot),
        None => (name.as_str(), ""),
    };
    let extension: String = extension
        .chars()
        .take(FILE_NAME_CHARS_AT_MOST / 2)
        .collect();
    let room = FILE_NAME_CHARS_AT_MOST - extension.chars().count();
    let stem: String = stem.chars().take(room).collect();
    stem + &extension
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_a_table() {
        #[rustfmt::skip]
        let table = [
            ("100000-Sales-Records.csv", "100000-Sales-Records.csv"),
            ("../../x.csv", "x.csv"),
            ("my file (1).csv", "my_file_1.csv"),
            ("C:\\Users\\x\\teams.csv", "teams.csv"),
            ("  padded.csv  ", "padded.csv"),
            ("tab\there\0.csv", "tabhere.csv"),
            ("Verkäufe 2015.csv", "Verkäufe_2015.csv"),
            ("a&b=c?.csv", "abc.csv"),
            ("", "upload.csv"),
            ("..", "upload.csv"),
            ("x/", "upload.csv"),
            ("???", "upload.csv"),
            ("noextension", "noextension"),
        ];
        for (name, expected) in table {
            assert_eq!(safe(name), expected, "{name}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe(&format!("{}.csv", "ä".repeat(300)));
        assert_eq!(name, format!("{}.csv", "ä".repeat(96)));
        assert_eq!(safe(&"x".repeat(300)).chars().count(), 100);
        assert_eq!(safe(&format!("a.{}", "x".repeat(300))).chars().count(), 51);
        assert_eq!(safe(&"x".repeat(100)).chars().count(), 100);
    }
}
