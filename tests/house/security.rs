//! The page on security: each requirement is judged once, what is met has its test, and times,
//! secrets and packages are those of the code.

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::Path;

use domain::limits::*;

use super::root;

/// The chapters: each section, with its last requirement of level 1 or 2. Those of level 3 come after
/// them.
#[rustfmt::skip]
const SECTIONS: [(&str, u32); 80] = [
    ("1.1", 2), ("1.2", 9), ("1.3", 11), ("1.4", 3), ("1.5", 2),
    ("2.1", 3), ("2.2", 3), ("2.3", 4), ("2.4", 1),
    ("3.1", 0), ("3.2", 2), ("3.3", 4), ("3.4", 6), ("3.5", 5), ("3.6", 0), ("3.7", 2),
    ("4.1", 3), ("4.2", 1), ("4.3", 2), ("4.4", 4),
    ("5.1", 1), ("5.2", 3), ("5.3", 2), ("5.4", 3),
    ("6.1", 3), ("6.2", 12), ("6.3", 4), ("6.4", 4), ("6.5", 5), ("6.6", 3), ("6.7", 0), ("6.8", 4),
    ("7.1", 3), ("7.2", 4), ("7.3", 2), ("7.4", 5), ("7.5", 2), ("7.6", 2),
    ("8.1", 2), ("8.2", 3), ("8.3", 1), ("8.4", 1),
    ("9.1", 3), ("9.2", 4),
    ("10.1", 2), ("10.2", 2), ("10.3", 4), ("10.4", 11), ("10.5", 5), ("10.6", 2), ("10.7", 3),
    ("11.1", 2), ("11.2", 3), ("11.3", 3), ("11.4", 4), ("11.5", 1), ("11.6", 1), ("11.7", 0),
    ("12.1", 3), ("12.2", 2), ("12.3", 4),
    ("13.1", 1), ("13.2", 5), ("13.3", 2), ("13.4", 5),
    ("14.1", 2), ("14.2", 4), ("14.3", 3),
    ("15.1", 3), ("15.2", 3), ("15.3", 7), ("15.4", 0),
    ("16.1", 1), ("16.2", 5), ("16.3", 4), ("16.4", 3), ("16.5", 3),
    ("17.1", 1), ("17.2", 4), ("17.3", 2),
];

/// Packages that compute cryptography, as far as any are known by name. One that is locked is on the
/// page.
#[rustfmt::skip]
const CRYPTOGRAPHY: [&str; 38] = [
    "aead", "aes", "aes-gcm", "argon2", "aws-lc-rs", "bcrypt", "blake2", "blake3", "chacha20",
    "chacha20poly1305", "curve25519-dalek", "dsa", "ecdsa", "ed25519", "ed25519-dalek", "getrandom",
    "hkdf", "hmac", "jsonwebtoken", "k256", "md-5", "md5", "native-tls", "openssl", "p256", "p384",
    "pbkdf2", "poly1305", "postgres-protocol", "rand", "ring", "rsa", "rustls", "scrypt", "sha1",
    "sha2", "sha3", "x25519-dalek",
];

/// A row of a table of requirements.
struct Row {
    number: String,
    state: String,
    why: String,
    tests: Vec<String>,
}

fn page() -> String {
    read_to_string(root().join("docs/security.md")).unwrap()
}

fn rows() -> Vec<Row> {
    let page = page();
    let cells = page.lines().filter_map(|line| {
        let line = line.strip_prefix("| ")?.strip_suffix('|')?;
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        is_requirement(cells[0]).then_some(cells)
    });
    let rows = cells.map(|cells| {
        let [number, _, state, why, tests] = cells[..] else {
            panic!("{cells:?} are not five cells");
        };
        Row {
            number: number.to_owned(),
            state: state.to_owned(),
            why: why.to_owned(),
            tests: tests
                .split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect(),
        }
    });
    rows.collect()
}

