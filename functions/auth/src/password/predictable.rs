//! Passwords that somebody who knows the product and the calendar tries first: `Collect1`,
//! `Winter2026`, `P@ssw0rd!`.

/// The product's own words, and those that a password is often made of where one must be had.
/// docs/security.md lists them.
#[rustfmt::skip]
const WORDS: [&str; 61] = [
    "collect", "csv", "import", "export", "upload", "baseline", "dataset", "team", // the product
    "spring", "summer", "autumn", "fall", "winter", // seasons
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", // months
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", // days
    "password", "passwort", "passwd", "passphrase", "welcome", "letmein", "changeme", "change",
    "secret", "default", "login", "signin", "access", // asked for a password
    "admin", "administrator", "root", "user", "guest", "test", "demo", "master", // accounts
    "qwerty", "qwertz", "azerty", "asdf", "abc", // keys in a row
    "hello", "love", "iloveyou", // and these
];

/// With three words or more a password may well be a phrase that nobody guesses.
const WORDS_AT_MOST: usize = 2;

/// Around and between the words: digits, together no more than a date has,
const DIGITS_AT_MOST: usize = 8;

/// and runs, of digits or of one sign: `-2026!!` has three.
const RUNS_AT_MOST: usize = 4;

/// Whether a password, in lower case, is made of such words and a few digits and signs, and of
/// nothing else. Digits and signs may also stand for letters that look like them.
pub(super) fn is_predictable(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let all = Rest {
        words: WORDS_AT_MOST,
        digits: DIGITS_AT_MOST,
        runs: RUNS_AT_MOST,
    };
    all.make(&chars)
}

/// How much of each may still come.
#[derive(Clone, Copy)]
struct Rest {
    words: usize,
    digits: usize,
    runs: usize,
}

impl Rest {
    /// Whether these characters can be made of it, and of one word at least all in all.
    fn make(self, chars: &[char]) -> bool {
        if chars.is_empty() {
            return self.words < WORDS_AT_MOST;
        }
        self.make_with_a_word(chars) || self.make_with_a_run(chars)
    }

    fn make_with_a_word(self, chars: &[char]) -> bool {
        let Some(words) = self.words.checked_sub(1) else {
            return false;
        };
        let rest = Rest { words, ..self };
        let mut begins = WORDS.iter().filter(|it| begins_with(chars, it));
        begins.any(|word| rest.make(&chars[word.len()..]))
    }

    fn make_with_a_run(self, chars: &[char]) -> bool {
        let first = chars[0];
        let is_digit = first.is_numeric();
        let same = |it: &&char| **it == first || (is_digit && it.is_numeric());
        let run = chars.iter().take_while(same).count();
        let digits = if is_digit { run } else { 0 };
        let runs = self.runs.checked_sub(1);
        let (Some(runs), Some(digits)) = (runs, self.digits.checked_sub(digits)) else {
            return false;
        };
        let rest = Rest {
            runs,
            digits,
            ..self
        };
        !first.is_alphabetic() && rest.make(&chars[run..])
    }
}

fn begins_with(chars: &[char], word: &str) -> bool {
    let mut chars = chars.iter();
    word.chars()
        .all(|letter| chars.next().is_some_and(|it| looks_like(*it, letter)))
}

fn looks_like(char: char, letter: char) -> bool {
    let others = match letter {
        'a' => "4@",
        'b' => "8",
        'e' => "3",
        'g' => "9",
        'i' => "1!|",
        'l' => "1|",
        'o' => "0",
        's' => "5$",
        't' => "7+",
        'z' => "2",
        _ => "",
    };
    char == letter || others.contains(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictable_and_not() {
        #[rustfmt::skip]
        let refused = [
            "collect1", "c0llect!", "c0ll3c71", "collect-2026", "collectcollect", "!collect2026!",
            "winter2026", "w1nter26", "summer2024!", "$ummer2024", "may01012026!", "2026-summer!!!",
            "october.2026", "monday12", "passw0rd!", "p@$$w0rd123", "welcome2026", "admin-1234",
            "csv-import", "csvimport1", "testuser1", "team 2026 !", "import", "qwerty_abc",
        ];
        for password in refused {
            assert!(is_predictable(password), "{password}");
        }
        #[rustfmt::skip]
        let fine = [
            "12ab34cd", "correct horse", "collected1", "collecting stamps", "winterthur8", "sommer2024",
            "may#4!9$2@7", "winter815024739", "2026", "--------", "summer winter autumn", "x-winter2026",
            "teamwork makes", "wintersun26", "marchhare1", "maybelline7", "testament", "loveliest", "",
        ];
        for password in fine {
            assert!(!is_predictable(password), "{password}");
        }
    }

    /// Long input ends soon: what may come between words is bounded.
    #[test]
    fn much_of_a_predictable_password_is_none() {
        for many in ["1", "!", "a", "collect", "!1"] {
            assert!(!is_predictable(&many.repeat(10_000)), "{many}");
        }
    }

    #[test]
    fn words_are_plain_and_on_the_page() {
        let page = include_str!("../../../../docs/security.md");
        for word in WORDS {
            assert!(word.bytes().all(|it| it.is_ascii_lowercase()), "{word}");
            assert!(page.contains(&format!("`{word}`")), "{word}");
        }
    }
}
