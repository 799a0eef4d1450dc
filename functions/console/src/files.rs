//! The built files, all of them text: the gateway would have to know another kind by its type.

/// Name below `dist/`, and what is in it.
const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// How long a browser keeps a file.
pub enum Kept {
    /// Its name is of what is in it.
    ForGood,
    /// It asks each time whether there is another one.
    WhileCurrent,
}

/// What is in a file.
pub fn find(name: &str) -> Option<&'static str> {
    let file = FILES.iter().find(|it| it.0 == name);
    file.map(|it| it.1)
}

/// How long a file is kept.
pub fn kept(name: &str) -> Kept {
    if name.starts_with("assets/") {
        Kept::ForGood
    } else {
        Kept::WhileCurrent
    }
}

/// The media type of a file.
pub fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |it| it.1) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BASE, PAGE};

    #[test]
    fn the_page_loads_files_that_are_served() {
        let page = find(PAGE).unwrap();
        assert_eq!(page.matches(BASE).count(), 1);
        let loaded = page
            .split(['"', '\''])
            .filter_map(|it| it.strip_prefix("./"));
        let loaded: Vec<&str> = loaded.collect();
        assert!(loaded.len() >= 3, "{loaded:?}");
        for name in loaded {
            assert!(find(name).is_some(), "{name}");
        }
    }

    /// What is inline would need a policy that lets scripts of anyone's run.
    #[test]
    fn the_page_has_no_script_or_style_of_its_own() {
        let page = find(PAGE).unwrap();
        for word in ["<style", "style=", " onload", "javascript:"] {
            assert!(!page.contains(word), "{word}");
        }
        assert_eq!(page.matches("<script").count(), 1);
        assert!(page.contains("<script type=\"module\" crossorigin src=\"./assets/"));
    }

    #[test]
    fn every_file_has_its_type() {
        for (name, _) in FILES {
            let plain = kind(name).starts_with("text/plain");
            assert_eq!(plain, *name == "licences.txt", "{name}");
        }
    }
}
