//! Which known name an unknown one was meant to be: so that a misspelt parameter, which is ignored,
//! is not ignored in silence.

/// Words that people send for a name of ours. They are compared as [`folded`] ones are.
const SYNONYMS: [(&str, &str); 34] = [
    ("state", "status"),
    ("states", "status"),
    ("since", "from"),
    ("after", "from"),
    ("start", "from"),
    ("startdate", "from"),
    ("datefrom", "from"),
    ("fromdate", "from"),
    ("until", "to"),
    ("till", "to"),
    ("before", "to"),
    ("end", "to"),
    ("enddate", "to"),
    ("dateto", "to"),
    ("todate", "to"),
    ("top", "limit"),
    ("size", "limit"),
    ("perpage", "limit"),
    ("pagesize", "limit"),
    ("page", "offset"),
    ("skip", "offset"),
    ("groupby", "by"),
    ("group", "by"),
    ("importid", "import"),
    ("baseline", "import"),
    ("item", "item_type"),
    ("channel", "sales_channel"),
    ("priority", "order_priority"),
    ("nation", "country"),
    ("gz", "gzip"),
    ("compress", "gzip"),
    ("confirmed", "confirm"),
    ("maxerror", "max_errors"),
    ("onfail", "on_failure"),
];

/// The known name that is meant by one that is not known, if it is nearly one: in other letters,
/// with one or two mistakes, or another word for it. `None` for a name that is known.
pub fn meant<'k>(asked: &str, known: &[&'k str]) -> Option<&'k str> {
    // No name of ours has as many characters; the distance is not computed for any text that comes.
    const LONGEST: usize = 32;
    if known.contains(&asked) || asked.len() > LONGEST {
        return None;
    }
    let asked = folded(asked);
    let same = known.iter().find(|it| folded(it) == asked);
    let synonym = || {
        let mut pairs = SYNONYMS.iter().filter(|(word, _)| *word == asked);
        pairs.find_map(|(_, name)| known.iter().find(|it| *it == name))
    };
    same.or_else(synonym)
        .or_else(|| nearest(&asked, known))
        .copied()
}

/// The nearest name, the first of several that are equally near.
fn nearest<'a, 'k>(asked: &str, known: &'a [&'k str]) -> Option<&'a &'k str> {
    let near = known.iter().filter_map(|name| {
        let folded = folded(name);
        let distance = distance(asked, &folded);
        is_near(asked, &folded, distance).then_some((distance, name))
    });
    near.min_by_key(|it| it.0).map(|it| it.1)
}

/// One mistake, or two in a longer name that at least begins alike. Almost any two letters are
/// near a name of two, so there a letter must have been added or two have changed places.
fn is_near(asked: &str, name: &str, distance: usize) -> bool {
    let begins_alike = asked.chars().next() == name.chars().next();
    match (name.len(), distance) {
        (..=2, 1) => asked.len() == name.len() + 1 || is_turned(asked, name),
        (3.., 1) => true,
        (6.., 2) => begins_alike,
        _ => false,
    }
}

fn is_turned(asked: &str, name: &str) -> bool {
    asked.chars().rev().eq(name.chars())
}

/// Letters and digits alone, in lower case: `Order-Priority` and `orderPriority` are `order_priority`.
fn folded(name: &str) -> String {
    let kept = name.chars().filter(|it| it.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// How many letters were put in, left out, exchanged or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i; other.len() + 1];
        for j in 1..=other.len() {
            let same = one[i - 1] == other[j - 1];
            let exchanged = last[j - 1] + usize::from(!same);
            row[j] = exchanged.min(last[j] + 1).min(row[j - 1] + 1);
            let swapped =
                i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            if swapped {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALES: [&str; 11] = [
        "from",
        "to",
        "import",
        "region",
        "country",
        "item_type",
        "sales_channel",
        "order_priority",
        "cursor",
        "limit",
        "offset",
    ];

    #[test]
    fn what_is_meant() {
        for (asked, name) in [
            ("fron", "from"),
            ("form", "from"),
            ("From", "from"),
            ("frm", "from"),
            ("start_date", "from"),
            ("until", "to"),
            ("ot", "to"),
            ("too", "to"),
            ("contry", "country"),
            ("countries", "country"),
            ("orderPriority", "order_priority"),
            ("order-priority", "order_priority"),
            ("order priority", "order_priority"),
            ("priority", "order_priority"),
            ("itemtype", "item_type"),
            ("channel", "sales_channel"),
            ("limti", "limit"),
            ("page_size", "limit"),
            ("page", "offset"),
            ("ofset", "offset"),
            ("curser", "cursor"),
            ("imports", "import"),
        ] {
            let expected = (asked != "countries").then_some(name);
            assert_eq!(meant(asked, &SALES), expected, "{asked}");
        }
    }

    #[test]
    fn what_is_not_nearly_a_name() {
        for asked in [
            "from", "to", "x", "v", "t", "_", "ts", "do", "tu", "colour", "color", "format",
            "lang", "token", "callback", "q", "", "表", "state", "by", "export",
        ] {
            assert_eq!(meant(asked, &SALES), None, "{asked}");
        }
        assert_eq!(meant(&"from".repeat(20), &SALES), None);
    }

    /// A synonym says nothing where what it stands for is not taken.
    #[test]
    fn what_is_meant_depends_on_what_is_known() {
        let lists = ["status", "limit", "offset"];
        assert_eq!(meant("state", &lists), Some("status"));
        assert_eq!(meant("satus", &lists), Some("status"));
        assert_eq!(meant("since", &lists), None);
        assert_eq!(meant("fron", &["by", "from", "to"]), Some("from"));
        assert_eq!(meant("group_by", &["by", "from", "to"]), Some("by"));
        assert_eq!(meant("anything", &[]), None);
    }

    #[test]
    fn every_synonym_stands_for_a_name_as_it_is_spelled() {
        for (word, name) in SYNONYMS {
            assert_eq!(folded(word), word);
            assert_eq!(meant(word, &[name]), Some(name), "{word}");
        }
    }

    #[test]
    fn distances() {
        for (one, other, far) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("abc", "ab", 1),
            ("abc", "abcd", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), far, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn it_is_as_far_there_as_back(one in "[abc]{0,6}", other in "[abc]{0,6}") {
            let far = distance(&one, &other);
            prop_assert_eq!(far, distance(&other, &one));
            prop_assert!(far <= one.len().max(other.len()));
            prop_assert_eq!(far == 0, one == other);
        }

        #[test]
        fn no_text_is_too_odd(asked in "\\PC{0,40}") {
            if let Some(name) = meant(&asked, &SALES) {
                prop_assert!(SALES.contains(&name) && asked != name);
            }
        }
    }
}
