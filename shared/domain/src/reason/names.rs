/// Names in a sentence are cut to this many characters …
const NAME_CHARS: usize = 40;
/// … and lists of names to this many names.
const NAMES: usize = 20;

/// The names in quotes, cut to a sane length.
pub(super) fn list(names: &[impl AsRef<str>]) -> String {
    let some = names.iter().take(NAMES);
    let mut shown: Vec<String> = some.map(|name| shown(name.as_ref())).collect();
    if names.len() > NAMES {
        shown.push(format!("{} more", names.len() - NAMES));
    }
    shown.join(", ")
}

fn shown(name: &str) -> String {
    let visible = |char: char| if char.is_control() { ' ' } else { char };
    let start: String = name.chars().take(NAME_CHARS).map(visible).collect();
    let cut = if name.chars().nth(NAME_CHARS).is_some() {
        "…"
    } else {
        ""
    };
    format!("\"{start}{cut}\"")
}