/// `6.2.5`, several that are judged together (`1.2.6–8`), or `API4`.
fn is_requirement(cell: &str) -> bool {
    let is_number = |it: char| it.is_ascii_digit() || it == '.' || it == '–';
    match cell.strip_prefix("API") {
        Some(rest) => !rest.is_empty() && rest.chars().all(|it| it.is_ascii_digit()),
        None => cell.contains('.') && cell.chars().all(is_number),
    }
}

/// Each requirement that a row judges.
fn numbers(row: &Row) -> Vec<String> {
    let Some((first, last)) = row.number.split_once('–') else {
        return vec![row.number.clone()];
    };
    let (section, first) = first.rsplit_once('.').unwrap();
    let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
    assert!(first < last, "{}", row.number);
    (first..=last).map(|it| format!("{section}.{it}")).collect()
}

#[test]
fn each_requirement_is_judged_once() {
    let numbers = SECTIONS.iter().flat_map(|(section, last)| {
        let numbers = 1..=*last;
        numbers.map(move |it| format!("{section}.{it}"))
    });
    let ten = (1..=10).map(|it| format!("API{it}"));
    let mut expected: Vec<String> = numbers.chain(ten).collect();
    let mut found: Vec<String> = rows().iter().flat_map(self::numbers).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_is_met_has_its_test_and_what_is_not_its_reason() {
    let sources = Sources::read();
    for row in rows() {
        let number = &row.number;
        match row.state.as_str() {
            "met" => assert!(!row.tests.is_empty(), "{number} has no test"),
            "not met" | "not applicable" => {
                assert!(row.why.len() > 15, "{number} has no reason");
            }
            other => panic!("{number}: {other}"),
        }
        for test in &row.tests {
            assert!(sources.have(test), "{number}: no test is named {test}");
        }
    }
}

/// Every file of Rust there is, and of the tests in a browser.
struct Sources(Vec<String>);

impl Sources {
    fn read() -> Self {
        let mut found = Vec::new();
        for folder in ["functions", "shared", "infra", "tests"] {
            collect(&root().join(folder), &mut found);
        }
        Self(found)
    }

    /// Whether a function of this name is a test: the word stands above it, and in a browser before
    /// it.
    fn have(&self, test: &str) -> bool {
        let name = format!("fn {test}()");
        let in_browser = format!("\ntest('{test}', ");
        self.0.iter().any(|source| {
            source.contains(&in_browser)
                || source.split_once(&name).is_some_and(|(before, _)| {
                    let paragraph = before.rsplit("\n\n").next().unwrap_or_default();
                    paragraph.contains("test]")
                })
        })
    }
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in folder.read_dir().unwrap().map(|it| it.unwrap().path()) {
        if entry.ends_with("node_modules") {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, found);
        } else if entry
            .extension()
            .is_some_and(|it| it == "rs" || it == "mjs")
        {
            found.push(read_to_string(&entry).unwrap());
        }
    }
}

#[test]
fn lifetimes_are_those_of_the_code() {
    let minutes = |seconds: i64| format!("{} minutes", seconds / 60);
    let hours = |seconds: i64| format!("{} hours", seconds / 3600);
    let hours_and_minutes =
        |minutes: i64| format!("{} hours and {} minutes", minutes / 60, minutes % 60);
    let days = |seconds: i64| format!("{} days", seconds / 86_400);
    let link = LINK_VALID_FOR.as_secs() as i64;
    let original = "original and rejected rows of an import that ended without being completed";
    let lifetimes = [
        ("access token", minutes(ACCESS_TOKEN_VALID_FOR.as_secs())),
        ("refresh token", hours(REFRESH_TOKEN_VALID_FOR.as_secs())),
        (
            "session whose tokens are exchanged",
            days(FAMILY_AT_MOST.as_secs()),
        ),
        (
            "refresh token that was exchanged, again",
            format!("{} seconds", REFRESHED_AGAIN_WITHIN.as_secs()),
        ),
        (
            "API key",
            format!(
                "{} days unless it is said, {} at most",
                API_KEY_DAYS_USUALLY, API_KEY_DAYS_AT_MOST
            ),
        ),
        (
            "signing key that signs no more",
            hours_and_minutes(OLD_SIGNING_KEY_KEPT_FOR.as_mins()),
        ),
        ("upload URL", minutes(link)),
        ("link to a file", minutes(link)),
        (
            "import that waits for its file",
            hours(UPLOAD_WITHIN.as_secs()),
        ),
        (
            "export that waits for its confirmation",
            hours(CONFIRM_WITHIN.as_secs()),
        ),
        (original, days(ORIGINAL_KEPT_FOR.as_secs())),
        (
            "what was done with an account",
            format!("{} days (`AuditDays`)", default("AuditDays")),
        ),
        (
            "tries of passwords that are counted",
            format!("{} hour", TRIES_FORGOTTEN_AFTER.as_hours()),
        ),
        (
            "pause between tries",
            minutes(PAUSE_BETWEEN_TRIES_AT_MOST.as_secs()),
        ),
        (
            "addresses that a user signed in from",
            format!("the last {ADDRESSES_REMEMBERED}"),
        ),
        (
            "report of a deleted account",
            format!(
                "{}, and as long from when everything was gone",
                days(REPORT_KEPT_FOR.as_secs())
            ),
        ),
    ];
    let page = page();
    for (what, how_long) in lifetimes {
        let row = format!("| {what} | {how_long} |");
        assert!(page.contains(&row), "{row}");
    }
}

/// Of a parameter of the template, as it is written there.
fn default(parameter: &str) -> String {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let declared = template.split(&format!("\n  {parameter}:")).nth(1).unwrap();
    let value = declared.split("Default: ").nth(1).unwrap();
    value.split(',').next().unwrap().to_owned()
}

/// Each row of what is counted names its parameter, and says its default.
#[test]
fn limits_are_those_of_the_template() {
    let page = page();
    for parameter in [
        "FailedSignInsOfUserFromAddress",
        "FailedSignInsFromAddress",
        "FailedSignInsOfUser",
        "SignUpsFromAddress",
    ] {
        let default = default(parameter);
        let row = format!("| {default} | `{parameter}` |");
        assert!(page.contains(&row), "{row}");
    }
    for parameter in [
        "RequestsPerSecond",
        "RequestsAtOnce",
        "SignInsPerSecond",
        "SignInsAtOnce",
    ] {
        let default = default(parameter);
        let said = [
            format!("`{parameter}` ({default}"),
            format!("`{parameter}`, {default}"),
        ];
        assert!(
            said.iter().any(|it| page.contains(it)),
            "{parameter}: {default}"
        );
    }
}

/// Those that the stack makes, and those that it is told of.
#[test]
fn every_secret_is_in_the_inventory() {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let lines: Vec<&str> = template.lines().collect();
    let made = lines
        .windows(2)
        .filter(|it| it[1].trim() == "Type: AWS::SecretsManager::Secret")
        .map(|it| it[0]);
    let told = lines.iter().filter(|it| it.starts_with("  "));
    let told = told.filter(|it| it.contains("SecretArn:") && !it.starts_with("   "));
    let secrets: BTreeSet<&str> = made
        .chain(told.copied())
        .filter_map(|it| it.trim().split(':').next())
        .collect();
    assert!(secrets.len() >= 5, "{secrets:?}");
    let page = page();
    for secret in secrets {
        assert!(page.contains(&format!("`{secret}`")), "{secret}");
    }
}

#[test]
fn every_package_of_cryptography_is_in_the_inventory() {
    let lock = read_to_string(root().join("Cargo.lock")).unwrap();
    let locked = |name: &&&str| lock.contains(&format!("name = \"{name}\"\n"));
    let locked: Vec<&&str> = CRYPTOGRAPHY.iter().filter(locked).collect();
    assert!(locked.len() >= 10, "{locked:?}");
    let page = page();
    for name in locked {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}
